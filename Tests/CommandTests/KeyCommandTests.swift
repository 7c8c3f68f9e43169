import Foundation
import Testing

/// Commands that print keys, in runs that ask for real.
@Suite struct KeyCommandTests {
  private static func set(_ command: String, _ runner: CommandRunner, _ provider: String = "hunter")
    throws
  {
    let result = try runner.run(["keys", "set", provider, "--managed", "--command", command])
    #expect(result.status == 0, "\(result.errors)")
  }

  /// Before anybody is asked, also for a provider that might not be asked at all.
  @Test func aCommandThatFailsEndsTheRunBeforeItBegins() throws {
    var runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    runner.environment["WATERFALL_MANAGED_KEY_FINDYMAIL"] = "secret-of-findymail"
    let server = try SandboxServer(runner)
    let bases = ["hunter", "findymail"].flatMap { ["--base-url", "\($0)=\(server.base)/\($0)"] }
    let enrich = [
      "enrich", "people.csv", "--column", "work_email=findymail,hunter", "-o", "out.csv",
    ]
    var results: [CommandRunner.Result] = []
    for command in [
      "echo secret-of-hunter; echo locked >&2; echo secret-of-hunter >&2; exit 3", "true",
      "kill -9 $$", "nobody-has-this-program 2> /dev/null", "printf 'a\\tb'",
    ] {
      try Self.set(command, runner)
      results.append(try runner.run(enrich + bases))
    }
    // Nobody is asked here, and so no key is needed.
    let dry = try runner.run(enrich + bases + ["--dry-run"])
    #expect(dry.status == 0, "\(dry.errors)")
    for index in results.indices {
      results[index].arguments = ["enrich", "…"]
      let lines = results[index].errors.split(separator: "\n")
      results[index].errors = lines.filter { $0.hasPrefix("waterfall:") }.joined(separator: "\n")
      #expect(!"\(results[index].output)\(lines)".contains("secret-of"))
    }
    try expectSnapshot("key-command-fails", runner, results)
    #expect(!runner.exists("out.csv") && !runner.exists("out.csv.part"))
    #expect(!runner.exists(".local/share/waterfall/workspace.sqlite"))
    #expect(try server.requests() == 0)
  }

  /// It gets the keys of no provider, whoever else has one.
  @Test func aCommandDoesNotGetTheKeysOfOthers() throws {
    var runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    runner.environment["WATERFALL_MANAGED_KEY_FINDYMAIL"] = "secret-of-findymail"
    runner.environment["WATERFALL_KEY_pdl"] = "secret-of-pdl"
    try Self.set("env > seen; echo secret-of-hunter", runner)
    let server = try SandboxServer(runner)
    let run = try runner.run(
      "enrich people.csv --column work_email=hunter -o out.csv "
        + "--base-url hunter=\(server.base)/hunter")
    #expect(run.status == 0, "\(run.errors)")
    let seen = try runner.read("seen")
    #expect(seen.contains("PATH=") && !seen.contains("secret-of"), "\(seen)")
  }

  /// A verifier is asked only once somebody has found something; its key is needed all the same.
  @Test func theKeyOfAVerifierIsFetchedToo() throws {
    var runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    runner.environment["WATERFALL_MANAGED_KEY_FINDYMAIL"] = "secret-of-findymail"
    try runner.write(
      "columns: [{field: work_email, steps: [findymail], verify: hunter}]\n", to: "judged.yaml")
    try Self.set("exit 7", runner)
    let server = try SandboxServer(runner)
    let run = try runner.run(
      "enrich people.csv --config judged.yaml -o out.csv "
        + "--base-url findymail=\(server.base)/findymail --base-url hunter=\(server.base)/hunter")
    #expect(run.status == 1 && run.errors.contains("failed with status 7"), "\(run.errors)")
    #expect(try server.requests() == 0)
  }

  /// A run that waits is as it was after a command that fails, and goes on once it is mended.
  @Test func aRunGoesOnOnceTheCommandIsMended() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    let server = try SandboxServer(runner)
    try Self.set("echo x >> ran; echo secret-of-hunter", runner)
    let paused = try runner.run(
      "enrich people.csv --column work_email=hunter -o out.csv --max-credits 1 "
        + "--base-url hunter=\(server.base)/hunter")
    #expect(paused.status == 75, "\(paused.errors)")
    #expect(try runner.read("ran") == "x\n", "the command ran more than once")
    try Self.set("exit 1", runner)
    let refused = try runner.run("resume --max-credits 9")
    #expect(refused.status == 1 && refused.errors.contains("failed with status 1"))
    #expect(try runner.run("runs").output.contains("paused"))
    #expect(try runner.run(["keys", "remove", "hunter", "--managed"]).status == 0)
    let missing = try runner.run("resume --max-credits 9")
    #expect(missing.status == 1 && missing.errors.contains("there is no managed key of hunter"))
    try Self.set("echo secret-of-hunter", runner)
    let done = try runner.run("resume --max-credits 9")
    #expect(done.status == 0, "\(done.errors)")
    #expect(try runner.run("credits verify").status == 0)
  }
}
