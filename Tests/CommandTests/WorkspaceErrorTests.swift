import Foundation
import TestSupport
import Testing

/// Workspaces that are missing, busy, damaged, forged, or of another kind.
@Suite struct WorkspaceErrorTests {
  /// With a simulated workspace `w-simulated.sqlite` that holds run 1.
  private func runnerWithRun() throws -> CommandRunner {
    var runner = try CommandRunner.withPeople()
    runner.environment["WATERFALL_WORKSPACE"] = runner.path("w.sqlite")
    let result = try runner.run(CommandRunner.enrichPeople("-o", "out.csv", "--quiet"))
    #expect(result.status == 0, "\(result.errors)")
    return runner
  }

  @Test func aFileThatIsNoWorkspaceIsLeftAlone() throws {
    let runner = try runnerWithRun()
    defer { runner.cleanUp() }
    let whole = try Data(contentsOf: runner.directory.appending(path: "w-simulated.sqlite"))
    try whole.prefix(whole.count / 2).write(
      to: runner.directory.appending(path: "cut-simulated.sqlite"))
    try runner.write("words, words, words", to: "text-simulated.sqlite")
    try Database.create(runner.path("other-simulated.sqlite"), "CREATE TABLE a (b)")
    try whole.write(to: runner.directory.appending(path: "newer-simulated.sqlite"))
    try Database.change(runner.path("newer-simulated.sqlite"), "PRAGMA user_version = 99")
    try runner.makeDirectory("folder-simulated.sqlite")
    var lines: [[String]] = []
    for name in ["text", "other", "newer", "folder", "cut"] {
      lines.append(
        CommandRunner.enrichPeople("--quiet", "-o", "x.csv", "--workspace", "\(name).sqlite"))
      lines.append(["credits", "balance", "--simulate", "--workspace", "\(name).sqlite"])
    }
    lines.append(CommandRunner.enrichPeople("--workspace", "nowhere/w.sqlite", "--quiet"))
    lines.append(["credits", "grant", "5", "--workspace", "w-simulated.sqlite"])
    lines.append(["runs", "--workspace", "w-simulated.sqlite"])
    try expectSnapshot("workspace-refused", runner, try runner.runAll(lines))
    #expect(try runner.read("text-simulated.sqlite") == "words, words, words")
    #expect(!runner.exists("x.csv") && !runner.exists("people.enriched.csv"))
  }

  @Test func aForgedLedgerBreaksItsLaws() throws {
    let runner = try runnerWithRun()
    defer { runner.cleanUp() }
    #expect(try runner.run("credits verify --simulate").status == 0)
    try Database.change(
      runner.path("w-simulated.sqlite"),
      """
      DROP TRIGGER entry_never_changes;
      UPDATE entry SET amount = 2 * amount WHERE seq = (
        SELECT min(seq) FROM entry WHERE kind = 'capture');
      """)
    try expectSnapshot("verify-forged", runner, [try runner.run("credits verify --simulate")])
    #expect(try runner.run("credits verify --simulate --json").status == 1)
  }

  @Test func aBusyWorkspaceNamesWhoHasIt() throws {
    let runner = try runnerWithRun()
    defer { runner.cleanUp() }
    let pipe = Pipe()
    let first = try runner.start(
      ["enrich", "-", "--column", "work_email", "--simulate", "-o", "slow.csv"],
      standardInput: pipe)
    // Enough for the tool to begin; it waits for more while the second process looks. Nobody can
    // be asked about these rows, so that the balance stays as it is.
    let start =
      "First Name,Last Name,Company,Website\n"
      + String(repeating: "Alan,Turing,,\n", count: 8000)
    try pipe.fileHandleForWriting.write(contentsOf: Data(start.utf8))
    try #require(eventually { runner.exists("slow.csv.part") })
    let second = try runner.runAll([
      CommandRunner.enrichPeople("--quiet"), ["credits", "grant", "5", "--simulate"],
      ["resume", "--simulate"], ["credits", "balance", "--simulate"],
    ])
    try pipe.fileHandleForWriting.close()
    first.process.waitUntilExit()
    let number = "\(first.process.processIdentifier)"
    let shown = second.map { result in
      var copy = result
      copy.errors = result.errors.replacing("process \(number) ", with: "process NUMBER ")
      return copy
    }
    try expectSnapshot("workspace-busy", runner, shown)
    #expect(try first.result().status == 0)
    #expect(runner.exists("slow.csv"))
  }

  /// With a run that waits for more of its sheet.
  private func startSlowRun(_ runner: CommandRunner) throws -> (CommandRunner.Running, Pipe) {
    let pipe = Pipe()
    let run = try runner.start(
      ["enrich", "-", "--column", "work_email", "--simulate", "-o", "slow.csv"],
      standardInput: pipe)
    let rows = CommandRunner.people + String(repeating: "Alan,Turing,,\n", count: 8000)
    try pipe.fileHandleForWriting.write(contentsOf: Data(rows.utf8))
    try #require(eventually { try runner.run("run-info 2 --simulate").status == 0 })
    return (run, pipe)
  }

  private func states(_ runner: CommandRunner) throws -> [String] {
    try runner.run("runs --simulate").output.split(separator: "\n").dropFirst().map {
      String($0.split(separator: " ")[2])
    }
  }

  @Test func aRunThatWasKilledIsNotShownAsRunning() throws {
    let runner = try runnerWithRun()
    defer { runner.cleanUp() }
    let (slow, pipe) = try startSlowRun(runner)
    #expect(try states(runner) == ["done", "running"])
    #expect(try runner.run("run-info --simulate").output.contains("Run 2, SIMULATED: running"))
    kill(slow.process.processIdentifier, SIGKILL)
    slow.process.waitUntilExit()
    try pipe.fileHandleForWriting.close()
    let ledger = try Data(contentsOf: runner.directory.appending(path: "w-simulated.sqlite"))
    #expect(try states(runner) == ["done", "interrupted"])
    let info = try runner.run("run-info --simulate").output
    let why =
      "its process ended without a word; go on with: waterfall resume 2 --simulate --sheet FILE"
    #expect(info.contains("Run 2, SIMULATED: interrupted"))
    #expect(info.contains("  why        \(why)\n"))
    #expect(try runner.run("runs --simulate --json").output.contains("\"note\": \"\(why)\""))
    let after = try Data(contentsOf: runner.directory.appending(path: "w-simulated.sqlite"))
    #expect(ledger == after, "looking wrote to the workspace")
    #expect(try runner.run("credits verify --simulate").status == 0)
  }

  @Test func questionsAboutRunsThatAreNotThere() throws {
    let runner = try runnerWithRun()
    defer { runner.cleanUp() }
    try expectSnapshot(
      "runs-unknown", runner,
      try runner.runAll([
        "runs", "run-info", "resume", "explain 1 1", "credits balance", "credits history",
        "credits verify", "runs drop 1",
        "run-info 99 --simulate", "resume 99 --simulate", "resume 1 --simulate",
        "resume --simulate", "explain 99 1 --simulate", "explain 1 99 --simulate",
        "explain 1 0 --simulate", "explain 1 1 work_emal --simulate",
        "explain 1 1 colour --simulate", "run-info --simulate --format jsn",
        "run-info --simulate --format xml", "credits history --simulate --format jsnl",
        "credits history --simulate --run 99", "run-info --simulate -o nowhere/info.txt",
      ]))
    #expect(!runner.exists("w.sqlite"), "reading made a workspace")
    // A workspace with credits, but without runs.
    #expect(try runner.run("credits grant 5").status == 0)
    try expectSnapshot(
      "runs-none", runner, try runner.runAll(["runs", "run-info", "resume", "explain 1 1"]))
  }
}
