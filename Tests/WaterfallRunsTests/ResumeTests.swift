import Testing
import WaterfallCore

@testable import WaterfallRuns

/// A run that was killed anywhere goes on as if nothing had happened: after any number of commits,
/// with any part of the output that they allow.
@Suite struct ResumeTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var scenario: Scenario
  }

  static let cases: [Case] = {
    var cases: [Case] = []
    func add(_ name: String, _ sheet: String, _ change: (inout Scenario) -> Void = { _ in }) {
      var scenario = Sheets.rich(sheet)
      scenario.limits.attemptsInBatch = 12
      scenario.limits.recordsInRead = 9
      change(&scenario)
      cases.append(Case(testDescription: name, scenario: scenario))
    }
    add("as it comes", Sheets.people(60))
    add("CRLF", Sheets.people(40, lineEnd: "\r\n"))
    add("no final line end", String(Sheets.people(40).dropLast()))
    add("a line that names the delimiter", "sep=,\r\n" + Sheets.people(40, lineEnd: "\r\n"))
    add("that line, and only existing columns", "sep=,\n" + existingColumns(60))
    add("blank lines within and at the end", blankLines(Sheets.people(40)))
    add("ragged rows", Sheets.people(40) + "too,few\n" + "far,too,many,cells,here\nlast,one,,x\n") {
      $0.keepsRagged = true
    }
    add("a limit", Sheets.people(60)) { $0.limit = 17 }
    add("a limit as earlier versions counted it", Sheets.people(60)) {
      $0.limit = 17
      $0.limitCountsInputs = false
    }
    add("a limit and chained columns", Sheets.people(60)) {
      $0.limit = 17
      $0.columns[1].steps[0].inputs = [["mail", "company"]]
      $0.columns[1].chained = ["mail": 0]
      $0.columns[0].condition = TextCondition(column: 0, forbidden: "2")
    }
    add("a range", Sheets.people(60)) { $0.rows = 11...33 }
    add("a condition", Sheets.people(60)) {
      $0.condition = TextCondition(column: 1, forbidden: "7")
    }
    add("conditions of a column and a step", Sheets.people(60)) {
      $0.columns[1].condition = TextCondition(column: 0, forbidden: "3")
      $0.columns[0].steps[0].condition = TextCondition(column: 1, forbidden: "2")
    }
    add("overwriting", Sheets.people(60)) { $0.overwrite = true }
    add("a row budget", Sheets.people(60)) { $0.maxCreditsPerRow = Credits(4) }
    add("a provider that is off", Sheets.people(40)) { $0.columns[0].steps[1].isOff = true }
    add("only existing columns", existingColumns(60)) {
      $0.condition = TextCondition(column: 1, forbidden: "4")
    }
    add("chained columns", Sheets.people(40)) {
      $0.columns[1].steps[0].inputs = [["mail", "company"]]
      $0.columns[1].chained = ["mail": 0]
    }
    return cases
  }()

  static func blankLines(_ sheet: String) -> String {
    var text = ""
    for (number, line) in sheet.split(separator: "\n", omittingEmptySubsequences: false)
      .enumerated()
    {
      text += line + "\n" + (number % 6 == 5 ? "\n\n" : "")
    }
    return text + "\n\n\n"
  }

  /// A sheet that has every column that is written: the output of an earlier run.
  static func existingColumns(_ rows: Int) -> String {
    let names = ["", "_provider", "_status", "_credits"].flatMap {
      ["work_email\($0)", "size\($0)"]
    }
    var text = "name,company,simulated," + names.joined(separator: ",") + "\n"
    for row in 0..<rows {
      let isOld = row % 3 == 0
      let cells = names.map { isOld && $0.hasPrefix("work") ? "old" : "" }
      text += "person\(row % 19),company\(row % 9)," + (isOld ? "simulated," : ",")
      text += cells.joined(separator: ",") + "\n"
    }
    return text
  }

  @Test(arguments: cases) func fromEveryCommitAndManyOutputs(_ test: Case) throws {
    let scenario = test.scenario
    let (journal, output) = try scenario.undisturbed()
    let whole = Trace(journal, output)
    try expectLawful(journal, test.testDescription)
    let batches = journal.now.batches
    let written = bytesByCommit(journal.journey.events)
    #expect(batches.count > 3)
    for commits in 0...batches.count {
      // What was written when the next commit was made is the most that can be there.
      let most = commits < written.count ? written[commits] : output.bytes.count
      for size in Set([0, most / 3, most * 7 / 8, max(0, most - 1), most]) {
        let resumed = try scenario.journal(Array(batches.prefix(commits)))
        let rest = MemoryOutput(Array(output.bytes.prefix(size)))
        #expect(try scenario.run(resumed, rest) == .done)
        let comment = "\(test.testDescription): \(commits) commits, \(size) bytes"
        try expectSame(Trace(resumed, rest), whole, comment)
        try expectLawful(resumed, comment)
        try #require(resumed.now.entries == journal.now.entries, "\(comment): entries")
      }
    }
  }

  /// Bytes written before each commit, and before the end.
  private func bytesByCommit(_ events: [Journey.Event]) -> [Int] {
    var bytes = 0
    var counts: [Int] = []
    for event in events {
      if case .write(let count) = event { bytes += count }
      if case .commit = event { counts.append(bytes) }
    }
    return counts + [bytes]
  }

  /// Answers come in any order, so that rows far apart are half done when the process is killed.
  @Test(arguments: [false, true]) func withAnswersInFlight(isHarmless: Bool) throws {
    let seed = ConcurrencyTests.seed()
    var scenario = Sheets.rich(Sheets.people(160))
    scenario.limits.attemptsInBatch = 16
    scenario.limits.window = 40
    let whole = Trace(try scenario.undisturbed())
    let postman = Postman(seed: seed, pile: 12)
    defer { postman.close() }
    let journal = try scenario.journal()
    let output = MemoryOutput(journey: journal.journey)
    try scenario.run(journal, output, .later(postman, isHarmless: isHarmless))
    try expectSame(Trace(journal, output), whole, "seed \(seed): undisturbed")
    let batches = journal.now.batches
    let written = bytesByCommit(journal.journey.events)
    for commits in stride(from: 0, through: batches.count, by: 3) {
      let resumed = try scenario.journal(Array(batches.prefix(commits)))
      let size = commits < written.count ? written[commits] : output.bytes.count
      let rest = MemoryOutput(Array(output.bytes.prefix(size)))
      let end = try scenario.run(resumed, rest, .later(postman, isHarmless: isHarmless))
      #expect(end == .done)
      try expectLawful(resumed, "seed \(seed): \(commits) commits")
      try expectSame(Trace(resumed, rest), whole, "seed \(seed): \(commits) commits, \(size) bytes")
    }
  }

  @Test func checkpointsSpareWorkAndLimitsCountRight() throws {
    let seed = ConcurrencyTests.seed()
    var scenario = Sheets.rich(Sheets.people(300))
    scenario.limits.attemptsInBatch = 4
    scenario.limits.window = 60
    scenario.limit = 90
    let whole = Trace(try scenario.undisturbed())
    let postman = Postman(seed: seed, pile: 30)
    defer { postman.close() }
    let journal = try scenario.journal()
    let output = MemoryOutput(journey: journal.journey)
    try scenario.run(journal, output, .later(postman, isHarmless: true))
    try expectSame(Trace(journal, output), whole, "seed \(seed)")
    let state = journal.now
    #expect(!state.checkpoints.isEmpty)
    for (index, batch) in state.batches.enumerated() where batch.checkpoint != nil {
      let resumed = try scenario.journal(Array(state.batches.prefix(index + 1)))
      let size = Int(batch.checkpoint?.outputOffset ?? 0)
      let rest = MemoryOutput(Array(output.bytes.prefix(size)))
      try scenario.run(resumed, rest)
      try expectSame(Trace(resumed, rest), whole, "seed \(seed), batch \(index)")
    }
  }
}
