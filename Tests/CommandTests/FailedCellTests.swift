import Foundation
import TestSupport
import Testing

/// Cells for which nobody answered are told at the end of a run, and a run without any answer is no
/// success.
@Suite struct FailedCellTests {
  private static let mixed = """
    columns:
      - field: work_email
        steps:
          - hunter
          - {provider: findymail, when: Company = 'Navy'}

    """

  private static let people = """
    First Name,Last Name,Company,Website
    Grace,Hopper,Navy,navy.mil
    Ada,Lovelace,Analytical,analytical.com
    Alan,Turing,Bletchley,bletchley.org

    """

  private static func runner() throws -> CommandRunner {
    var runner = try CommandRunner()
    for id in ["HUNTER", "FINDYMAIL"] {
      runner.environment["WATERFALL_MANAGED_KEY_\(id)"] = "secret-of-\(id)"
    }
    try runner.write(people, to: "people.csv")
    return runner
  }

  /// The first row is answered by the second provider; then the run pauses, and what failed before
  /// counts in the end.
  @Test func failedCellsAreCountedAlsoAfterAPause() throws {
    let runner = try Self.runner()
    defer { runner.cleanUp() }
    try runner.write(Self.mixed, to: "waterfall.yaml")
    let server = try SandboxServer(runner)
    var results = try runner.runAll([
      "enrich people.csv --config waterfall.yaml -o out.csv --max-credits 1 "
        + "--base-url hunter=http://127.0.0.1:1 --base-url findymail=\(server.base)/findymail",
      "resume --max-credits 9", "run-info",
    ])
    for index in results.indices {
      results[index].arguments = results[index].arguments.map {
        $0.replacing(server.port, with: "PORT")
      }
      // Latencies are those of this machine.
      results[index].output = results[index].output.split(separator: "\n").filter {
        $0.contains("cells") || $0.hasPrefix("work_email ")
      }.joined(separator: "\n")
    }
    try expectSnapshot("failed-cells", runner, results)
    #expect(try runner.run("credits verify").status == 0)
  }

  @Test func aRunThatNobodyAnswersIsAnError() throws {
    let runner = try Self.runner()
    defer { runner.cleanUp() }
    let bases =
      "--base-url hunter=http://127.0.0.1:1 --base-url findymail=http://nobody.invalid"
    try expectSnapshot(
      "nobody-answers", runner,
      try runner.runAll([
        "enrich people.csv --column work_email=hunter -o out.csv --base-url hunter=http://127.0.0.1:1",
        "runs",
        "enrich people.csv --column work_email=hunter,findymail -o out.csv --yes --quiet "
          + bases, "enrich people.csv --column work_email -o two.csv --sandbox http://127.0.0.1:1",
        "enrich people.csv --column work_email=hunter --limit 1 -o - \(bases.prefix(37))",
      ]))
    #expect(try runner.read("out.csv").hasSuffix("Bletchley,bletchley.org,\n"))
    #expect(try runner.run("credits verify").status == 0)
    #expect(!runner.exists("out.csv.part"))
    // Once somebody answers, the same command with --yes is all it takes.
    let server = try SandboxServer(runner)
    let again = try runner.run(
      "enrich people.csv --column work_email=hunter -o out.csv --yes "
        + "--base-url hunter=\(server.base)/hunter")
    #expect(again.status == 0, "\(again.errors)")
  }

  /// Before anything is on record, with the port that the user has named.
  @Test(arguments: [
    ("http://localhost:1", "start it with “waterfall sandbox --port 1”"),
    ("http://[::1]:1", "start it with “waterfall sandbox --port 1 --host ::1”"),
    ("http://127.0.0.9:1/", "start it with “waterfall sandbox --port 1 --host 127.0.0.9”"),
    ("http://nobody.invalid:1", "Start one with “waterfall sandbox”"),
  ])
  func aRunDoesNotBeginWithoutItsSandbox(url: String, remedy: String) throws {
    let runner = try Self.runner()
    defer { runner.cleanUp() }
    let run = try runner.run(
      "enrich people.csv --column work_email=hunter -o out.csv --sandbox \(url)")
    #expect(run.status == 1)
    #expect(run.errors.contains(": no sandbox answers: "), "\(run.errors)")
    #expect(
      run.errors.hasSuffix("\(remedy), or say where it is: --sandbox URL.\n"), "\(run.errors)")
    #expect(!runner.exists("out.csv") && !runner.exists(".local"))
  }

  /// It can be pasted as it stands, whatever a shell would make of its words.
  @Test func theCommandToStartAgainIsWhole() throws {
    var runner = try Self.runner()
    defer { runner.cleanUp() }
    let sheet = "it's *mine* $HOME.csv"
    try runner.write(Self.people, to: sheet)
    let run = try runner.run([
      "enrich", sheet, "--column", "work_email=hunter", "--where", "Company = 'Navy'", "-o",
      "a b.csv", "--base-url", "hunter=http://127.0.0.1:1",
    ])
    #expect(run.status == 1)
    let start = try #require(
      run.errors.firstRange(of: "asked about again by “")?.upperBound, "\(run.errors)")
    let command = String(run.errors[start...].prefix { $0 != "”" })
    #expect(command.hasSuffix(" --yes"))
    let server = try SandboxServer(runner)
    runner.environment["PATH"] = CommandRunner.tool.deletingLastPathComponent().path + ":/bin"
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = [
      "-c", command.replacing("http://127.0.0.1:1", with: "\(server.base)/hunter"),
    ]
    process.environment = runner.environment
    process.currentDirectoryURL = runner.directory
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(command)")
    #expect(try server.requests() == 1)
  }

  /// A run that goes on does not know the command that started it.
  @Test func aResumedRunNamesItsBeginning() throws {
    let runner = try Self.runner()
    defer { runner.cleanUp() }
    let paused = try runner.run(
      "enrich people.csv --column work_email=hunter -o out.csv --max-credits 0.5 "
        + "--base-url hunter=http://127.0.0.1:1")
    #expect(paused.status == 75, "\(paused.errors)")
    let resumed = try runner.run("resume --max-credits 9")
    #expect(resumed.status == 1)
    #expect(
      resumed.errors.hasSuffix(
        "Cells that failed are asked about again by the command that started run 1, with --yes.\n"),
      "\(resumed.errors)")
  }

  /// An answer came, and began as one: then nobody says that none did, nor that it is the network.
  @Test func anAnswerThatIsBrokenLeavesItsOutcomeUnknown() throws {
    let runner = try Self.runner()
    defer { runner.cleanUp() }
    try runner.write(
      "rules:\n  - {fault: malformed, provider: findymail, every: 1}\n", to: "faults.yaml")
    let findymail = try String(
      contentsOf: CommandRunner.repository("providers/findymail.yaml"), encoding: .utf8)
    try runner.write(
      findymail.replacing("\nhttp:\n", with: "\nhttp:\n  retries: {most: 0}\n"), to: "once.yaml")
    let server = try SandboxServer(runner, ["--script", "faults.yaml"])
    let run = try runner.run(
      "enrich people.csv --column work_email=findymail --providers once.yaml -o out.csv "
        + "--base-url findymail=\(server.base)/findymail")
    #expect(run.status == 1)
    for words in [
      "note: findymail: its outcome is unknown: its answer was malformed (the answer is not JSON)",
      "attempts of the column that failed: its outcome is unknown (findymail 3)",
      "note: the outcome of 3 questions is unknown: they were sent, and got no usable answers",
      "all 3 attempts failed: its outcome is unknown (findymail 3). Check the address that is asked, "
        + "what answers there, and the network. ",
    ] {
      #expect(run.errors.contains(words), "\(words) | \(run.errors)")
    }
    #expect(!run.errors.contains("never answered"), "\(run.errors)")
    let explained = try runner.run("explain 1").output
    let words = "It gave no usable answer, and whether it did the work is not known"
    #expect(explained.contains(words), "\(explained)")
    #expect(try server.ledger().paidKeys.isEmpty)
  }

  /// A provider that is always down, in the simulated world.
  private static let down = """
    id: down
    name: Down
    finds:
      work_email: {inputs: [[full_name, domain]], price: 1, refunds_invalid: true}
    simulation:
      finds:
        work_email:
          hit_rate: 0.7
          valid_share: 1
          latency: {p50: 1s, p95: 2s}
          faults: {unavailable: 1}

    """

  @Test func theSimulatedWorldCanFailToo() throws {
    let runner = try Self.runner()
    defer { runner.cleanUp() }
    try runner.write(Self.down, to: "down.yaml")
    let run = try runner.run(
      "enrich people.csv --column work_email=down --providers down.yaml --simulate -o out.csv --quiet"
    )
    #expect(run.status == 1)
    #expect(
      run.errors.contains("all 3 attempts failed: it was unavailable (down 3)"), "\(run.errors)")
    #expect(run.errors.contains("another --seed"))
    // A benchmark is about this very thing.
    let bench = try runner.run(
      "bench people.csv --column work_email --providers hunter,findymail --limit 1 --seed 3")
    #expect(bench.status == 0 && !bench.errors.contains("failed"), "\(bench.errors)")
  }

  /// Nobody was asked: then nobody failed to answer.
  @Test func aRunThatAsksNobodyIsDone() throws {
    let runner = try Self.runner()
    defer { runner.cleanUp() }
    let run = try runner.run(
      "enrich people.csv --column work_email=hunter --rows 9: -o out.csv "
        + "--base-url hunter=http://127.0.0.1:1")
    #expect(run.status == 0, "\(run.errors)")
    #expect(!run.errors.contains("failed"))
  }
}
