/// What one provider did for one column with one kind of key.
public struct ProviderTally: Sendable {
  /// Times the provider was asked.
  public var attempts: Int64 = 0
  public var hits: Int64 = 0
  /// Accepted hits; for a verifier, values that it judged valid.
  public var valid: Int64 = 0
  /// Rejected hits; for a verifier, values that it did not judge valid.
  public var invalid: Int64 = 0
  /// The hits by their judgement. A hit without a verdict counts as one that nobody could judge.
  public var judgements: [Judgement: Int64] = [:]
  public var misses: Int64 = 0
  public var failures: [FailureReason: Int64] = [:]
  public var unknown: Int64 = 0
  /// Answered by an earlier attempt with the same question; asked and charged nothing.
  public var cached: Int64 = 0
  /// Steps passed over, by reason.
  public var skipped: [SkipReason: Int64] = [:]
  public var charged = Credits.zero
  public var refunded = Credits.zero
  public var saved = Credits.zero
  public var overrun = Credits.zero
  public var money = Money.zero
  public var latency = LatencyHistogram()

  public init() {}

  public var net: Credits { charged - refunded }

  /// Counts one attempt. O(1).
  public mutating func add(_ record: AttemptRecord) {
    switch record.kind {
    case .skipped(let reason):
      skipped[reason, default: 0] += 1
      return
    case .shared:
      cached += 1
      return
    case .asked(let outcome):
      count(outcome, of: record)
    }
    attempts += 1
    charged += record.captured
    refunded += record.refunded
    saved += record.saved
    overrun += record.overrun
    if let spent = record.money { money = Money(nano: money.nano + spent.nano) }
    latency.record(microseconds: record.latency)
  }

  private mutating func count(_ outcome: Outcome, of record: AttemptRecord) {
    switch outcome {
    case .miss: misses += 1
    case .failure(let reason): failures[reason, default: 0] += 1
    case .unknown: unknown += 1
    case .hit:
      hits += 1
      let isValid =
        record.id.role == .finder ? record.isAccepted : record.verdict?.kind == .valid
      if isValid { valid += 1 } else { invalid += 1 }
      judgements[Judgement(record), default: 0] += 1
    }
  }

  public mutating func merge(_ other: ProviderTally) {
    attempts += other.attempts
    hits += other.hits
    valid += other.valid
    invalid += other.invalid
    judgements.merge(other.judgements, uniquingKeysWith: +)
    misses += other.misses
    failures.merge(other.failures, uniquingKeysWith: +)
    unknown += other.unknown
    cached += other.cached
    skipped.merge(other.skipped, uniquingKeysWith: +)
    charged += other.charged
    refunded += other.refunded
    saved += other.saved
    overrun += other.overrun
    money = Money(nano: money.nano + other.money.nano)
    latency.merge(other.latency)
  }
}

/// What was said of a hit, and whether it was accepted.
public struct Judgement: Hashable, Sendable {
  public let verdict: Verdict
  /// Always false for a verifier's hit, which fills no cell.
  public let isAccepted: Bool

  public init(_ verdict: Verdict, isAccepted: Bool) {
    self.verdict = verdict
    self.isAccepted = isAccepted
  }

  init(_ record: AttemptRecord) {
    self.init(
      record.verdict ?? Verdict(.unverified, .undetermined), isAccepted: record.isAccepted)
  }
}

extension ProviderTally {
  /// Hits with a verdict of this kind; for a verifier, how often it said so.
  public func verdicts(_ kind: Verdict.Kind) -> Int64 {
    judgements.reduce(0) { $0 + ($1.key.verdict.kind == kind ? $1.value : 0) }
  }

  /// Rejected hits by their verdict, in the order in which kinds and reasons are declared.
  public var rejections: [(verdict: Verdict, count: Int64)] {
    let reasons: [Verdict.Reason?] = [nil] + Verdict.Reason.allCases
    return Verdict.Kind.allCases.flatMap { kind in
      reasons.compactMap { reason in
        let verdict = Verdict(kind, reason)
        return judgements[Judgement(verdict, isAccepted: false)].map { (verdict, $0) }
      }
    }
  }
}

/// How the cells of one column ended, and what each provider did for them.
public struct ColumnTally: Sendable {
  public var filled: Int64 = 0
  public var empty: Int64 = 0
  public var failed: Int64 = 0
  /// Cells that nobody was asked about, by reason.
  public var skipped: [SkipReason: Int64] = [:]
  public var providers: [ProviderKey: ProviderTally] = [:]

  /// A provider in its role, with one kind of key.
  public struct ProviderKey: Hashable, Sendable {
    public let provider: ProviderID
    public let role: AttemptID.Role
    public let keySource: KeySource

    public init(provider: ProviderID, role: AttemptID.Role, keySource: KeySource) {
      self.provider = provider
      self.role = role
      self.keySource = keySource
    }
  }

  public init() {}

  /// Cells that have ended.
  public var cells: Int64 { filled + empty + failed + skipped.values.reduce(0, +) }

  public mutating func merge(_ other: ColumnTally) {
    filled += other.filled
    empty += other.empty
    failed += other.failed
    skipped.merge(other.skipped, uniquingKeysWith: +)
    for (key, tally) in other.providers { providers[key, default: ProviderTally()].merge(tally) }
  }
}

/// The tallies of a run's columns, by position.
public struct RunTallies: Sendable {
  public var columns: [Int32: ColumnTally] = [:]

  public init() {}

  /// Whether anything was passed over because a row lacked an input.
  public var lacksInputs: Bool {
    columns.values.contains { column in
      column.skipped[.missingInput] != nil
        || column.providers.values.contains { $0.skipped[.missingInput] != nil }
    }
  }

  /// Whether somebody was asked and nobody answered: no attempt ended with a value or without one,
  /// and no answer was shared.
  public var isUnanswered: Bool {
    let providers = columns.values.flatMap(\.providers.values)
    return providers.contains { $0.attempts > 0 }
      && providers.allSatisfy { $0.hits == 0 && $0.misses == 0 && $0.cached == 0 }
  }

  public mutating func add(_ record: AttemptRecord) {
    let key = ColumnTally.ProviderKey(
      provider: record.provider, role: record.id.role, keySource: record.keySource)
    columns[record.id.cell.column, default: ColumnTally()]
      .providers[key, default: ProviderTally()].add(record)
  }

  /// Counts a cell that ended filled, empty or failed.
  public mutating func addCell(column: Int32, state: CellState) {
    switch state {
    case .filled: columns[column, default: ColumnTally()].filled += 1
    case .empty: columns[column, default: ColumnTally()].empty += 1
    case .failed: columns[column, default: ColumnTally()].failed += 1
    case .pending, .running, .skipped:
      preconditionFailure("a cell that has not ended, or was skipped")
    }
  }

  public mutating func add(_ skip: SkipRange) {
    columns[skip.column, default: ColumnTally()].skipped[skip.reason, default: 0] += skip.count
  }

  public mutating func merge(_ other: RunTallies) {
    for (column, tally) in other.columns {
      columns[column, default: ColumnTally()].merge(tally)
    }
  }
}
