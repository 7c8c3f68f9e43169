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

  @Test func misspeltNamesGetASuggestion() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    let enrich = "enrich people.csv --simulate -o out.csv --column"
    try expectSnapshot(
      "request-names", runner,
      try runner.runAll([
        "\(enrich) work_emial", "\(enrich) shoe_size", "\(enrich) work_email=huntr",
        "\(enrich) work_email=nobody", "\(enrich) company_size=hunter",
        "\(enrich) work_email=hunter,,findymail", "\(enrich) work_email=",
        "\(enrich) work_email=hunter,hunter", "\(enrich) work_email --column work_email",
        "\(enrich) work_email --map domain=Webite", "\(enrich) work_email --map domain=Colour",
        "\(enrich) work_email --map domin=Website", "\(enrich) work_email --map domain",
        "\(enrich) work_email --map =Website", "providers show huntr",
        "providers list --field work_emal", "bench people.csv --column work_emal",
        "bench people.csv --column work_email --providers huntr",
        "bench people.csv --column work_email --providers hunter,",
      ]))
    #expect(!runner.exists(".local") && !runner.exists("out.csv"))
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
