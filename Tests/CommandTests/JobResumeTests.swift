import Foundation
import TestSupport
import Testing

/// The tool is killed while a provider works on what it was asked: the next process fetches the
/// answers, and asks nobody twice.
struct JobResumeTests {
  private static let rows = 8

  @Test(arguments: ["WATERFALL_MANAGED_KEY_ICYPEAS", "WATERFALL_KEY_ICYPEAS"])
  func theNextProcessFetchesTheAnswers(key: String) throws {
    var runner = try CommandRunner()
    defer { runner.cleanUp() }
    runner.environment[key] = "a-secret-of-icypeas"
    runner.environment["WATERFALL_WORKSPACE"] = runner.path("jobs.sqlite")
    var sheet = "First Name,Last Name,Website\n"
    for row in 1...Self.rows { sheet += "Ada,Lovelace\(row),analytical\(row).example\n" }
    try runner.write(sheet, to: "people.csv")
    let manifest = try String(
      contentsOf: CommandRunner.repository("providers/icypeas.yaml"), encoding: .utf8)
    try runner.write(manifest.replacing("every: 5s", with: "every: 2s"), to: "icypeas.yaml")
    // Without an idempotency key, every submission is a question of its own to the sandbox.
    let server = try SandboxServer(runner, ["--reliable", "--pending", "5"])
    let running = try runner.start([
      "enrich", "people.csv", "-o", "out.csv", "--column", "work_email=icypeas", "--yes",
      "--providers", "icypeas.yaml", "--base-url", "icypeas=\(server.base)/icypeas",
    ])
    let path = runner.path("jobs.sqlite")
    let areKept = eventually {
      (try? Database.rows(path, "SELECT count(job) FROM open_question")) == ["\(Self.rows)"]
    }
    kill(running.process.processIdentifier, SIGKILL)
    running.process.waitUntilExit()
    try #require(areKept && running.process.terminationReason == .uncaughtSignal)

    let resumed = try runner.run("resume")
    try #require(resumed.status == 0, "\(resumed.errors)")
    #expect(
      try Database.rows(path, "SELECT DISTINCT outcome FROM attempt ORDER BY 1") == ["hit", "miss"])
    let hits = try Database.rows(path, "SELECT count(*) FROM attempt WHERE outcome = 'hit'")
    let operations = try server.ledger().providers.flatMap(\.operations)
    #expect(operations.reduce(0) { $0 + $1.questions } == Self.rows)
    #expect(["\(operations.reduce(0) { $0 + $1.paid })"] == hits)
    for table in ["open_question", "open_question_page"] {
      #expect(try Database.rows(path, "SELECT count(*) FROM \(table)") == ["0"])
    }
    #expect(try runner.run("credits verify").status == 0)
  }
}
