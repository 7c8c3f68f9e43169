import Foundation
import TestSupport
import Testing

/// A run that asks a sandbox in a bundled provider's place, under a manifest that is changed a
/// little; it is killed in the midst of that, and resumed.
struct KilledRun {
  let runner: CommandRunner
  let server: SandboxServer
  private let provider: String

  /// - Parameters:
  ///   - key: The variable of the key.
  ///   - change: Of the provider's manifest.
  init(
    of provider: String, key: String, rows: Int, sandbox options: [String],
    _ change: (String) throws -> String
  ) throws {
    var runner = try CommandRunner()
    runner.environment[key] = "a-secret-of-\(provider)"
    runner.environment["WATERFALL_WORKSPACE"] = runner.path("killed.sqlite")
    var sheet = "First Name,Last Name,Website\n"
    for row in 1...rows { sheet += "Ada,Lovelace\(row),analytical\(row).example\n" }
    try runner.write(sheet, to: "people.csv")
    let manifest = try String(
      contentsOf: CommandRunner.repository("providers/\(provider).yaml"), encoding: .utf8)
    try runner.write(try change(manifest), to: "\(provider).yaml")
    // The sandbox sees no idempotency key here: every submission is a question of its own.
    server = try SandboxServer(runner, ["--reliable"] + options)
    self.runner = runner
    self.provider = provider
  }

  var path: String { runner.path("killed.sqlite") }

  /// Kills the run with SIGKILL once a query says so, and lets it go on to its end.
  func killAndResume(once query: String, is wanted: String) throws {
    let running = try runner.start([
      "enrich", "people.csv", "-o", "out.csv", "--column", "work_email=\(provider)", "--yes",
      "--providers", "\(provider).yaml", "--base-url", "\(provider)=\(server.base)/\(provider)",
    ])
    let isTime = eventually { (try? Database.rows(path, query)) == [wanted] }
    kill(running.process.processIdentifier, SIGKILL)
    running.process.waitUntilExit()
    try #require(isTime && running.process.terminationReason == .uncaughtSignal)
    let resumed = try runner.run("resume")
    try #require(resumed.status == 0, "\(resumed.errors)")
    #expect(try runner.run("credits verify").status == 0)
  }

  /// Questions that the sandbox was asked, and those that it would bill.
  func bill() throws -> (questions: Int, paid: Int) {
    try server.ledger().providers.flatMap(\.operations).reduce((0, 0)) {
      ($0.0 + $1.questions, $0.1 + $1.paid)
    }
  }
}
