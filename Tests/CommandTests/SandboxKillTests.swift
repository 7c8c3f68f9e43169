import Foundation
import TestSupport
import Testing

/// Kills the tool with SIGKILL at random moments while it asks a sandbox in which every fifth
/// exchange goes wrong: no cell is lost, nothing is charged twice, and what the providers would
/// bill is what the ledger charged, but for questions that the run lists as never answered.
@Suite(.serialized) struct SandboxKillTests {
  static let kills = 100
  static let rows = 150

  @Test func theProvidersBillWhatTheLedgerCharged() throws {
    let seed = TestSeed.drawn("KILL_SEED")
    var random = SplitMix64(state: seed)
    let stage = try CommandRunner()
    defer { stage.cleanUp() }
    let server = try SandboxServer(stage, ["--faults", "0.2", "--fault-seed", "\(seed % 1000)"])
    var killed = 0
    var bill = Bill()
    while killed < Self.kills {
      let life = try Life(server, seed: seed)
      defer { life.runner.cleanUp() }
      for _ in 0..<Int.random(in: 3...8, using: &random) {
        let delay = Double.random(in: 0.1...2.5, using: &random)
        guard try life.startAndKill(after: delay) else { break }
        killed += 1
      }
      try life.finish()
      try life.expectSound("seed \(seed)")
      bill.add(try life.bill())
    }
    // Each workspace has a name of its own, and with it keys of its own.
    let paid = try server.ledger().paidKeys
    let (missing, extra) = (bill.charged.subtracting(paid), paid.subtracting(bill.charged))
    #expect(bill.charged.count > 200, "seed \(seed)")
    #expect(missing.isEmpty, "seed \(seed): charged, and not billed: \(missing.count)")
    let unexplained = extra.subtracting(bill.unknown)
    #expect(unexplained.isEmpty, "seed \(seed): billed, and not charged: \(unexplained.count)")
  }

  /// One run that is killed a few times and then left in peace.
  private struct Life {
    let runner: CommandRunner
    let arguments: [String]
    private var path: String { runner.path("kill-simulated.sqlite") }

    init(_ server: SandboxServer, seed: UInt64) throws {
      var runner = try CommandRunner()
      runner.environment["WATERFALL_BATCH"] = "16"
      runner.environment["WATERFALL_WORKSPACE"] = runner.path("kill.sqlite")
      self.runner = runner
      arguments = [
        "enrich", "people.csv", "-o", "out.csv", "--column", "work_email=hunter,findymail,prospeo",
        "--sandbox", server.base, "--seed", "\(seed % 97)", "--quiet", "--yes",
      ]
      var text = "First Name,Last Name,Website\n"
      for row in 0..<SandboxKillTests.rows {
        text += "Ada,Lovelace\(row),www.company\(row % 40).com\n"
      }
      try runner.write(text, to: "people.csv")
    }

    private var next: [String] {
      Database.hasRun(path) ? ["resume", "--simulate", "--quiet"] : arguments
    }

    /// Whether it was killed before it ended.
    func startAndKill(after seconds: Double) throws -> Bool {
      let running = try runner.start(next)
      Thread.sleep(forTimeInterval: seconds)
      kill(running.process.processIdentifier, SIGKILL)
      running.process.waitUntilExit()
      return running.process.terminationReason != .exit
    }

    func finish() throws {
      guard !Database.isDone(path) else { return }
      let result = try runner.run(next)
      try #require(result.status == 0, "\(result.errors)")
    }

    func expectSound(_ place: String) throws {
      let lines = try runner.read("out.csv").split(separator: "\n")
      try #require(lines.count == SandboxKillTests.rows + 1, "\(place): rows are lost")
      let verify = try runner.run("credits verify --simulate")
      try #require(verify.status == 0, "\(place): \(verify.output)")
      let cells = try Database.rows(
        path, "SELECT count(DISTINCT \"row\") FROM attempt WHERE kind = 'asked'")
      try #require(cells == ["\(SandboxKillTests.rows)"], "\(place): cells are lost")
    }

    func bill() throws -> Bill { try Bill(path) }
  }
}
