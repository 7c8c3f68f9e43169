import Foundation
import Testing

/// What the tool tells when all goes well, on the tables of the tour.
@Suite struct ReportTests {
  @Test func theLegislatorsOfTheTour() throws {
    let runner = try CommandRunner()
    defer { runner.cleanUp() }
    try runner.copyTour("legislators.csv")
    let enrich =
      "enrich legislators.csv --column work_email --column mobile_phone=datagma,leadmagic "
      + "--simulate --seed 7"
    try expectSnapshot(
      "tour-legislators", runner,
      try runner.runAll([
        "\(enrich) --dry-run", "\(enrich) --dry-run --json --limit 20",
        "\(enrich) --limit 20 --provenance -o out.csv", "run-info --simulate",
        "run-info --simulate --format json", "runs --simulate", "runs --simulate --json",
        "explain 1 3 --simulate", "explain 1 3 mobile_phone --simulate --json",
        "credits balance --simulate", "credits balance --simulate --json",
      ]) + [try runner.run("credits verify --simulate")]
        + runner.runAll([
          "credits history --simulate", "credits history --simulate --format csv",
          "credits history --simulate --format jsonl", "credits history --simulate --run 1",
        ]).map { $0.heading(8) })
    let rows = try runner.read("out.csv").split(whereSeparator: \.isNewline)
    #expect(rows.count == 538)
    try expectText("tour-legislators.csv", rows.prefix(24).joined(separator: "\n") + "\n")
  }

  @Test func theCompaniesOfTheTour() throws {
    let runner = try CommandRunner()
    defer { runner.cleanUp() }
    try runner.copyTour("sp500.csv")
    let enrich =
      "enrich sp500.csv --column company_domain --column company_size --map company=Security "
      + "--rows 1:12 --simulate --seed 7"
    try expectSnapshot(
      "tour-companies", runner,
      try runner.runAll([
        "\(enrich) -o out.csv", "run-info --simulate -o info.txt",
        "enrich out.csv --column company_domain --column company_size --map company=Security "
          + "--rows 1:12 --simulate --seed 7 -o again.csv",
        "enrich out.csv --column company_size --map company=Security --rows 1:2 --overwrite "
          + "--simulate --seed 8 -o other.csv --json",
        "credits verify --simulate",
      ]))
    let rows = try runner.read("out.csv").split(whereSeparator: \.isNewline)
    try expectText("tour-companies.csv", rows.prefix(14).joined(separator: "\n") + "\n")
    try expectText(
      "tour-companies-info.txt",
      try runner.read("info.txt").replacing(runner.directory.path, with: "DIR"))
    #expect(try runner.read("again.csv") == runner.read("out.csv"))
  }

  @Test func aBenchmarkComparesProviders() throws {
    let runner = try CommandRunner()
    defer { runner.cleanUp() }
    try runner.copyTour("legislators.csv")
    let bench = "bench legislators.csv --column work_email --limit 60 --seed 7"
    try expectSnapshot(
      "bench", runner,
      try runner.runAll([
        bench, "\(bench) --providers hunter,findymail --json", "runs --simulate",
        "resume 1 --simulate",
      ]))
  }

  /// Repeated rows are answered once, and rows without inputs are nobody's: the counts add up.
  @Test func aBenchmarkOfRepeatedRowsAddsUp() throws {
    let runner = try CommandRunner()
    defer { runner.cleanUp() }
    var sheet = "First Name,Last Name,Website\n"
    for row in 0..<40 {
      sheet += row % 10 == 9 ? ",,\n" : "Ada,Lovelace\(row % 15),site\(row % 15).com\n"
    }
    try runner.write(sheet, to: "people.csv")
    try expectSnapshot(
      "bench-repeated", runner,
      try runner.runAll([
        "bench people.csv --column work_email --providers hunter,findymail",
        "bench people.csv --column work_email --providers hunter --where 0",
      ]))
  }

  @Test func providersAreListed() throws {
    let runner = try CommandRunner()
    defer { runner.cleanUp() }
    try runner.write(
      """
      id: hq
      name: Head office
      lookup: {file: hq.csv, keys: {company: Company}, values: {mobile_phone: Phone}}

      """, to: "hq.yaml")
    try expectSnapshot(
      "providers", runner,
      try runner.runAll([
        "providers list --field mobile_phone", "providers show neverbounce",
        "providers show neverbounce --json",
      ])
        + [try runner.run("providers list").heading(6)]
        + runner.runAll([
          "providers show hq", "providers show hq --providers hq.yaml",
          "providers show huntr --providers hq.yaml",
          "providers list --field mobile_phone --providers .",
          "providers list --providers missing.yaml",
        ]))
  }

  @Test func everyCommandHasHelp() throws {
    let runner = try CommandRunner()
    defer { runner.cleanUp() }
    let commands = [
      "", "enrich", "resume", "runs", "runs list", "runs drop", "run-info", "explain", "bench",
      "providers", "providers list", "providers show", "providers new", "providers lint",
      "providers test", "credits", "credits balance", "credits grant",
      "credits history", "credits verify",
    ]
    try expectSnapshot("help", runner, try runner.runAll(commands.map { "\($0) --help" }))
    #expect(try runner.run([]).output == runner.run("--help").output)
  }
}
