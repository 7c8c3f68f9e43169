import Foundation
import TestSupport
import Testing

/// Runs that stop in good order, and go on.
@Suite struct PauseTests {
  /// Its price empties a simulated workspace in two hits.
  private static let dear = """
    id: dear
    name: Dear
    finds:
      work_email: {inputs: [[full_name, domain]], price: 6000000, refunds_invalid: true}
    simulation:
      finds:
        work_email:
          hit_rate: 0.7
          valid_share: 1
          latency: {p50: 1s, p95: 2s}

    """

  @Test func withoutCreditsARunPausesAndGoesOnAfterAGrant() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    try runner.write(Self.dear, to: "dear.yaml")
    let enrich = [
      "enrich", "people.csv", "--column", "work_email=dear", "--providers", "dear.yaml",
      "--simulate", "--seed", "1", "--workspace",
    ]
    let results =
      [try runner.run(enrich + ["a.sqlite", "-o", "paused.csv"])]
      + (try runner.runAll([
        "run-info --simulate --workspace a.sqlite",
        "resume --simulate --workspace a.sqlite --quiet",
        "credits grant 20000000 --simulate --workspace a.sqlite",
        "resume --simulate --workspace a.sqlite", "explain 1 3 --simulate --workspace a.sqlite",
      ]))
    try expectSnapshot("credits-out", runner, results)
    #expect(try runner.run("credits verify --simulate --workspace a.sqlite").status == 0)
    #expect(
      try runner.run("credits grant 20000000 --simulate --workspace b.sqlite").status == 0)
    #expect(try runner.run(enrich + ["b.sqlite", "-o", "whole.csv"]).status == 0)
    #expect(try runner.read("paused.csv") == runner.read("whole.csv"))
  }

  @Test func aBudgetPausesARunAndAHigherOneLetsItGoOn() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    try expectSnapshot(
      "budget", runner,
      try runner.runAll([
        CommandRunner.enrichPeople("-o", "out.csv", "--max-credits", "2"),
        ["resume", "--simulate", "--max-credits", "1.5"],
        ["resume", "--simulate", "--max-credits", "2"], ["resume", "--simulate"],
        ["resume", "--simulate", "--max-credits", "x"],
        ["resume", "--simulate", "--max-credits", "10"],
      ]))
    _ = try runner.run(CommandRunner.enrichPeople("-o", "whole.csv"))
    #expect(try runner.read("out.csv") == runner.read("whole.csv"))
    try expectSnapshot(
      "budget-per-row", runner,
      try runner.runAll([
        CommandRunner.enrichPeople("-o", "-", "--max-credits-per-row", "0.5"),
        ["explain", "3", "1", "--simulate"],
      ]))
  }

  /// A configuration whose budget is less than a value and its verdict cost together.
  private static let judged = """
    columns: [{field: work_email, steps: [apollo], verify: millionverifier}]
    max_credits: 1

    """

  /// A hit that waits for its verifier stays on hold through a pause.
  @Test func aBudgetCountsWhatIsOnHold() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    try runner.write(Self.judged, to: "judged.yaml")
    try expectSnapshot(
      "budget-held", runner,
      try runner.runAll([
        "enrich people.csv --config judged.yaml --simulate --seed 2 -o out.csv",
        "resume --simulate --max-credits 0.5", "credits balance --simulate",
        "resume --simulate --max-credits 9",
      ]))
    #expect(try runner.run("credits verify --simulate").status == 0)
  }

  /// The first row's address is paid for, its number is not asked for: no row is finished.
  @Test func whatRowsUnderWayCostIsSaidAsThat() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    let run = try runner.run(
      "enrich people.csv --column work_email=hunter --column mobile_phone=datagma --simulate "
        + "--seed 1 -o out.csv --max-credits 2")
    #expect(run.status == 75)
    let words =
      "run 1 paused: no row finished yet; charged 1 simulated credit, refunded 0, net 1, rows "
      + "under way included\n"
    #expect(run.errors.contains(words), "\(run.errors)")
  }

  @Test func aRunIsGivenUp() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    try runner.write(Self.judged, to: "judged.yaml")
    try expectSnapshot(
      "runs-drop", runner,
      try runner.runAll([
        "enrich people.csv --config judged.yaml --simulate --seed 2 --quiet -o out.csv",
        "enrich people.csv --config judged.yaml --simulate --seed 2 --quiet -o other.csv",
        "runs drop 1 --simulate", "runs --simulate", "run-info 1 --simulate",
        "credits balance --simulate", "credits history --simulate --run 1",
        "runs drop 1 --simulate", "runs drop 7 --simulate", "runs drop 1", "runs drop",
        "runs drop x", "runs dorp 1", "resume --simulate --max-credits 9", "resume --simulate",
        "runs drop 2 --simulate",
      ]))
    #expect(try runner.run("credits verify --simulate").status == 0)
    // Named, it can go on after all.
    #expect(try runner.run("resume 1 --simulate --max-credits 9 --quiet").status == 0)
    #expect(try runner.read("out.csv") == runner.read("other.csv"))
    #expect(try runner.run("credits verify --simulate").status == 0)
  }

  @Test func aSheetThatChangedIsNotMixedWithTheOldOne() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    let paused = try runner.run(
      CommandRunner.enrichPeople("-o", "out.csv", "--max-credits", "1", "--quiet"))
    try runner.write(CommandRunner.people + "Kurt,Gödel,IAS,ias.edu\n", to: "people.csv")
    let changed = try runner.run("resume --simulate --max-credits 9")
    try FileManager.default.removeItem(atPath: runner.path("people.csv"))
    try expectSnapshot(
      "sheet-changed", runner,
      [paused, changed, try runner.run("resume --simulate --max-credits 9")])
  }

  @Test func anInterruptedRunSaysHowToGoOn() throws {
    var runner = try CommandRunner()
    defer { runner.cleanUp() }
    runner.environment["WATERFALL_BATCH"] = "64"
    var sheet = "First Name,Last Name,Company,Website\n"
    for row in 0..<4000 { sheet += "Ada,Lovelace\(row),Company \(row),www.company\(row).com\n" }
    try runner.write(sheet, to: "people.csv")
    let running = try runner.start(CommandRunner.enrichPeople("-o", "out.csv"))
    let part = runner.path("out.csv.part")
    let isWriting = eventually {
      let size = try? FileManager.default.attributesOfItem(atPath: part)[.size] as? Int
      return size ?? 0 > 0
    }
    try #require(isWriting)
    kill(running.process.processIdentifier, SIGINT)
    running.process.waitUntilExit()
    let result = try running.result()
    #expect(result.status == 130, "\(result.errors)")
    let lines = result.errors.split(separator: "\n").suffix(3).map(String.init)
    try #require(lines.count == 3)
    #expect(lines[0].hasPrefix("stopping: rows in flight are being finished and stored; "))
    let summary =
      /run 1 interrupted: \d+ rows? finished, \d+ of \d+ cells? filled; charged .* net [0-9.]+, rows under way included/
    #expect(lines[1].wholeMatch(of: summary) != nil, "\(lines[1])")
    #expect(lines[2] == "run 1 can go on where it stopped: waterfall resume 1 --simulate")
    let info = try runner.run("run-info --simulate").output
    #expect(info.hasPrefix("Run 1, SIMULATED: interrupted"))
    #expect(info.contains("why        stopped by the user"))
    #expect(try runner.run("resume --simulate --quiet").status == 0)
    #expect(try runner.run(CommandRunner.enrichPeople("-o", "whole.csv", "--quiet")).status == 0)
    #expect(try runner.read("out.csv") == runner.read("whole.csv"))
  }
}
