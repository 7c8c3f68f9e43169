import Testing
import WaterfallCore
import WaterfallReports

/// How a benchmark's providers are ordered, and what is said of the best.
@Suite struct BenchReportTests {
  struct Contender {
    let name: String
    var attempts: Int64 = 100
    var hits: Int64 = 50
    var valid: Int64
    var net: Int64
    var knowsMoney = true
  }

  static func report(
    _ contenders: [Contender], overlaps: [BenchResult.Overlap] = []
  ) throws -> BenchReport {
    let outline = RunOutline(
      columns: try contenders.map {
        .init(name: $0.name, field: .workEmail, steps: [try Fixtures.step(0, $0.name, "2")])
      })
    var tallies = RunTallies()
    for (column, contender) in contenders.enumerated() {
      var tally = ProviderTally()
      tally.attempts = contender.attempts
      tally.hits = contender.hits
      tally.valid = contender.valid
      tally.charged = Credits(contender.net)
      tally.money = Money(nano: 10_000_000 * contender.hits)
      let key = ColumnTally.ProviderKey(
        provider: ProviderID(contender.name), role: .finder, keySource: .managed)
      tallies.columns[Int32(column), default: ColumnTally()].providers[key] = tally
    }
    let result = BenchResult(
      rows: 100, rowsWithHit: 80, rowsWithValid: 70,
      contenders: contenders.enumerated().map { index, contender in
        BenchResult.Contender(
          column: Int32(index), provider: ProviderID(contender.name), rowsWithHit: contender.hits,
          rowsWithValid: contender.valid, uniqueHits: 0, uniqueValid: 0, hitRate: nil,
          validRate: nil, knowsMoney: contender.knowsMoney)
      }, overlaps: overlaps)
    let run = try Fixtures.run(outline: outline, command: .bench)
    return BenchReport(RunInfo(run: run, tallies: tallies), result)
  }

  /// The first words of the lines of the first table.
  static func order(_ report: BenchReport) -> [String] {
    let lines = report.text.split(separator: "\n", omittingEmptySubsequences: false)
    let start = lines.firstIndex { $0.hasPrefix("provider") } ?? 0
    return lines[(start + 1)...].prefix { !$0.isEmpty }.map {
      String($0.prefix { $0 != " " })
    }
  }

  static func verdict(_ report: BenchReport) -> String? {
    report.text.split(separator: "\n").first { $0.hasPrefix("Of these") || $0.hasPrefix("Nobody") }
      .map(String.init)
  }

  @Test func theBestComeFirst() throws {
    let report = try Self.report([
      Contender(name: "nothing", hits: 3, valid: 0, net: 6),
      Contender(name: "dear", valid: 45, net: 90), Contender(name: "cheap", valid: 30, net: 30),
      Contender(name: "careful", hits: 30, valid: 30, net: 30),
    ])
    #expect(Self.order(report) == ["careful", "cheap", "dear", "nothing"])
    #expect(
      Self.verdict(report)
        == "Of these, dear returned most valid values (45); careful and cheap cost least per "
        + "valid value (1 credit).")
    let json = report.json.text()
    let names = json.matches(of: /"provider": "([a-z]+)"/).map { String($0.1) }
    #expect(names == ["careful", "cheap", "dear", "nothing"])
  }

  @Test func manyWinnersAreCounted() throws {
    let four = ["a", "b", "c", "d"].map { Contender(name: $0, valid: 10, net: 20) }
    #expect(
      Self.verdict(try Self.report(four))
        == "Of these, 4 of them returned most valid values (10); 4 of them cost least per valid "
        + "value (2 credits).")
    #expect(
      Self.verdict(try Self.report(four.map { Contender(name: $0.name, valid: 0, net: 0) }))
        == "Nobody returned a valid value.")
    #expect(Self.verdict(try Self.report([four[0]])) == nil, "there is nothing to compare")
  }

  @Test func dollarsAreShownWhereTheyAreKnown() throws {
    let report = try Self.report([
      Contender(name: "known", hits: 50, valid: 30, net: 30),
      Contender(name: "unknown", hits: 50, valid: 20, net: 30, knowsMoney: false),
    ])
    #expect(report.text.contains("$/valid"))
    // 50 hits at $0.01, 30 of them valid.
    #expect(report.text.contains(" 0.016667 "))
    let json = report.json.text()
    #expect(json.contains("\"money\": 0.5,") && json.contains("\"money_per_valid\": 0.016667"))
    #expect(json.contains("\"money\": null,") && json.contains("\"money_per_valid\": null"))
  }

  @Test func onlyThePairsThatOverlapMostAreListed() throws {
    let names = ["a", "b", "c", "d", "e", "f"]
    let overlaps = names.indices.flatMap { second in
      (0..<second).map {
        BenchResult.Overlap(first: $0, second: second, hits: Int64(second), valid: Int64($0))
      }
    }
    let contenders = names.map { Contender(name: $0, valid: 10, net: 20) }
    let report = try Self.report(contenders, overlaps: overlaps)
    let lines = report.text.split(separator: "\n").map(String.init)
    let start = try #require(lines.firstIndex { $0.hasPrefix("both") })
    #expect(
      Array(lines[(start + 1)...(start + 3)]) == [
        "e     f       5      4", "d     f       5      3", "c     f       5      2",
      ])
    #expect(lines[start + 11] == "and 5 pairs that overlap less: see --json.")
    #expect(
      report.json.text().matches(of: /"providers": \[\n/).count == 16, "every pair, and the list")
    let few = try Self.report(contenders, overlaps: Array(overlaps.prefix(10)))
    #expect(!few.text.contains("overlap less"))
  }
}
