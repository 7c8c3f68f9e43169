import Foundation
import Testing

/// Hosts that answer in providers' places: wrong ones, and those that have moved.
@Suite struct StandInTests {
  /// The base without the provider's name: Findymail's manifest reads 404 as “not found”.
  @Test func aWrongBaseIsNoMiss() throws {
    var runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    runner.environment["WATERFALL_MANAGED_KEY_FINDYMAIL"] = "secret-of-findymail"
    let server = try SandboxServer(runner)
    let run = try runner.run(
      "enrich people.csv --column work_email=findymail -o out.csv "
        + "--base-url findymail=\(server.base)")
    #expect(run.status == 1, "\(run.errors)")
    #expect(run.errors.contains("no provider answered"), "\(run.errors)")
    #expect(
      try Database.rows(
        runner.path(".local/share/waterfall/workspace.sqlite"),
        "SELECT DISTINCT outcome, reason FROM attempt WHERE kind = 'asked'") == ["failure|refused"])
  }

  /// It has no fixtures, so that no sandbox can speak for it. The sandbox says so, and the run in its
  /// words: at once, and at the end, which is all that is said in quiet.
  @Test(arguments: [true, false]) func whoASandboxDoesNotServeIsSaid(asksAllThere: Bool) throws {
    var runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    runner.environment["WATERFALL_KEY_GATHERER"] = "secret-of-gatherer"
    let hunter = try String(
      contentsOf: CommandRunner.repository("providers/hunter.yaml"), encoding: .utf8)
    try runner.write(hunter.replacing("id: hunter\n", with: "id: gatherer\n"), to: "own.yaml")
    let server = try SandboxServer(runner)
    let run = try runner.run(
      "enrich people.csv --column work_email=gatherer --providers own.yaml -o out.csv "
        + (asksAllThere ? "--sandbox " : "--base-url gatherer=") + server.base
        + (asksAllThere ? "" : "/gatherer"))
    #expect(run.status == 1)
    let words =
      "it answered with status 400: “sandbox: there is no provider “gatherer” here; GET /_sandbox "
      + "names those that are”"
    #expect(
      run.errors.contains("note: gatherer: it refused the request (\(words))\n"), "\(run.errors)")
    #expect(
      run.errors.contains("all 3 attempts failed: it refused the request (gatherer 3): \(words). "),
      "\(run.errors)")
  }

  /// Snov.io is asked for a token first.
  @Test func aWrongBaseIsSaidOfATokenToo() throws {
    var runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    runner.environment["WATERFALL_KEY_SNOV"] = "client:secret-of-snov"
    let server = try SandboxServer(runner)
    let run = try runner.run(
      "enrich people.csv --column work_email=snov -o out.csv --base-url snov=\(server.base)")
    #expect(run.status == 1)
    #expect(
      run.errors.contains("(no token was given: status 400: “sandbox: there is no provider"),
      "\(run.errors)")
  }

  @Test func aHostForWhoIsNotAskedThereIsRefused() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    try runner.write(
      "id: crm\nname: CRM\nlookup:\n  file: crm.csv\n  keys: {domain: D}\n"
        + "  values: {work_email: E}\n", to: "mine.yaml")
    try runner.write(
      "id: ours\nname: Ours\nfinds:\n"
        + "  work_email: {inputs: [[domain]], price: 1, refunds_invalid: false}\n"
        + "command: {run: [./ours]}\n", to: "ours.yaml")
    let enrich = "enrich people.csv --providers mine.yaml --providers ours.yaml -o out.csv"
    try runner.expectNothingLeft {
      try expectSnapshot(
        "base-url-refused", runner,
        try runner.runAll([
          "\(enrich) --column work_email=crm --base-url crm=http://127.0.0.1:8090/crm",
          "\(enrich) --column work_email=ours --base-url ours=http://127.0.0.1:8090/ours",
          "\(enrich) --column work_email=hunter --base-url hunter=http://127.0.0.1:8090/hunter#v2",
        ]))
    }
  }

  @Test(arguments: [
    "--base-url hunter=http://user:pa55@127.0.0.1:1/hunter",
    "--base-url hunter=http://user:pa/pa55@127.0.0.1:1/hunter",
    "--base-url http://user:pa55@127.0.0.1:1/hunter", "--base-url http://user:/pa55@127.0.0.1",
    "--base-url hunter=user:pa55@127.0.0.1", "--sandbox http://user:pa55@127.0.0.1:1",
    "--simulate --base-url http://user:pa55@127.0.0.1:1",
  ])
  func aPasswordInAURLIsRefusedAndNotRepeated(option: String) throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    let run = try runner.run("enrich people.csv --column work_email=hunter -o out.csv \(option)")
    #expect(run.status == 64)
    #expect(run.errors.contains("must not have a user name or password in it"), "\(run.errors)")
    #expect(!run.errors.contains("pa55") && !run.output.contains("pa55"), "\(run.errors)")
  }

  /// As a proxy for all is set in many offices.
  @Test func aSandboxOnThisMachineIsAskedDirectly() throws {
    var runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    let server = try SandboxServer(runner)
    runner.environment["http_proxy"] = "http://127.0.0.1:1"
    let run = try runner.run(
      "enrich people.csv --column work_email=hunter -o out.csv --sandbox \(server.base)")
    #expect(run.status == 0, "\(run.errors)")
    #expect(!run.errors.contains("proxy"), "\(run.errors)")
  }

  /// A sandbox that was started anew listens elsewhere.
  @Test func aRunGoesOnWithASandboxThatMoved() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    let enrich = "enrich people.csv --column work_email=hunter,findymail --seed 7 --quiet"
    var server: SandboxServer? = try SandboxServer(runner)
    let paused = try runner.run(
      "\(enrich) -o out.csv --max-credits 1 --sandbox \(server?.base ?? "")")
    #expect(paused.status == 75, "\(paused.errors)")
    let old = server?.port ?? ""
    server = nil
    // Where nobody answers, or no sandbox, the run does not go on; it would fail to its end.
    for wrong in ["resume --simulate", "resume --sandbox http://127.0.0.1:1"] {
      let refused = try runner.run("\(wrong) --max-credits 9")
      #expect(refused.status == 1)
      #expect(refused.errors.contains(": no sandbox answers: cannot connect to 127.0.0.1:"))
    }
    let new = try SandboxServer(runner)
    try #require(new.port != old)
    let stranger = try runner.run("resume --sandbox \(new.base)/hunter --max-credits 9")
    #expect(stranger.errors.contains("what answers there is no sandbox. The run is as it was."))
    let resumed = try runner.run("resume --sandbox \(new.base) --max-credits 9")
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(try runner.run("\(enrich) -o whole.csv --simulate").status == 0)
    #expect(try runner.read("out.csv") == runner.read("whole.csv"))
    #expect(try new.requests() > 0)
  }

  @Test func aRunGoesOnWithAHostThatMoved() throws {
    var runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    runner.environment["WATERFALL_MANAGED_KEY_HUNTER"] = "secret-of-hunter"
    let server = try SandboxServer(runner)
    let other = try SandboxServer(runner)
    let paused = try runner.run(
      "enrich people.csv --column work_email=hunter -o out.csv --max-credits 1 --quiet "
        + "--base-url hunter=\(server.base)/hunter")
    #expect(paused.status == 75, "\(paused.errors)")
    #expect(try other.requests() == 0)
    let resumed = try runner.run(
      "resume --max-credits 9 --quiet --base-url hunter=\(other.base)/hunter")
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(try other.requests() > 0)
  }

  @Test func aRunDoesNotGoOnWithStrangers() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    #expect(
      try runner.run(CommandRunner.enrichPeople("-o", "out.csv", "--max-credits", "1")).status
        == 75)
    try expectSnapshot(
      "resume-strangers", runner,
      try runner.runAll([
        "resume --sandbox http://127.0.0.1:8090",
        "resume --simulate --base-url hunter=http://127.0.0.1:8090/hunter",
        "resume --simulate --base-url hunter", "resume --sandbox nowhere",
        "resume --sandbox localhost:8123",
        "resume --sandbox http://127.0.0.1:1 --base-url hunter=http://127.0.0.1:1",
      ]))
  }
}
