import Foundation
import Testing

/// Resuming runs whose output other runs have written to.
@Suite struct ResumeTests {
  private static let pause = ["--max-credits", "1", "--quiet"]

  private func pause(_ runner: CommandRunner, _ more: String...) throws {
    let result = try runner.run(CommandRunner.enrichPeople() + Self.pause + more)
    #expect(result.status == 75, "\(result.errors)")
  }

  @Test func whatAnotherRunHasWrittenIsNotReplacedUnasked() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    try pause(runner, "-o", "other.csv")
    try pause(runner, "-o", "out.csv")
    let later = CommandRunner.enrichPeople("-o", "out.csv", "--overwrite", "--provenance", "--yes")
    #expect(try runner.run(later + ["--quiet"]).status == 0)
    let written = try runner.read("out.csv")
    let resume = ["resume", "--simulate", "--max-credits", "9"]
    var results = try runner.runAll([resume + ["2"], resume, resume])
    #expect(try runner.read("out.csv") == written)
    results += try runner.runAll([
      resume + ["2", "-o", "out.csv"], resume + ["2", "-o", "people.csv"],
      resume + ["2", "-o", "other.csv"],
      resume + ["2", "-o", "-", "--json"], resume + ["2", "--yes"], ["runs", "--simulate"],
    ])
    try expectSnapshot("resume-replaced", runner, results)
    #expect(try runner.read("out.csv") == runner.read("other.csv"))
    #expect(try runner.run("credits verify --simulate").status == 0)
  }

  /// Not by a run of this workspace: the file is there, and younger than the run.
  @Test func whatSomebodyElseHasWrittenIsNotReplacedUnasked() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    try runner.write("from before", to: "out.csv")
    let before = Date(timeIntervalSince1970: 1_700_000_000)
    try FileManager.default.setAttributes(
      [.modificationDate: before], ofItemAtPath: runner.path("out.csv"))
    try pause(runner, "-o", "out.csv", "--yes")
    let resume = ["resume", "--simulate", "--quiet", "--max-credits"]
    #expect(try runner.run(resume + ["2"]).status == 75, "what --yes was for may be replaced")
    try runner.write("by hand", to: "out.csv")
    try expectSnapshot(
      "resume-written", runner,
      try runner.runAll([resume + ["9"], resume + ["9", "1"], resume + ["9", "1", "--yes"]]))
    #expect(try runner.read("out.csv").hasPrefix("First Name"))
  }

  /// Killed after the output had got its name, and before that was on record; and once more while
  /// the run was going on in the file that it had taken back.
  @Test func whatTheRunItselfHasNamedIsGoneOnWith() throws {
    var runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    runner.environment["WATERFALL_WORKSPACE"] = runner.path("named.sqlite")
    let workspace = runner.path("named-simulated.sqlite")
    #expect(try runner.run(CommandRunner.enrichPeople("-o", "out.csv", "--quiet")).status == 0)
    let written = try runner.read("out.csv")
    let history = try runner.run("credits history --simulate --format csv").output
    func forgetTheEnd() throws {
      try Database.change(workspace, "UPDATE run_state SET state = 'running', ended = NULL")
    }
    try forgetTheEnd()
    var results = try runner.runAll(["resume --simulate"])
    try forgetTheEnd()
    try FileManager.default.moveItem(
      atPath: runner.path("out.csv"), toPath: runner.path("out.csv.part"))
    results += try runner.runAll(["resume --simulate --quiet", "runs --simulate"])
    // The same place, but not what the run has written.
    try forgetTheEnd()
    try runner.write(written + "by hand", to: "out.csv")
    results += try runner.runAll(["resume --simulate"])
    try expectSnapshot("resume-named", runner, results)
    #expect(try runner.read("out.csv") == written + "by hand")
    try runner.write(written, to: "out.csv")
    #expect(try runner.run("resume --simulate").status == 0)
    #expect(try runner.read("out.csv") == written)
    #expect(!runner.exists("out.csv.part"))
    #expect(try runner.run("credits history --simulate --format csv").output == history)
    #expect(try runner.run("credits verify --simulate").status == 0)
  }

  @Test func theOutputCanGoElsewhere() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    try pause(runner, "-o", "out.csv")
    try runner.write("half", to: "moved.csv.part")
    try expectSnapshot(
      "resume-moved", runner,
      try runner.runAll([
        "resume --simulate -o moved.csv --max-credits 2 --quiet",
        "resume --simulate -o moved.csv --max-credits 2 --quiet --yes",
        "resume --simulate --max-credits 9", "run-info --simulate --format json",
      ]).enumerated().map { $0 == 3 ? $1.heading(16) : $1 })
    let whole = try runner.run(CommandRunner.enrichPeople("-o", "-", "--quiet"))
    #expect(try runner.read("moved.csv") == whole.output)
    #expect(!runner.exists("out.csv"))
    #expect(try runner.run("credits verify --simulate").status == 0)
  }

  /// Two runs that stopped in one half-written file: each one's bytes end up in its own output.
  @Test func runsThatStoppedInOneFileDoNotMix() throws {
    var runner = try CommandRunner()
    defer { runner.cleanUp() }
    // Small batches: checkpoints within a short output.
    runner.environment["WATERFALL_BATCH"] = "1"
    var sheet = "First Name,Last Name,Company,Website\n"
    for row in 0..<300 { sheet += "Ada,Lovelace\(row),Company \(row),www.company\(row).com\n" }
    try runner.write(sheet, to: "people.csv")
    func enrich(_ seed: Int, _ more: String...) throws -> Int32 {
      try runner.run(
        CommandRunner.enrichPeople("--seed", "\(seed)", "--quiet", "--provenance") + more
      ).status
    }
    #expect(try enrich(1, "-o", "out.csv", "--max-credits", "150") == 75)
    #expect(try enrich(2, "-o", "out.csv", "--max-credits", "100", "--yes") == 75)
    let resume = ["resume", "--simulate", "--quiet", "--max-credits"]
    #expect(try runner.run(resume + ["170", "1"]).status == 75)
    #expect(try runner.run(resume + ["5000", "2"]).status == 0)
    #expect(try enrich(2, "-o", "two.csv") == 0)
    #expect(try runner.read("out.csv") == runner.read("two.csv"))
    #expect(try runner.run(resume + ["5000", "1"]).status == 1)
    #expect(try runner.run(resume + ["5000", "1", "--yes"]).status == 0)
    #expect(try enrich(1, "-o", "one.csv") == 0)
    #expect(try runner.read("out.csv") == runner.read("one.csv"))
    #expect(try runner.run("credits verify --simulate").status == 0)
  }
}
