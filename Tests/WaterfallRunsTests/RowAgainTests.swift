import CSVCodec
import Foundation
import Testing
import WaterfallCore
import WaterfallProviders

@testable import WaterfallRuns

/// A row of the sheet is read again, to tell what providers were sent.
@Suite struct RowAgainTests {
  private func withPlan(
    _ sheet: String, _ body: (RunPlan, URL) throws -> Void
  ) throws {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("again-\(UUID().uuidString).csv")
    try sheet.write(to: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: file) }
    let request = PlanningTests.request(
      PlanningTests.column(.companyDomain, "domains"), PlanningTests.column(.workEmail, "mails"))
    let prepared = try PreparedRun(
      request, isSimulated: true, path: file.path, options: CSVReaderOptions(),
      output: file.path + ".out", directory: "/elsewhere", planner: PlanningTests.planner(),
      surroundings: PlanningTests.surroundings)
    try body(try RunPlan(json: prepared.plan.json()), file)
  }

  private func read(_ plan: RunPlan, _ row: Int64, _ fills: [Int32: String] = [:]) throws
    -> RowAgain
  {
    try plan.read(row: row, fills: fills, surroundings: PlanningTests.surroundings)
  }

  @Test func theInputsOfEachColumnComeBack() throws {
    var sheet = "Full Name,Company\n"
    for row in 1...5000 { sheet += "Ada Stone\(row),\"Company\n\(row)\"\n" }
    try withPlan(sheet + "Bob Rock,Late") { plan, _ in
      for row in [1, 2, 4097, 5000] as [Int64] {
        let expected: [Inputs] = [
          Inputs(names: [.company], values: ["Company\n\(row)"]),
          Inputs(
            names: [.domain, .fullName, .linkedinURL], values: ["a.com", "Ada Stone\(row)", ""]),
        ]
        #expect(try read(plan, row, [0: "a.com"]) == .read(line: row * 2, inputs: expected))
      }
      guard case .read(let line, let inputs) = try read(plan, 5001) else {
        Issue.record("the last row was not read")
        return
      }
      #expect(line == 10_002 && inputs[0].values == ["Late"] && inputs[1].values[0] == "")
      #expect(try read(plan, 5002) == .lost(why: "has no such row"))
    }
  }

  @Test func anotherSheetIsNotMistakenForIt() throws {
    try withPlan(PlanningTests.sheet) { plan, file in
      try "Full Name,Company\nEve,Umbrella\n".write(to: file, atomically: true, encoding: .utf8)
      #expect(try read(plan, 1) == .lost(why: "has changed since"))
      try FileManager.default.removeItem(at: file)
      #expect(try read(plan, 1) == .lost(why: "is gone"))
      var stream = plan
      stream.sheet.path = "-"
      stream.sheet.fingerprint = nil
      #expect(try read(stream, 1) == .lost(why: "was a stream"))
    }
  }

  @Test func whatTheSheetHasIsPinnedWithThePlan() throws {
    try withPlan("Full Name,Company,Note\nAda Stone,Acme,x\n") { plan, _ in
      #expect(plan.columns.map(\.inputs) == [[.company], [.domain, .fullName]])
      let needs = try plan.needs()
      #expect(
        needs.words(column: 1, step: 0)
          == "the row lacks full_name + domain")
      #expect(needs.columns[1].steps == [[[.fullName, .domain], [.linkedinURL]]])
      var older = plan
      older.columns[1].inputs = nil
      #expect(
        try older.needs().words(column: 1)
          == "the row lacks full_name + domain, or linkedin_url")
    }
  }
}
