import Foundation
import TestSupport
import Testing

/// The tool is killed while it asks a provider that knows no repeated question: only what the
/// provider had room for is in doubt afterwards, however many rows were waiting.
struct KilledQuestionTests {
  private static let rows = 300
  private static let room = 8

  @Test func onlyWhatWasHandedOverIsInDoubt() throws {
    var runner = try CommandRunner()
    defer { runner.cleanUp() }
    runner.environment["WATERFALL_MANAGED_KEY_HUNTER"] = "a-secret-of-hunter"
    runner.environment["WATERFALL_WORKSPACE"] = runner.path("killed.sqlite")
    var sheet = "First Name,Last Name,Website\n"
    for row in 1...Self.rows { sheet += "Ada,Lovelace\(row),analytical\(row).example\n" }
    try runner.write(sheet, to: "people.csv")
    let manifest = try String(
      contentsOf: CommandRunner.repository("providers/hunter.yaml"), encoding: .utf8)
    let limits = try #require(manifest.firstRange(of: /\n  limits: .*\n/))
    try runner.write(
      manifest.replacingCharacters(in: limits, with: "\n  concurrency: \(Self.room / 2)\n"),
      to: "hunter.yaml")
    let server = try SandboxServer(runner, ["--reliable", "--latency", "10ms"])
    let running = try runner.start([
      "enrich", "people.csv", "-o", "out.csv", "--column", "work_email=hunter", "--yes",
      "--providers", "hunter.yaml", "--base-url", "hunter=\(server.base)/hunter",
    ])
    let path = runner.path("killed.sqlite")
    let isUnderWay = eventually {
      (try? Database.rows(path, "SELECT count(*) > 20 FROM attempt")) == ["1"]
    }
    kill(running.process.processIdentifier, SIGKILL)
    running.process.waitUntilExit()
    try #require(isUnderWay && running.process.terminationReason == .uncaughtSignal)

    let resumed = try runner.run("resume")
    try #require(resumed.status == 0, "\(resumed.errors)")
    let outcomes = try Database.rows(
      path, "SELECT count(*), total(outcome = 'unknown'), total(captured > 0) FROM attempt")
    let counts = outcomes[0].split(separator: "|").compactMap { Double($0).map(Int.init) }
    try #require(counts.count == 3 && counts[0] == Self.rows, "\(outcomes)")
    let (unknown, charged) = (counts[1], counts[2])
    #expect(unknown <= Self.room, "\(unknown) questions in doubt")
    let paid = try server.ledger().providers.flatMap(\.operations).reduce(0) { $0 + $1.paid }
    #expect(charged > Self.rows / 4 && (charged...(charged + unknown)).contains(paid))
    #expect(try runner.run("credits verify").status == 0)
  }
}
