import WaterfallCore
import WaterfallReports

/// The ledger, bench and dry-run values that the golden tests show.
enum ReportFixtures {
  static let year = Timestamp(milliseconds: Fixtures.start.milliseconds + 31_536_000_000)

  static func lots() -> [Lot] {
    var trial = Lot(
      id: LotID(rawValue: 1), kind: .trial, issued: Credits(1000), granted: Fixtures.start,
      expires: year, note: "trial grant")
    trial.available = Credits(micro: 899_500_000)
    trial.held = Credits(3)
    trial.spent = Credits(micro: 97_500_000)
    var old = Lot(
      id: LotID(rawValue: 2), kind: .promotion, issued: Credits(50), granted: Fixtures.start,
      expires: Fixtures.start, note: "spring")
    old.available = Credits(20)
    old.spent = Credits(30)
    let paid = Lot(
      id: LotID(rawValue: 3), kind: .package, issued: Credits(5000), granted: Fixtures.start)
    return [trial, old, paid]
  }

  private static func attempt(_ role: AttemptID.Role) -> AttemptID {
    AttemptID(cell: CellID(run: RunID(7), row: 12, column: 0), step: 0, role: role)
  }

  static let history: [HistoryLine] = [
    HistoryLine(
      entry: Entry(seq: 1, kind: .grant, lot: LotID(rawValue: 1), amount: Credits(1000)),
      time: Fixtures.start, cause: "trial grant"),
    HistoryLine(
      entry: Entry(
        seq: 2, kind: .hold, lot: LotID(rawValue: 1), amount: Credits(micro: 250_000),
        attempt: attempt(.finder)),
      time: Fixtures.start, attempt: attempt(.finder), column: "mail, \"work\"\n\u{1B}[31m",
      provider: ProviderID("hunter"), cause: "hunter asked"),
    HistoryLine(
      entry: Entry(
        seq: 3, kind: .zero, lot: LotID(rawValue: 0), amount: .zero, attempt: attempt(.verifier)),
      time: Fixtures.start, attempt: attempt(.verifier), column: "mail",
      provider: ProviderID("zerobounce"), cause: "own key"),
  ]

  static let verify = VerifyReport(laws: [
    .init(
      number: 1, title: "What leaves one account enters another", checked: "3 entries",
      problems: []),
    .init(
      number: 4, title: "Refunds never exceed the charge", checked: "1 charge",
      problems: ["entry 9 refunds 3 of a charge of 2"]),
  ])

  static func bench() throws -> BenchReport {
    let outline = RunOutline(columns: [
      .init(
        name: "hunter", field: .workEmail,
        steps: [
          try Fixtures.step(0, "hunter", "2"),
          try Fixtures.step(0, "zerobounce", "0.5", role: .verifier),
        ]),
      .init(name: "prospeo", field: .workEmail, steps: [try Fixtures.step(0, "prospeo", "3")]),
    ])
    let run = try Fixtures.run(outline: outline, command: .bench)
    let result = BenchResult(
      rows: 90, rowsWithHit: 62, rowsWithValid: 51,
      contenders: [
        .init(
          column: 0, provider: ProviderID("hunter"), rowsWithHit: 62, rowsWithValid: 51,
          uniqueHits: 62, uniqueValid: 51,
          hitRate: .init(estimate: 0.6818, low: 0.5788, high: 0.7704),
          validRate: .init(estimate: 0.85, low: 0.7389, high: 0.919)),
        .init(
          column: 1, provider: ProviderID("prospeo"), rowsWithHit: 0, rowsWithValid: 0,
          uniqueHits: 0, uniqueValid: 0, hitRate: nil, validRate: nil),
      ],
      overlaps: [.init(first: 0, second: 1, hits: 0, valid: 0)])
    return BenchReport(Fixtures.info(run), result)
  }

  static func dryRun(available: Credits? = Credits(100)) throws -> DryRun {
    let steps = try Fixtures.outline().columns[0].steps
    return DryRun(
      sheet: "people.csv", rows: 100, isSimulated: false,
      columns: [
        .init(
          name: "work_email", field: .workEmail, eligible: 90,
          skipped: [.missingInput: 9, .alreadyFilled: 1],
          steps: zip(steps, [80, 80, 60, 60, 10] as [Int64]).map {
            DryRun.Step($0, eligible: $1)
          })
      ],
      available: available)
  }
}
