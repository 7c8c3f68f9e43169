import WaterfallCore

/// What adds up over providers and over columns, wide enough that no sum overflows.
struct Sums {
  var attempts: Int64 = 0
  var ownKeyAttempts: Int64 = 0
  var cached: Int64 = 0
  var charged: Int128 = 0
  var refunded: Int128 = 0
  var saved: Int128 = 0
  var overrun: Int128 = 0
  /// Nano-dollars.
  var money: Int128 = 0

  var net: Int128 { charged - refunded }

  mutating func add(_ tally: ProviderTally, keySource: KeySource) {
    attempts += tally.attempts
    if keySource == .own { ownKeyAttempts += tally.attempts }
    cached += tally.cached
    charged += Int128(tally.charged.micro)
    refunded += Int128(tally.refunded.micro)
    saved += Int128(tally.saved.micro)
    overrun += Int128(tally.overrun.micro)
    money += Int128(tally.money.nano)
  }

  mutating func add(_ other: Sums) {
    attempts += other.attempts
    ownKeyAttempts += other.ownKeyAttempts
    cached += other.cached
    charged += other.charged
    refunded += other.refunded
    saved += other.saved
    overrun += other.overrun
    money += other.money
  }
}

/// How cells ended.
struct CellCounts {
  var filled: Int64 = 0
  var empty: Int64 = 0
  var failed: Int64 = 0
  var skipped: [SkipReason: Int64] = [:]

  init() {}

  init(_ tally: ColumnTally) {
    filled = tally.filled
    empty = tally.empty
    failed = tally.failed
    skipped = tally.skipped
  }

  var skippedCount: Int64 { skipped.values.reduce(0, +) }
  /// Cells that were not skipped: what coverage is measured against.
  var eligible: Int64 { filled + empty + failed }
  var cells: Int64 { eligible + skippedCount }
  var coverage: ExactDecimal? { ExactDecimal.rate(filled, of: eligible) }

  mutating func add(_ other: CellCounts) {
    filled += other.filled
    empty += other.empty
    failed += other.failed
    skipped.merge(other.skipped, uniquingKeysWith: +)
  }
}
