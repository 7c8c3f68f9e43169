import Foundation
import Testing

/// Signals that ask a run to stop, and one that a full quota sends.
@Suite struct SignalTests {
  /// A run whose question is under way at a sandbox that takes its time.
  private static func running(
    _ runner: CommandRunner, _ server: SandboxServer
  ) throws -> CommandRunner.Running {
    let running = try runner.start([
      "enrich", "people.csv", "--column", "work_email=hunter", "-o", "out.csv", "--sandbox",
      server.base,
    ])
    for _ in 0..<2000 {
      if try server.requests() > 0 || !running.process.isRunning { break }
      Thread.sleep(forTimeInterval: 0.01)
    }
    try #require(running.process.isRunning)
    return running
  }

  /// GNU timeout sends one to the process and one to its group.
  @Test(arguments: [[SIGTERM, SIGTERM], [SIGINT, SIGTERM], [SIGINT, SIGINT, SIGINT]])
  func signalsThatComeTogetherAreOne(signals: [Int32]) throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    let server = try SandboxServer(runner, ["--latency", "1500ms"])
    let running = try Self.running(runner, server)
    for signal in signals { kill(running.process.processIdentifier, signal) }
    running.process.waitUntilExit()
    let result = try running.result()
    #expect(result.status == 130)
    #expect(
      result.errors.contains("run 1 can go on where it stopped: waterfall resume 1 --simulate"),
      "\(result.errors)")
    #expect(result.errors.components(separatedBy: "stopping:").count == 2)
    #expect(try runner.run("runs --simulate").output.contains("interrupted"))
  }

  @Test func aSecondSignalLaterLeavesAtOnce() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    // Without the second signal, the run would wait for the answer.
    let server = try SandboxServer(runner, ["--latency", "1h"])
    let running = try Self.running(runner, server)
    kill(running.process.processIdentifier, SIGTERM)
    Thread.sleep(forTimeInterval: 1)
    kill(running.process.processIdentifier, SIGTERM)
    running.process.waitUntilExit()
    let result = try running.result()
    #expect(result.status == 130)
    #expect(result.errors.contains("stopping:") && !result.errors.contains("can go on"))
  }

  /// It does not heed the end of its input, which is all that it sees of the tool's end.
  @Test func aSecondSignalLaterLeavesNoProgramBehind() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    try runner.write(
      """
      id: sleeper
      name: Sleeper
      finds:
        work_email: {inputs: [[domain]], price: 1, refunds_invalid: false}
      command:
        run: [sh, -c, "echo $$ > id; exec sleep 600"]
        timeout: 3600s

      """, to: "sleeper.yaml")
    let running = try runner.start([
      "enrich", "people.csv", "--column", "work_email=sleeper", "--providers", "sleeper.yaml",
      "-o", "out.csv",
    ])
    for _ in 0..<2000 {
      if (try? runner.read("id"))?.hasSuffix("\n") == true || !running.process.isRunning { break }
      Thread.sleep(forTimeInterval: 0.01)
    }
    let id = try #require(pid_t(try runner.read("id").trimmingCharacters(in: .newlines)))
    kill(running.process.processIdentifier, SIGINT)
    Thread.sleep(forTimeInterval: 1)
    #expect(kill(id, 0) == 0)
    kill(running.process.processIdentifier, SIGINT)
    running.process.waitUntilExit()
    #expect(try running.result().status == 130)
    func isAlive() -> Bool {
      let text = (try? String(contentsOfFile: "/proc/\(id)/cmdline", encoding: .utf8)) ?? ""
      return text.hasPrefix("sleep")
    }
    for _ in 0..<400 where isAlive() { Thread.sleep(forTimeInterval: 0.01) }
    #expect(!isAlive())
  }

  private func limited(
    _ runner: CommandRunner, blocks: Int, _ arguments: [String]
  ) throws -> CommandRunner.Result {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments =
      ["-c", "ulimit -f \(blocks); exec \"$0\" \"$@\"", CommandRunner.tool.path] + arguments
    process.currentDirectoryURL = runner.directory
    process.environment = runner.environment
    let errors = runner.directory.appending(path: "limited.err")
    try Data().write(to: errors)
    process.standardError = try FileHandle(forWritingTo: errors)
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return CommandRunner.Result(
      arguments: arguments, output: "", errors: try runner.read("limited.err"),
      status: process.terminationReason == .exit
        ? process.terminationStatus : 128 + process.terminationStatus)
  }

  /// A file that may not grow any more: the output, the workspace, or either.
  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/bin/bash")))
  func aLimitOnFilesStopsTheRunWhichCanGoOn() throws {
    let runner = try CommandRunner()
    defer { runner.cleanUp() }
    try runner.copyTour("legislators.csv")
    let padding = String(repeating: "x", count: 4000)
    let lines = try runner.read("legislators.csv").split(whereSeparator: \.isNewline)
    let wide = lines.enumerated().map { "\($1),\($0 == 0 ? "Padding" : padding)" }
    try runner.write(wide.joined(separator: "\n") + "\n", to: "wide.csv")
    for (sheet, blocks) in [("wide.csv", 1500), ("legislators.csv", 256), ("legislators.csv", 64)] {
      let name = "\(blocks)"
      let enrich = [
        "enrich", sheet, "--column", "work_email", "--simulate", "--seed", "7", "--workspace",
        "\(name).sqlite", "-o",
      ]
      let result = try limited(runner, blocks: blocks, enrich + ["\(name).csv"])
      #expect(result.status == 74, "\(blocks): \(result.errors)")
      let words =
        sheet == "wide.csv" ? "cannot write the output: file too large" : "the disk failed"
      #expect(result.errors.contains(words), "\(blocks): \(result.errors)")
      #expect(result.errors.contains("file too large"), "\(blocks): \(result.errors)")
      #expect(!runner.exists("\(name).csv"))
      let runs = try runner.run("runs --simulate --workspace \(name).sqlite")
      guard runs.output.contains("enrich") else { continue }
      let resumed = try runner.run("resume --simulate --workspace \(name).sqlite")
      #expect(resumed.status == 0, "\(blocks): \(resumed.errors)")
      _ = try runner.run(enrich + ["whole-\(name).csv"])
      #expect(try runner.read("\(name).csv") == runner.read("whole-\(name).csv"))
      #expect(
        try runner.run("credits verify --simulate --workspace \(name).sqlite").status == 0)
    }
  }
}
