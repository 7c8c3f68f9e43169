import TestSupport
import Testing
import WaterfallCore
import WaterfallPlanning

@Suite struct BenchStatisticsTests {
  static func outline(_ count: Int) -> RunOutline {
    RunOutline(
      columns: (0..<count).map { index in
        .init(
          name: "c\(index)", field: .workEmail,
          steps: [
            .init(
              step: 0, role: .finder, provider: ProviderID("p\(index)"), keySource: .managed,
              price: Credits(1))
          ])
      })
  }

  static func record(
    _ row: Int64, _ column: Int, _ kind: AttemptRecord.Kind, accepted: Bool = false,
    role: AttemptID.Role = .finder
  ) -> AttemptRecord {
    AttemptRecord(
      id: AttemptID(
        cell: CellID(run: RunID(1), row: row, column: Int32(column)), step: 0, role: role),
      provider: ProviderID("p\(column)"), kind: kind, isAccepted: accepted)
  }

  @Test func countsWhoAloneHadIt() {
    var statistics = BenchStatistics(Self.outline(3))
    statistics.addRow([
      Self.record(1, 0, .asked(.hit("x")), accepted: true), Self.record(1, 1, .asked(.hit("y"))),
      Self.record(1, 2, .asked(.miss)),
    ])
    statistics.addRow([Self.record(2, 1, .asked(.hit("z"))), Self.record(2, 0, .asked(.unknown))])
    statistics.addRow([Self.record(3, 0, .asked(.failure(.quota)))])
    let result = statistics.result
    #expect((result.rows, result.rowsWithHit, result.rowsWithValid) == (3, 2, 1))
    #expect(result.contenders.map(\.uniqueHits) == [0, 1, 0])
    #expect(result.contenders.map(\.uniqueValid) == [1, 0, 0])
    #expect(result.contenders.map(\.provider) == ["p0", "p1", "p2"].map { ProviderID($0) })
    #expect(
      result.overlaps == [
        .init(first: 0, second: 1, hits: 1, valid: 0),
        .init(first: 0, second: 2, hits: 0, valid: 0),
        .init(first: 1, second: 2, hits: 0, valid: 0),
      ])
    #expect(result.contenders[0].hitRate?.estimate == 1.0 / 3)
    #expect(result.contenders[2].validRate == nil)
  }

  @Test func sharedAnswersCountForRowsAndNotForRates() {
    var statistics = BenchStatistics(Self.outline(1))
    let first = Self.record(1, 0, .asked(.hit("x")), accepted: true)
    statistics.addRow([first])
    statistics.addRow([Self.record(2, 0, .shared(.hit("x"), with: first.id), accepted: true)])
    let contender = statistics.result.contenders[0]
    #expect((contender.rowsWithHit, contender.uniqueValid) == (2, 2))
    #expect(contender.hitRate == WilsonInterval.of(1, among: 1))
  }

  @Test func verifiersStrangersAndSkipsAreNoHits() {
    var statistics = BenchStatistics(Self.outline(1))
    statistics.addRow([
      Self.record(1, 0, .asked(.hit("valid")), role: .verifier),
      Self.record(1, 0, .skipped(.missingInput)), Self.record(1, 7, .asked(.hit("x"))),
    ])
    #expect(statistics.result.rows == 0, "nobody was asked about it")
    #expect(statistics.result.rowsWithHit == 0)
    #expect(statistics.result.contenders[0].hitRate == nil)
  }

  /// Of two, whatever was shared: what each had is what it alone had and what both had.
  @Test(arguments: [4, 5] as [UInt64]) func rowsAddUp(seed: UInt64) {
    var random = SplitMix64(state: seed)
    var statistics = BenchStatistics(Self.outline(2))
    for row in 1...300 {
      statistics.addRow((0..<2).compactMap { Self.randomRecord(Int64(row), $0, &random) })
    }
    let result = statistics.result
    let both = result.overlaps[0]
    let unique = result.contenders.map(\.uniqueHits)
    let uniqueValid = result.contenders.map(\.uniqueValid)
    #expect(result.contenders.map(\.rowsWithHit) == unique.map { $0 + both.hits }, "seed \(seed)")
    #expect(
      result.contenders.map(\.rowsWithValid) == uniqueValid.map { $0 + both.valid }, "seed \(seed)")
    #expect(result.rowsWithHit == unique[0] + unique[1] + both.hits, "seed \(seed)")
    #expect(result.rowsWithValid == uniqueValid[0] + uniqueValid[1] + both.valid, "seed \(seed)")
    #expect(result.rows >= result.rowsWithHit && result.rows < 300, "seed \(seed)")
  }

  @Test func moneyIsKnownWhereAHitToldIt() {
    func hit(_ column: Int, _ money: Money?) -> AttemptRecord {
      AttemptRecord(
        id: Self.record(1, column, .asked(.miss)).id, provider: ProviderID("p\(column)"),
        kind: .asked(.hit("x")), isAccepted: true, money: money)
    }
    var (one, other) = (BenchStatistics(Self.outline(2)), BenchStatistics(Self.outline(2)))
    one.addRow([hit(0, Money(nano: 7)), hit(1, nil)])
    other.addRow([Self.record(2, 0, .asked(.miss)), hit(1, nil)])
    other.merge(one)
    #expect(other.result.contenders.map(\.knowsMoney) == [true, false])
  }

  @Test func nothingAtAll() {
    let result = BenchStatistics(Self.outline(0)).result
    #expect(result.rows == 0 && result.contenders.isEmpty && result.overlaps.isEmpty)
  }

  /// 70 providers need more than one word of bits.
  @Test(arguments: [(1, 5), (2, 70), (3, 2)] as [(UInt64, Int)])
  func agreesWithBruteForce(seed: UInt64, providers: Int) {
    var random = SplitMix64(state: seed)
    let rows = (1...200).map { row in
      (0..<providers).compactMap { column in
        Self.randomRecord(Int64(row), column, &random)
      }.shuffled(using: &random)
    }
    var (whole, left, right) = (
      BenchStatistics(Self.outline(providers)), BenchStatistics(Self.outline(providers)),
      BenchStatistics(Self.outline(providers))
    )
    for (index, row) in rows.enumerated() {
      whole.addRow(row)
      if index < 77 { left.addRow(row) } else { right.addRow(row) }
    }
    left.merge(right)
    let expected = Self.bruteForce(rows, providers)
    #expect(whole.result == expected, "seed \(seed), \(providers) providers")
    #expect(left.result == expected, "merged, seed \(seed), \(providers) providers")
  }

  private static func randomRecord(
    _ row: Int64, _ column: Int, _ random: inout SplitMix64
  ) -> AttemptRecord? {
    let origin = AttemptID(
      cell: CellID(run: RunID(1), row: 1, column: 0), step: 0, role: .finder)
    switch random.next() % 7 {
    case 0: return nil
    case 1: return record(row, column, .asked(.hit("x")), accepted: true)
    case 2: return record(row, column, .asked(.hit("x")))
    case 3: return record(row, column, .asked(.miss))
    case 4: return record(row, column, .shared(.hit("x"), with: origin), accepted: true)
    case 5: return record(row, column, .asked(.failure(.quota)))
    default: return record(row, column, .skipped(.missingInput))
    }
  }

  /// The same, said with sets of rows.
  private static func bruteForce(_ rows: [[AttemptRecord]], _ providers: Int) -> BenchResult {
    let all = rows.flatMap { $0 }
    func rowSet(_ column: Int, _ isIn: (AttemptRecord) -> Bool) -> Set<Int64> {
      Set(all.filter { Int($0.id.cell.column) == column && isIn($0) }.map(\.id.cell.row))
    }
    let hits = (0..<providers).map { rowSet($0) { $0.value != nil } }
    let valid = (0..<providers).map { rowSet($0) { $0.isAccepted } }
    func unique(_ sets: [Set<Int64>], _ index: Int) -> Int64 {
      var alone = sets[index]
      for (other, set) in sets.enumerated() where other != index { alone.subtract(set) }
      return Int64(alone.count)
    }
    let contenders = (0..<providers).map { column in
      let asked = all.filter {
        if case .asked = $0.kind { Int($0.id.cell.column) == column } else { false }
      }
      let found = Int64(asked.count { $0.value != nil })
      return BenchResult.Contender(
        column: Int32(column), provider: ProviderID("p\(column)"),
        rowsWithHit: Int64(hits[column].count), rowsWithValid: Int64(valid[column].count),
        uniqueHits: unique(hits, column), uniqueValid: unique(valid, column),
        hitRate: WilsonInterval.of(found, among: Int64(asked.count)),
        validRate: WilsonInterval.of(Int64(asked.count { $0.isAccepted }), among: found))
    }
    var overlaps: [BenchResult.Overlap] = []
    for first in 0..<providers {
      for second in first + 1..<max(providers, first + 1) {
        overlaps.append(
          .init(
            first: first, second: second,
            hits: Int64(hits[first].intersection(hits[second]).count),
            valid: Int64(valid[first].intersection(valid[second]).count)))
      }
    }
    return BenchResult(
      rows: Int64(rows.count { $0.contains { $0.outcome != nil } }),
      rowsWithHit: Int64(Set(hits.joined()).count),
      rowsWithValid: Int64(Set(valid.joined()).count), contenders: contenders, overlaps: overlaps)
  }
}
