import Foundation
import Testing

/// Runs through the real path, over sockets, against a sandbox that plays the simulated world.
@Suite(.serialized) struct SandboxRunTests {
  /// What a run leaves behind, without what depends on time: latencies, dates, and the order in
  /// which answers came in.
  struct Remains: Equatable {
    var output: String
    /// Row, column, step, role, provider, key and outcome of every attempt, in order.
    var steps: [String]
    /// What each attempt did to the ledger.
    var charges: [String]

    init(_ runner: CommandRunner, workspace: String, output: String) throws {
      self.output = try runner.read(output)
      let path = runner.path(workspace)
      steps = try Database.rows(
        path,
        """
        SELECT a."row", a.col, a.step, a.role, s.provider, a.kind, a.outcome, a.reason, a.verdict,
          a.accepted, a.value, a.money
        FROM attempt a JOIN run_step s USING (run, col, step, role)
        WHERE kind <> 'shared' ORDER BY a."row", a.col, a.step, a.role
        """)
      charges = try Database.rows(
        path,
        """
        SELECT "row", col, step, role, captured, refunded, overrun, saved FROM attempt
        WHERE kind = 'asked' ORDER BY "row", col, step, role
        """)
    }
  }

  static let columns = [
    "--column", "work_email", "--column", "mobile_phone=datagma,leadmagic,prospeo", "--column",
    "job_title", "--column", "linkedin_url",
  ]

  /// The same sheet with the same seed, played within and over sockets.
  @Test(arguments: [7, 4211]) func theSandboxAnswersAsTheSimulationDoes(seed: Int) throws {
    let runner = try CommandRunner()
    defer { runner.cleanUp() }
    try runner.copyTour("legislators.csv")
    let server = try SandboxServer(runner, ["--seed", "99"])
    let common =
      ["enrich", "legislators.csv"] + Self.columns
      + ["--provenance", "--seed", "\(seed)", "--limit", "200", "--quiet"]
    let within = try runner.run(
      common + ["--simulate", "--workspace", "within.sqlite", "-o", "within.csv"])
    #expect(within.status == 0, "\(within.errors)")
    let over = try runner.run(
      common + ["--sandbox", server.base, "--workspace", "over.sqlite", "-o", "over.csv"])
    #expect(over.status == 0, "\(over.errors)")
    let simulated = try Remains(
      runner, workspace: "within-simulated.sqlite", output: "within.csv")
    let remote = try Remains(runner, workspace: "over-simulated.sqlite", output: "over.csv")
    #expect(simulated.output == remote.output)
    #expect(simulated.steps.count > 500)
    for (one, other) in zip(simulated.steps, remote.steps) where one != other {
      Issue.record("over sockets: \(other)\nwithin:       \(one)")
      break
    }
    #expect(simulated.steps.count == remote.steps.count)
    #expect(simulated.charges == remote.charges)
    let verify = try runner.run("credits verify --simulate --workspace over.sqlite")
    #expect(verify.status == 0, "\(verify.output)")
    let latencies = try Database.rows(
      runner.path("over-simulated.sqlite"),
      "SELECT count(*) FROM attempt WHERE kind = 'asked' AND exchanges > 0 AND latency > 0")
    #expect(latencies != ["0"])
  }

  /// Own keys cost no credits and show the provider's own bill; the others are charged.
  @Test func ownAndManagedKeysInOneRun() throws {
    var runner = try CommandRunner()
    defer { runner.cleanUp() }
    try runner.copyTour("legislators.csv")
    runner.environment["WATERFALL_KEY_HUNTER"] = "own-secret-of-hunter"
    runner.environment["WATERFALL_MANAGED_KEY_HUNTER"] = "managed-secret-of-hunter"
    runner.environment["WATERFALL_MANAGED_KEY_FINDYMAIL"] = "managed-secret-of-findymail"
    let server = try SandboxServer(runner)
    let run = try runner.run([
      "enrich", "legislators.csv", "--column", "work_email=hunter,findymail", "--limit", "60",
      "--base-url", "hunter=\(server.base)/hunter", "--base-url",
      "findymail=\(server.base)/findymail", "--workspace", "mixed.sqlite", "-o", "out.csv",
    ])
    #expect(run.status == 0, "\(run.errors)")
    let path = runner.path("mixed.sqlite")
    let own = try Database.rows(
      path,
      """
      SELECT total(captured), sum(outcome = 'hit') > 10, total(saved) > 0, sum(money) > 0, count(*) > 10,
        sum((SELECT kind FROM entry WHERE seq = a.opening) = 'zero') = count(*)
      FROM attempt a WHERE kind = 'asked' AND step = 0
      """)
    #expect(own == ["0.0|1|1|1|1|1"])
    let managed = try Database.rows(
      path,
      """
      SELECT count(*) > 0, sum(outcome = 'hit' AND captured <> 1000000),
        sum(outcome <> 'hit' AND captured <> 0), total(saved)
      FROM attempt WHERE kind = 'asked' AND step = 1
      """)
    #expect(managed == ["1|0|0|0.0"])
    #expect(try runner.run("credits verify --workspace mixed.sqlite").status == 0)
    try expectNoSecret(runner, ["secret-of"])
  }

  /// Nothing that a run leaves behind has the key in it.
  private func expectNoSecret(_ runner: CommandRunner, _ secrets: [String]) throws {
    let files = FileManager.default.enumerator(
      at: runner.directory, includingPropertiesForKeys: [.isRegularFileKey])
    var looked = 0
    for case let file as URL in files! {
      guard let data = try? Data(contentsOf: file) else { continue }
      looked += 1
      for secret in secrets {
        #expect(data.range(of: Data(secret.utf8)) == nil, "\(file.lastPathComponent)")
      }
    }
    #expect(looked > 3)
  }
}
