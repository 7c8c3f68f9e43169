import Foundation
import Testing

/// The user's own keys and own tables, which cost nothing.
@Suite struct OwnDataTests {
  @Test func anOwnKeySavesCreditsAndIsWrittenNowhere() throws {
    var runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    let secret = "own-key-6f1c2d9a7b"
    let managed = "managed-key-93b1aa04"
    runner.environment["WATERFALL_KEY_HUNTER"] = secret
    runner.environment["WATERFALL_MANAGED_KEY_HUNTER"] = managed
    let results = try runner.runAll([
      "enrich people.csv --column work_email=hunter,findymail --simulate -o out.csv --provenance",
      "run-info --simulate", "explain 1 1 --simulate", "credits history --simulate",
      "enrich people.csv --column work_email=hunter --simulate --dry-run",
    ])
    try expectSnapshot("own-key", runner, results)
    #expect(try runner.run("credits verify --simulate").status == 0)
    // For real, where nobody listens: the key is looked up, and every cell fails.
    let real = try runner.run(
      "enrich people.csv --column work_email=hunter --base-url hunter=http://127.0.0.1:9 -o real.csv"
    )
    #expect(real.status == 1 && real.errors.contains("could not be sent"), "\(real.errors)")
    let files = try #require(FileManager.default.enumerator(atPath: runner.directory.path))
    var count = 0
    for case let name as String in files {
      guard let data = FileManager.default.contents(atPath: runner.path(name)) else { continue }
      count += 1
      for key in [secret, managed] {
        #expect(data.range(of: Data(key.utf8)) == nil, "a key is in \(name)")
      }
    }
    #expect(count > 8, "the files of the run were not looked at")
  }

  @Test func aBenchmarkChargesNoOwnKey() throws {
    var runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    runner.environment["WATERFALL_KEY_HUNTER"] = "own-key-6f1c2d9a7b"
    try expectSnapshot(
      "bench-own-key", runner,
      try runner.runAll([
        "bench people.csv --column work_email --providers hunter,findymail",
        "credits history --simulate --run 1",
      ]))
    #expect(try runner.run("credits verify --simulate").status == 0)
  }

  @Test func aKeyOfNobodyIsNotSilent() throws {
    var runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    for (name, value) in [
      ("WATERFALL_KEY_HUNTR", "secret-1"), ("WATERFALL_MANAGED_KEY_QQQQQ", "secret-2"),
      ("WATERFALL_KEY_PROSPEO", "secret-3"), ("WATERFALL_KEY_hunter", "secret-4"),
      ("waterfall_managed_key_findymail", "secret-5"), ("WATERFALL_KEY_icypeas", ""),
      ("WATERFALL_KEY_FINDMAIL", ""),
    ] {
      runner.environment[name] = value
    }
    let results = try runner.runAll([
      "enrich people.csv --column work_email=hunter --simulate --dry-run",
      "enrich people.csv --column work_email=hunter --simulate --quiet -o out.csv",
    ])
    try expectSnapshot("key-of-nobody", runner, results)
    #expect(results.allSatisfy { !($0.output + $0.errors).contains("secret") })
  }

  @Test func anOwnTableIsTheFirstFreeStep() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    try runner.makeDirectory("mine")
    let head = "id: crm\nname: Our customers\nlookup:\n"
    let keys = "  keys: {domain: Domain}\n  values: {work_email: Email}\n"
    try runner.write(head + "  file: crm.csv\n" + keys, to: "mine/csv.yaml")
    try runner.write(
      head + "  file: crm.sqlite\n  table: people\n" + keys, to: "mine/sqlite.yaml")
    try runner.write(
      "Domain,Email\nNAVY.mil ,grace@navy.mil\nanalytical.com,not an address\n", to: "mine/crm.csv")
    try Database.create(
      runner.path("mine/crm.sqlite"),
      """
      CREATE TABLE people (Domain TEXT, Email TEXT);
      INSERT INTO people VALUES ('NAVY.mil ', 'grace@navy.mil'),
        ('analytical.com', 'not an address');
      """)
    var results: [CommandRunner.Result] = []
    for kind in ["csv", "sqlite"] {
      results += try runner.runAll([
        "enrich people.csv --column work_email=crm --providers mine/\(kind).yaml -o \(kind).csv",
        "enrich people.csv --column work_email=crm,hunter --providers mine/\(kind).yaml "
          + "--simulate -o \(kind)-simulated.csv",
      ])
    }
    results += try runner.runAll([
      "run-info", "explain 1 1", "explain 1 2", "explain 1 3", "credits history",
      "explain 1 2 --simulate", "credits balance",
    ])
    try expectSnapshot("own-table", runner, results)
    #expect(try runner.read("csv.csv") == runner.read("sqlite.csv"))
    #expect(try runner.read("csv-simulated.csv") == runner.read("sqlite-simulated.csv"))
    try expectText(
      "own-table-output.txt", try runner.read("csv.csv") + "\n" + runner.read("csv-simulated.csv"))
    for flag in ["", " --simulate"] {
      #expect(try runner.run("credits verify\(flag)").status == 0)
    }
  }
}
