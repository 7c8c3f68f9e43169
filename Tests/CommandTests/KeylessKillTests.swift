import Foundation
import TestSupport
import Testing

/// Kills the tool with SIGKILL at random moments while it asks providers that know no repeated
/// question by a key, as most do: one that is polled, one that takes batches, and a verifier. Every
/// fifth exchange goes wrong. What is not sure was sent is not sent again; so each of them bills what
/// the ledger charged, and at most the questions that the run lists as never answered.
@Suite(.serialized) struct KeylessKillTests {
  static let kills = 15
  static let rows = 80
  static let providers = ["wiza", "pdl", "hunter"]

  /// What one provider bills, or was charged for, in one role.
  struct Sum: Equatable {
    var charged = 0
    var unknown = 0
    var paid = 0
  }

  @Test func whatIsBilledIsChargedOrListed() throws {
    let seed = TestSeed.drawn("KILL_SEED")
    var random = SplitMix64(state: seed)
    let stage = try CommandRunner()
    defer { stage.cleanUp() }
    let server = try SandboxServer(stage, ["--faults", "0.2", "--fault-seed", "\(seed % 1000)"])
    var killed = 0
    var sums: [String: Sum] = [:]
    while killed < Self.kills {
      let runner = try Self.runner(server)
      defer { runner.cleanUp() }
      for _ in 0..<Int.random(in: 2...4, using: &random) {
        let running = try runner.start(Self.next(runner, server))
        Thread.sleep(forTimeInterval: Double.random(in: 0.2...2.5, using: &random))
        kill(running.process.processIdentifier, SIGKILL)
        running.process.waitUntilExit()
        guard running.process.terminationReason != .exit else { break }
        killed += 1
      }
      try Self.finish(runner, server, "seed \(seed)")
      try Self.add(runner, to: &sums)
    }
    for provider in try server.ledger().providers {
      for operation in provider.operations {
        sums["\(provider.provider) \(operation.role)", default: Sum()].paid += operation.paid
      }
    }
    print("KILL_SEED=\(seed): \(killed) kills, \(sums)")
    #expect(sums.keys.sorted() == ["hunter verifier", "pdl finder", "wiza finder"])
    for (name, sum) in sums {
      let place = "seed \(seed), \(name): \(sum)"
      #expect(sum.charged > 0, "\(place)")
      #expect(sum.charged <= sum.paid, "charged, and not billed: \(place)")
      #expect(sum.paid <= sum.charged + sum.unknown, "billed, and not charged: \(place)")
    }
  }

  private static func workspace(_ runner: CommandRunner) -> String { runner.path("kill.sqlite") }

  /// A sheet, and the bundled manifests without the limits and waits that are for real providers.
  private static func runner(_ server: SandboxServer) throws -> CommandRunner {
    var runner = try CommandRunner()
    runner.environment["WATERFALL_BATCH"] = "16"
    runner.environment["WATERFALL_WORKSPACE"] = workspace(runner)
    try runner.makeDirectory("providers")
    for provider in providers {
      runner.environment["WATERFALL_MANAGED_KEY_\(provider.uppercased())"] = "secret-of-\(provider)"
      var manifest = try String(
        contentsOf: CommandRunner.repository("providers/\(provider).yaml"), encoding: .utf8)
      for key in ["limits", "retries"] {
        manifest.replace(try Regex("(?m)^  \(key): .*$"), with: "")
      }
      manifest.replace(try Regex("every: [0-9]+s"), with: "every: 200ms")
      manifest.replace(
        "\nhttp:\n",
        with: """

          http:
            retries: {most: 4, wait: 20ms, longest: 100ms}
            timeouts: {first_byte: 5s, total: 5s}

          """)
      try runner.write(manifest, to: "providers/\(provider).yaml")
    }
    try runner.write(
      "columns: [{field: work_email, steps: [wiza, pdl], verify: hunter}]\n", to: "columns.yaml")
    var text = "First Name,Last Name,Website\n"
    for row in 0..<rows { text += "Ada,Lovelace\(row),www.company\(row % 40).com\n" }
    try runner.write(text, to: "people.csv")
    #expect(try runner.run("credits grant 100000").status == 0)
    return runner
  }

  private static func next(_ runner: CommandRunner, _ server: SandboxServer) -> [String] {
    guard !Database.hasRun(workspace(runner)) else { return ["resume", "--quiet"] }
    let bases = providers.flatMap { ["--base-url", "\($0)=\(server.base)/\($0)"] }
    return [
      "enrich", "people.csv", "-o", "out.csv", "--config", "columns.yaml", "--quiet", "--yes",
      "--providers", "providers",
    ] + bases
  }

  private static func finish(
    _ runner: CommandRunner, _ server: SandboxServer, _ place: String
  ) throws {
    if !Database.isDone(workspace(runner)) {
      let result = try runner.run(next(runner, server))
      try #require(result.status == 0, "\(place): \(result.errors)")
    }
    let lines = try runner.read("out.csv").split(separator: "\n")
    try #require(lines.count == rows + 1, "\(place): rows are lost")
    let verify = try runner.run("credits verify")
    try #require(verify.status == 0, "\(place): \(verify.output)")
  }

  private static func add(_ runner: CommandRunner, to sums: inout [String: Sum]) throws {
    let rows = try Database.rows(
      workspace(runner),
      """
      SELECT provider || ' ' || role, sum(captured > 0), sum(outcome = 'unknown')
      FROM attempt JOIN run_step USING (run, col, step, role) WHERE kind = 'asked' GROUP BY 1
      """)
    for row in rows {
      let parts = row.split(separator: "|", omittingEmptySubsequences: false)
      sums[String(parts[0]), default: Sum()].charged += Int(parts[1]) ?? 0
      sums[String(parts[0]), default: Sum()].unknown += Int(parts[2]) ?? 0
    }
  }
}
