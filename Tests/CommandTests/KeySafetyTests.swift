import Foundation
import Testing

/// Where a key could be seen while a run goes on, or when it dies.
@Suite struct KeySafetyTests {
  private static let secret = "secret-of-a-run-6f1c2d"

  /// A run that waits for a program, which has a key.
  private static func running(_ runner: inout CommandRunner) throws -> CommandRunner.Running {
    try runner.write(
      """
      id: sleeper
      name: Sleeper
      finds:
        work_email: {inputs: [[domain]], price: 1, refunds_invalid: false}
      command:
        run: [sh, -c, "echo $$ > id; exec sleep 600"]
        key: SLEEPER_KEY
        timeout: 3600s

      """, to: "sleeper.yaml")
    let set = try runner.run(
      ["keys", "set", "sleeper", "--providers", "sleeper.yaml"], input: Data(secret.utf8))
    #expect(set.status == 0, "\(set.errors)")
    let running = try runner.start([
      "enrich", "people.csv", "--column", "work_email=sleeper", "--providers", "sleeper.yaml",
      "-o", "out.csv",
    ])
    for _ in 0..<2000 {
      if (try? runner.read("id"))?.hasSuffix("\n") == true || !running.process.isRunning { break }
      Thread.sleep(forTimeInterval: 0.01)
    }
    try #require(running.process.isRunning)
    return running
  }

  /// The memory of a run has its keys in it.
  @Test func aRunThatDiesLeavesNoMemoryBehind() throws {
    var runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    let running = try Self.running(&runner)
    let program = try #require(pid_t(try runner.read("id").trimmingCharacters(in: .newlines)))
    defer { kill(program, SIGKILL) }
    for id in [running.process.processIdentifier, program] {
      let limits = try String(contentsOfFile: "/proc/\(id)/limits", encoding: .utf8)
      let line = try #require(limits.split(separator: "\n").first { $0.contains("core file") })
      #expect(line.split(separator: " ").filter { $0.allSatisfy(\.isNumber) } == ["1", "1"])
    }
    kill(running.process.processIdentifier, SIGQUIT)
    running.process.waitUntilExit()
    let result = try running.result()
    #expect(result.status == 128 + SIGQUIT)
    #expect(!result.errors.contains(Self.secret))
    let names = try FileManager.default.contentsOfDirectory(atPath: runner.directory.path)
    #expect(!names.contains { $0.hasPrefix("core") }, "\(names)")
  }

  @Test func noCommandLineHasAKey() throws {
    var runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    let running = try Self.running(&runner)
    defer {
      running.process.terminate()
      Thread.sleep(forTimeInterval: 0.5)
      running.process.terminate()
      running.process.waitUntilExit()
    }
    var looked = 0
    for name in try FileManager.default.contentsOfDirectory(atPath: "/proc") {
      guard Int(name) != nil,
        let line = FileManager.default.contents(atPath: "/proc/\(name)/cmdline")
      else { continue }
      looked += 1
      #expect(line.range(of: Data(Self.secret.utf8)) == nil, "a key is in that of \(name)")
    }
    #expect(looked > 2)
    let program = try runner.read("id").trimmingCharacters(in: .newlines)
    let environment = FileManager.default.contents(atPath: "/proc/\(program)/environ") ?? Data()
    #expect(environment.range(of: Data(Self.secret.utf8)) != nil, "the program has no key")
  }

  /// It asks nobody.
  @Test func aSandboxGetsNoKeys() throws {
    var runner = try CommandRunner()
    defer { runner.cleanUp() }
    runner.environment["WATERFALL_KEY_HUNTER"] = Self.secret
    runner.environment["WATERFALL_MANAGED_KEY_PDL"] = Self.secret
    let output = Pipe()
    let running = try runner.start(["sandbox", "--port", "0"], standardOutput: output)
    _ = output.fileHandleForReading.availableData
    let id = running.process.processIdentifier
    let environment = FileManager.default.contents(atPath: "/proc/\(id)/environ") ?? Data()
    running.process.terminate()
    running.process.waitUntilExit()
    let text = String(decoding: environment, as: UTF8.self)
    #expect(text.contains("PATH=") && !text.contains(Self.secret), "\(text)")
  }
}
