import Foundation
import Testing

/// The real path, where nobody answers or the answer is of no use: the cell has a clear outcome,
/// nothing is charged, and the waterfall goes on.
struct RealPathTests {
  /// A finder in Hunter's dialect.
  private static func manifest(_ id: String, value: String) -> String {
    """
    id: \(id)
    name: \(id.capitalized)
    finds:
      work_email: {inputs: [[first_name, last_name, domain]], price: 1, refunds_invalid: false}
    http:
      base: https://\(id).invalid
      auth: {header: X-API-KEY}
      finds:
        work_email:
          request:
            path: /email-finder
            query: {first_name: "{first_name}", last_name: "{last_name}", domain: "{domain}"}
          value: "\(value)"

    """
  }

  private static let sheet = """
    First Name,Last Name,Website
    Ada,Lovelace,analytical.example
    Grace,Hopper,navy.example

    """

  /// - Parameter bases: Options `--base-url`; `PORT` is that of a sandbox.
  private func expect(_ snapshot: String, _ column: String, _ bases: [String]) throws {
    var runner = try CommandRunner()
    defer { runner.cleanUp() }
    for id in ["HUNTER", "ODDLY", "PLAINLY"] {
      runner.environment["WATERFALL_MANAGED_KEY_\(id)"] = "secret-of-\(id)"
    }
    try runner.write(Self.sheet, to: "people.csv")
    try runner.write(Self.manifest("oddly", value: ".data | keys | .[0] | keys"), to: "oddly.yaml")
    try runner.write(Self.manifest("plainly", value: ".data.email"), to: "plainly.yaml")
    let server = try SandboxServer(runner)
    let options = bases.flatMap { ["--base-url", $0.replacing("PORT", with: server.port)] }
    var results = [
      try runner.run(
        ["enrich", "people.csv", "--column", "work_email=\(column)", "-o", "out.csv"]
          + ["--providers", "oddly.yaml", "--providers", "plainly.yaml"] + options)
    ]
    results[0].arguments = results[0].arguments.map { $0.replacing(server.port, with: "PORT") }
    results[0].errors = results[0].errors.replacing(server.port, with: "PORT")
    // What libcurl's TLS library says of it, and which one it is.
    results[0].errors = results[0].errors.replacing(/(no TLS with [^:]+:PORT): .*\)/) {
      "\($0.1): …)"
    }
    #expect(try runner.run("credits verify").status == 0)
    results.append(
      CommandRunner.Result(
        arguments: ["(outcomes)"],
        output: try Database.rows(
          runner.path(".local/share/waterfall/workspace.sqlite"),
          """
          SELECT "row", step, outcome, coalesce(reason, '–'), captured FROM attempt
          WHERE kind = 'asked' ORDER BY "row", step
          """
        ).joined(separator: "\n"), errors: "", status: 0))
    try expectSnapshot(snapshot, runner, results)
    #expect(results.allSatisfy { !($0.output + $0.errors).contains("secret-of") })
  }

  @Test func aHostWithoutAnAddress() throws {
    try expect(
      "real-no-address", "oddly,plainly",
      ["oddly=http://nobody.invalid", "plainly=http://127.0.0.1:PORT/hunter"])
  }

  @Test func aHostThatRefuses() throws {
    try expect(
      "real-refused", "oddly,plainly",
      ["oddly=http://127.0.0.1:1", "plainly=http://127.0.0.1:PORT/hunter"])
  }

  @Test func aHostThatDoesNotSpeakTLS() throws {
    try expect(
      "real-no-tls", "oddly,plainly",
      ["oddly=https://127.0.0.1:PORT", "plainly=http://127.0.0.1:PORT/hunter"])
  }

  @Test func jqThatFails() throws {
    try expect(
      "real-jq-fails", "oddly,plainly",
      ["oddly=http://127.0.0.1:PORT/hunter", "plainly=http://127.0.0.1:PORT/hunter"])
  }

  @Test func aPathThatNobodyServes() throws {
    try expect(
      "real-no-such-path", "oddly,plainly",
      ["oddly=http://127.0.0.1:PORT/nobody", "plainly=http://127.0.0.1:PORT/hunter"])
  }
}
