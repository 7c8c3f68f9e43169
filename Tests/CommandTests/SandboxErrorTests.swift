import Foundation
import TestSupport
import Testing

/// What `waterfall sandbox` says where it cannot serve.
@Suite struct SandboxErrorTests {
  /// The port is taken by another sandbox.
  @Test func whereItCannotListenItSaysWhy() throws {
    let runner = try CommandRunner()
    defer { runner.cleanUp() }
    let other = try SandboxServer(runner)
    var results = try runner.runAll([
      "sandbox --port \(other.port)", "sandbox --port 0 --host nobody.invalid",
      "sandbox --port 0 --host 192.0.2.1",
    ])
    for index in results.indices {
      results[index].arguments = results[index].arguments.map {
        $0.replacing(other.port, with: "PORT")
      }
      results[index].errors = results[index].errors.replacing(other.port, with: "PORT")
    }
    try expectSnapshot("sandbox-refused", runner, results)
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/net/if_inet6")))
  func anAddressWithColonsStandsInBrackets() throws {
    let runner = try CommandRunner()
    defer { runner.cleanUp() }
    let output = Pipe()
    let running = try runner.start(
      ["sandbox", "--port", "0", "--host", "::1"], standardOutput: output)
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    running.process.terminate()
    running.process.waitUntilExit()
    // A machine without such an address says so.
    guard try running.result().errors.isEmpty else { return }
    #expect(line.hasPrefix("sandbox: listening on http://[::1]:"), "\(line)")
  }

  @Test func theServerSaysItUnderItsOwnName() throws {
    for (arguments, words, status) in [
      (["--host", "nobody.invalid"], "--host: the host “nobody.invalid” has no address.", 1),
      (["--faults", "2"], "--faults: “2” is no share.", 64), (["--prot"], "unknown option", 64),
    ] as [([String], String, Int32)] {
      let failure = #expect(throws: ServerProcess.Failure.self) {
        _ = try ServerProcess(["sandbox"] + arguments)
      }
      #expect(failure?.status == status)
      #expect(failure?.errors.hasPrefix("waterfall-server: \(words)") == true, "\(failure as Any)")
    }
  }

  @Test func wrongOptionsAreNamedAsThoseOfTheTool() throws {
    let runner = try CommandRunner()
    defer { runner.cleanUp() }
    try expectSnapshot(
      "sandbox-usage", runner,
      try runner.runAll([
        "sandbox --port -1", "sandbox --port 70000", "sandbox --port http", "sandbox --port",
        "sandbox --faults 20%", "sandbox --faults 2", "sandbox --faults 0,2",
        "sandbox --faults -1", "sandbox --faults 150%", "sandbox --faults few",
        "sandbox --faults nan", "sandbox --seed -1", "sandbox --latency soon",
        "sandbox --script nowhere.yaml", "sandbox --prot 1", "sandbox here",
      ]))
    let help = try runner.run("sandbox --help")
    #expect(help.status == 0 && help.output.contains("USAGE: waterfall sandbox"))
  }
}
