import Foundation
import Testing

/// Requests that cannot be understood or granted.
@Suite struct RequestErrorTests {
  @Test func theCommandLineIsExplained() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    try expectSnapshot(
      "usage", runner,
      try runner.runAll([
        "enrch", "credits blance", "frobnicate", "enrich", "enrich people.csv --colum work_email",
        "enrich people.csv --simulate", "enrich people.csv other.csv --column work_email",
        "enrich people.csv --column work_email --seed x --simulate",
        "enrich people.csv --column work_email --seed 3",
        "enrich people.csv --column work_email --delimiter x --simulate",
        "enrich people.csv --column work_email --json -o - --simulate",
        "explain x 1", "providers show",
      ]))
  }

  /// The last one would win silently.
  @Test func anOptionWithOneValueIsGivenOnce() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    let enrich = CommandRunner.enrichPeople()
    let twice = [
      ["--where", "Company = 'Navy'", "--where", "1"], ["--limit", "5", "--limit=5"],
      ["--rows", "1", "--rows", "2"], ["--max-credits", "5", "--max-credits", "50"],
      ["--max-credits-per-row=1", "--max-credits-per-row=2"], ["--seed", "1", "--seed", "1"],
      ["--config", "a.yaml", "--config", "b.yaml"], ["-o", "a.csv", "--output", "b.csv"],
      ["-o=a.csv", "-o", "b.csv"], ["--delimiter", "comma", "--delimiter", "tab"],
      ["--encoding", "utf-8", "--encoding", "latin-1"], ["--ragged", "keep", "--ragged", "error"],
      ["--workspace", "a.sqlite", "--workspace", "b.sqlite"],
    ]
    let others = [
      "bench people.csv --column work_email --column mobile_phone",
      "bench people.csv --column work_email --providers hunter --providers findymail",
      "run-info --format json --format text", "credits history --run 1 --run 2",
      "credits grant 5 --note a --note b", "providers list --field work_email --field job_title",
      "resume --sheet a.csv --sheet b.csv", "runs --workspace a.sqlite --workspace b.sqlite",
    ]
    try runner.expectNothingLeft {
      try expectSnapshot(
        "request-twice", runner,
        try runner.runAll(twice.map { enrich + $0 }) + (try runner.runAll(others)))
    }
    // Values that look like options, and what may be repeated.
    let fine = [
      enrich + ["--where", "Company <> '--limit'", "--limit", "1", "-o", "-", "--quiet"],
      enrich + ["--column", "company_size", "--map", "domain=Website", "--map", "company=Company"]
        + ["--dry-run"],
      ["enrich", "--column", "work_email", "--simulate", "--simulate", "-o", "-", "people.csv"],
    ]
    for arguments in fine { #expect(try runner.run(arguments).status == 0, "\(arguments)") }
  }

  @Test func misspeltNamesGetASuggestion() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    let enrich = "enrich people.csv --simulate -o out.csv --column"
    try expectSnapshot(
      "request-names", runner,
      try runner.runAll([
        "\(enrich) work_emial", "\(enrich) shoe_size", "\(enrich) email", "\(enrich) phone",
        "\(enrich) mobile", "\(enrich) work_email,mobile_phone", "\(enrich) work_email=huntr",
        "\(enrich) work_email=nobody", "\(enrich) company_size=hunter",
        "\(enrich) work_email=hunter,,findymail", "\(enrich) work_email=",
        "\(enrich) work_email=hunter,hunter", "\(enrich) work_email --column work_email",
        "\(enrich) work_email --map domain=Webite", "\(enrich) work_email --map domain=Colour",
        "\(enrich) work_email --map domin=Website", "\(enrich) work_email --map domain",
        "\(enrich) work_email --map =Website", "providers show huntr",
        "providers list --field work_emal", "bench people.csv --column work_emal",
        "bench people.csv --column work_email,mobile_phone",
        "bench people.csv --column work_email --providers huntr",
        "bench people.csv --column work_email --providers hunter,",
      ]))
    #expect(!runner.exists(".local") && !runner.exists("out.csv"))
  }

  @Test func aQuestionIsAnsweredInOnePlaceOnly() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    let enrich = "enrich people.csv --column work_email=hunter -o out.csv"
    let (sandbox, base) = ("--sandbox http://127.0.0.1:1", "--base-url hunter=http://127.0.0.1:1")
    try runner.expectNothingLeft {
      try expectSnapshot(
        "request-contradicts", runner,
        try runner.runAll([
          "\(enrich) --simulate \(sandbox)", "\(enrich) --simulate \(base)",
          "\(enrich) \(sandbox) \(base)", "\(enrich) \(sandbox) \(base) --simulate --dry-run",
          "\(enrich) \(sandbox) --base-url findymail=http://127.0.0.1:1",
        ]))
    }
  }

  @Test func realRunsOfBundledProvidersAreExplained() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    try runner.expectNothingLeft {
      try expectSnapshot(
        "request-real", runner,
        try runner.runAll([
          "enrich people.csv --column work_email", "enrich people.csv --column work_email=hunter",
        ]))
    }
  }

  @Test func absurdAmountsAreRefused() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    let amounts = ["0", "-1", "1e9", "0.0000001", "99999999999999", "1,5", "", "٣"]
    var lines: [[String]] = []
    for amount in amounts {
      lines.append(CommandRunner.enrichPeople("--max-credits=\(amount)"))
      lines.append(CommandRunner.enrichPeople("--max-credits-per-row=\(amount)"))
      lines.append(["credits", "grant", "--simulate", "--", amount])
    }
    lines.append(["credits", "grant", "--simulate", "5", "--kind", "pakage"])
    lines.append(["credits", "grant", "--simulate", "5", "--kind", "trial"])
    lines.append(["credits", "grant", "--simulate", "5", "--expires", "2020-01-01"])
    lines.append(["credits", "grant", "--simulate", "5", "--expires", "2026-01-02"])
    lines.append(["credits", "grant", "--simulate", "5", "--expires", "soon"])
    lines.append(["credits", "grant", "--simulate", "5", "--expires", "2026-02-31"])
    lines.append(["credits", "grant", "--simulate", "-5"])
    lines.append(CommandRunner.enrichPeople("--max-credits") + ["-1"])
    try expectSnapshot("amounts", runner, try runner.runAll(lines))
    #expect(!runner.exists(".local"))
  }

  @Test(arguments: [("WATERFALL_NOW", "soon"), ("WATERFALL_BATCH", "0")])
  func meaninglessSettingsAreRefused(name: String, value: String) throws {
    var runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    runner.environment[name] = value
    try expectSnapshot(
      "setting-\(name.lowercased())", runner, try runner.runAll(["credits balance --simulate"]))
    #expect(!runner.exists(".local"))
  }

  @Test func aWorkspaceHoldsNoMoreThanItCanCount() throws {
    let runner = try CommandRunner()
    defer { runner.cleanUp() }
    let largest = ["credits", "grant", "1000000000000", "--workspace", "w.sqlite"]
    for _ in 1...9 { #expect(try runner.run(largest).status == 0) }
    try expectSnapshot(
      "amounts-overflow", runner,
      [
        try runner.run(largest), try runner.run("credits balance --workspace w.sqlite"),
        try runner.run("credits verify --workspace w.sqlite --json").heading(4),
      ])
  }

  @Test func aLimitCountsOnlyRowsThatSomebodyCanBeAskedAbout() throws {
    let runner = try CommandRunner()
    defer { runner.cleanUp() }
    try runner.write(
      """
      First Name,Last Name,Company,Website
      Ada,Lovelace,,
      Kurt,Gödel,,
      Grace,Hopper,Navy,navy.mil
      Alan,Turing,Bletchley,bletchley.org

      """, to: "gaps.csv")
    let enrich = "enrich gaps.csv --column work_email=findymail --simulate --limit 1 -o -"
    try expectSnapshot(
      "limit", runner,
      try runner.runAll([
        "\(enrich) --dry-run", enrich,
        "bench gaps.csv --column work_email --limit 1 "
          + "--providers findymail,hunter --json",
      ]).enumerated().map { $0 == 2 ? $1.heading(24) : $1 })
  }

  @Test func limitsAndRangesOfRows() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    let bad =
      ["0", "x", "-1", "1.5", "99999999999999999999"].map { "--limit=\($0)" }
      + ["3:1", "0", "0:3", "x", "1:2:3", ":", "-1:2", "99999999999999999999"].map {
        "--rows=\($0)"
      }
    try expectSnapshot(
      "rows-refused", runner, try runner.runAll(bad.map { CommandRunner.enrichPeople($0) }))
    let good = ["--rows=2", "--rows=2:", "--rows=:1", "--rows=2:10", "--rows=10:20", "--limit=1"]
    try expectSnapshot(
      "rows", runner, try runner.runAll(good.map { CommandRunner.enrichPeople($0, "-o", "-") }))
  }
}

extension CommandRunner {
  /// That `body` makes no workspace and no output.
  func expectNothingLeft(_ body: () throws -> Void) rethrows {
    try body()
    #expect(!exists(".local"))
    #expect(!exists("people.enriched.csv") && !exists("people.enriched.csv.part"))
  }
}
