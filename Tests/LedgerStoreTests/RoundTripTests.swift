import LedgerStore
import Testing
import WaterfallCore
import WaterfallLedger

/// What was committed is what is read, exactly.
@Suite struct RoundTripTests {
  @Test(arguments: 0..<20 as Range<UInt64>, [false, true])
  func randomBatchesComeBackExactly(seed: UInt64, isSlow: Bool) throws {
    let workspace = try SampleWorkspace()
    let (run, sample) = try workspace.fill(seed: seed, isSlow: isSlow)
    let store = try workspace.open(create: false)
    let order = sample.records.sorted { Self.key($0.id).lexicographicallyPrecedes(Self.key($1.id)) }
    #expect(try store.attempts(of: run.id, rows: 1...1_000) == order, "seed \(seed)")
    for record in order.prefix(20) { #expect(try store.attempt(record.id) == record) }
    #expect(try store.lots() == sample.book.lots, "seed \(seed)")
    #expect(try store.openHolds(of: run.id).isEmpty != isSlow)
    #expect(try store.nextSequence == sample.book.nextSequence)
    var history: [Entry] = []
    try store.forEachHistoryLine { history.append($0.entry) }
    #expect(Array(history.dropFirst(2)) == sample.entries, "seed \(seed)")
    let info = try #require(try store.runInfo(run.id))
    #expect(TallyText(info.tallies) == TallyText(sample.tallies), "seed \(seed)")
  }

  static func key(_ id: AttemptID) -> [Int64] {
    [
      id.cell.run.rawValue, id.cell.row, Int64(id.cell.column), Int64(id.cell.generation),
      Int64(id.step), Int64(id.role.rawValue),
    ]
  }
}

/// Tallies as sorted lines, to compare and to read.
struct TallyText: Equatable, CustomStringConvertible {
  let lines: [String]
  var description: String { lines.joined(separator: "\n") }

  init(_ tallies: RunTallies) {
    lines = tallies.columns.flatMap { column, tally in
      ["\(column): \(tally.filled) \(tally.empty) \(tally.failed) \(Self.words(tally.skipped))"]
        + tally.providers.map { key, provider in
          "\(column) \(key.provider) \(key.role) \(key.keySource): \(Self.words(provider))"
        }
    }.sorted()
  }

  private static func words(_ counts: [SkipReason: Int64]) -> String {
    "\(counts.map { "\($0.key) \($0.value)" }.sorted())"
  }

  private static func words(_ tally: ProviderTally) -> String {
    """
    \(tally.attempts) \(tally.hits) \(tally.valid) \(tally.invalid) \(tally.misses) \
    \(tally.unknown) \(tally.cached) \(tally.charged) \(tally.refunded) \(tally.saved) \
    \(tally.overrun) \(tally.money) \(words(tally.skipped)) \
    \(tally.failures.map { "\($0.key) \($0.value)" }.sorted()) \(tally.latency.buckets) \
    \(tally.judgements.map { "\($0.key) \($0.value)" }.sorted())
    """
  }
}
