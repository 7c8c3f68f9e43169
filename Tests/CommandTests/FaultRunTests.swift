import Foundation
import TestSupport
import Testing

/// Runs over sockets in which something goes wrong with one provider: the cell gets a clear outcome,
/// the waterfall goes on, and nothing is charged that was not found.
struct FaultRunTests {
  /// What the sandbox does to every exchange with the first provider, and what its attempts became.
  struct Case: Sendable, CustomTestStringConvertible {
    let fault: String
    let outcomes: Set<String>
    var provider = "hunter"
    var testDescription: String { fault }
  }

  static let cases = [
    Case(fault: "fault: latency, wait: 5ms", outcomes: ["hit", "miss"]),
    Case(fault: "fault: slow_loris, wait: 1ms", outcomes: ["hit", "miss"]),
    Case(fault: "fault: reset", outcomes: ["unknown"]),
    // What began as an answer may be billed; what is no answer is not.
    Case(fault: "fault: truncated", outcomes: ["unknown", "malformed", "unavailable"]),
    Case(fault: "fault: malformed", outcomes: ["unknown"]),
    Case(fault: "fault: wrong_type", outcomes: ["malformed"]),
    Case(fault: "fault: gzip_bomb", outcomes: ["unknown"]),
    Case(fault: "fault: error_200", outcomes: ["malformed"]),
    Case(fault: "fault: rate_limited, retry_after: 1", outcomes: ["rate_limited"]),
    Case(fault: "fault: rate_limited, retry_after: none", outcomes: ["rate_limited"]),
    Case(fault: "fault: unavailable", outcomes: ["unavailable"]),
    Case(fault: "fault: redirect", outcomes: ["refused"]),
    Case(fault: "fault: credentials", outcomes: ["credentials"]),
    Case(fault: "fault: quota", outcomes: ["quota"]),
    Case(fault: "fault: duplicate", outcomes: ["hit", "miss"]),
    Case(fault: "fault: timeout", outcomes: ["unknown"]),
    Case(fault: "fault: duplicate", outcomes: ["hit", "miss"], provider: "icypeas"),
    Case(
      fault: "fault: late, stage: poll, attempt: 1", outcomes: ["hit", "miss"],
      provider: "icypeas"),
    Case(fault: "fault: late, polls: 1000", outcomes: ["unknown"], provider: "icypeas"),
    Case(fault: "fault: unknown_job", outcomes: ["refused"], provider: "icypeas"),
  ]

  /// A provider that nobody waits long for.
  private static func hasty(_ provider: String) throws -> String {
    let manifest = try String(
      contentsOf: CommandRunner.repository("providers/\(provider).yaml"), encoding: .utf8)
    return manifest.replacing("every: 5s", with: "every: 50ms").replacing(
      "most: 3m", with: "most: 2s"
    ).replacing("\nhttp:\n", with: "\nhttp:\n  timeouts: {first_byte: 1s, total: 2s}\n").replacing(
      /\n  limits: .*\n/, with: "\n")
  }

  @Test(arguments: cases) func theWaterfallGoesOn(fault: Case) throws {
    let runner = try CommandRunner()
    defer { runner.cleanUp() }
    try runner.copyTour("legislators.csv")
    try runner.write(
      "rules:\n  - {\(fault.fault), provider: \(fault.provider), every: 1}\n", to: "faults.yaml")
    try runner.write(try Self.hasty(fault.provider), to: "hasty.yaml")
    let server = try SandboxServer(runner, ["--script", "faults.yaml"])
    let run = try runner.run([
      "enrich", "legislators.csv", "-o", "out.csv", "--column",
      "work_email=\(fault.provider),findymail", "--providers", "hasty.yaml",
      "--sandbox", server.base, "--workspace", "w.sqlite", "--limit", "20",
    ])
    try #require(run.status == 0, "\(run.errors)")
    let path = runner.path("w-simulated.sqlite")
    let outcomes = try Database.rows(
      path,
      "SELECT DISTINCT coalesce(reason, outcome) FROM attempt WHERE kind = 'asked' AND step = 0")
    #expect(Set(outcomes).isSubset(of: fault.outcomes), "\(outcomes) \(run.errors)")
    // What the first did not find, the second was asked for; nothing else was charged.
    #expect(
      try Database.rows(
        path,
        """
        SELECT count(*) > 0, sum(outcome = 'hit') > 0 FROM attempt
        WHERE kind = 'asked' AND step = 1
        """) == ["1|1"])
    #expect(
      try Database.rows(
        path, "SELECT count(*) FROM attempt WHERE outcome <> 'hit' AND captured > 0") == ["0"])
    #expect(try runner.read("out.csv").split(whereSeparator: \.isNewline).count == 538)
    #expect(try runner.run("credits verify --simulate --workspace w.sqlite").status == 0)
  }

  /// Whatever happens to answers on their way: what the provider would bill is charged here, or
  /// listed as unknown; nothing is charged that it would not bill.
  @Test(arguments: ["truncated", "malformed", "wrong_type", "error_200", "reset", "gzip_bomb"])
  func whatIsBilledIsChargedOrListed(fault: String) throws {
    let runner = try CommandRunner()
    defer { runner.cleanUp() }
    try runner.copyTour("legislators.csv")
    try runner.write(
      "rules:\n  - {fault: \(fault), provider: hunter, every: 1}\n", to: "faults.yaml")
    let server = try SandboxServer(runner, ["--script", "faults.yaml", "--reliable"])
    let run = try runner.run([
      "enrich", "legislators.csv", "-o", "out.csv", "--column", "work_email=hunter,findymail",
      "--sandbox", server.base, "--workspace", "w.sqlite", "--limit", "20",
    ])
    try #require(run.status == 0, "\(run.errors)")
    let paid = try server.ledger().paidKeys
    let bill = try Bill(runner.path("w-simulated.sqlite"))
    #expect(bill.charged.isSubset(of: paid), "\(run.errors)")
    #expect(paid.isSubset(of: bill.charged.union(bill.unknown)), "\(run.errors)")
    // What never was an answer is a failure, and no unknown.
    if ["wrong_type", "error_200"].contains(fault) { #expect(bill.unknown.isEmpty) }
  }
}
