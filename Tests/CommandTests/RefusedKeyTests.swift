import Foundation
import Testing

/// Keys that a provider does not accept, and those of providers that take none.
@Suite struct RefusedKeyTests {
  /// The note names where the key comes from, and how to set another one.
  @Test func theNoteSaysWhichKeyAndHowToSetAnother() throws {
    var runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    try runner.write("rules:\n  - {fault: credentials}\n", to: "faults.yaml")
    let server = try SandboxServer(runner, ["--script", "faults.yaml"])
    let enrich = [
      "enrich", "people.csv", "--column", "work_email=hunter", "-o", "-", "--base-url",
      "hunter=\(server.base)/hunter",
    ]
    func attempt(_ more: [String] = []) throws -> CommandRunner.Result {
      var result = try runner.run(enrich + more)
      result.arguments = result.arguments.map { $0.replacing(server.port, with: "PORT") }
      result.errors = result.errors.replacing(server.port, with: "PORT")
      return result
    }
    let secret = "secret-of-hunter"
    #expect(
      try runner.run(["keys", "set", "hunter", "--managed"], input: Data(secret.utf8)).status == 0)
    var results = [try attempt()]
    #expect(
      try runner.run(["keys", "set", "hunter", "--command", "echo \(secret)"]).status == 0)
    results.append(try attempt())
    runner.environment["WATERFALL_KEY_HUNTER"] = secret
    results += [try attempt(), try attempt(["--quiet"])]
    for index in results.indices {
      results[index].errors = results[index].errors.replacing("echo \(secret)", with: "COMMAND")
      #expect(!results[index].errors.contains("secret-of"))
      if index < 3 {
        let lines = results[index].errors.split(separator: "\n")
        results[index].errors = lines.filter { $0.contains("key") }.joined(separator: "\n")
      }
    }
    try expectSnapshot("keys-not-accepted", runner, results)
    #expect(
      try Database.rows(
        runner.path(".local/share/waterfall/workspace.sqlite"),
        "SELECT count(*) > 3, total(captured) FROM attempt") == ["1|0.0"])
  }

  /// A program without a key costs its price, whatever variables there are.
  @Test func whoTakesNoKeyIsCharged() throws {
    var runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    try runner.write(
      """
      id: ours
      name: Ours
      finds:
        work_email: {inputs: [[domain]], price: 1, refunds_invalid: false}
      command:
        run: [sh, ours.sh]

      """, to: "ours.yaml")
    try runner.write(
      #"""
      n=0
      while read -r line; do
        n=$((n + 1))
        echo "{\"id\": \"$n\", \"value\": \"someone$n@ours.example\"}"
      done
      """#, to: "ours.sh")
    try runner.write(
      "columns: [{field: work_email, steps: [{provider: ours, key: own}]}]\n", to: "own.yaml")
    runner.environment["WATERFALL_KEY_OURS"] = "secret-of-ours"
    let enrich = "enrich people.csv --providers ours.yaml"
    try expectSnapshot(
      "keys-none-taken", runner,
      try runner.runAll([
        "\(enrich) --column work_email=ours -o out.csv", "credits history --run 1",
        "\(enrich) --config own.yaml -o own.csv",
        "keys set ours --providers ours.yaml --command x", "keys set rdap --command x",
      ]))
    #expect(try runner.run("credits verify").status == 0)
  }
}
