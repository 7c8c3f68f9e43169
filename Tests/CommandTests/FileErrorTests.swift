import Foundation
import Testing

/// Configuration files, manifests and lookup tables of the user that are wrong.
@Suite struct FileErrorTests {
  @Test func configurationFilesAreReadStrictly() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    let files = [
      "key": "columns:\n  - field: work_email\n    stps: [hunter]\nlimit: 2\n",
      "type": "columns:\n  - field: work_email\nlimit: many\n",
      "list": "columns: work_email\n",
      "field": "columns:\n  - field: work_emial\n",
      "provider": "columns:\n  - field: work_email\n    steps: [findymail, huntr]\n",
      "header": "columns:\n  - field: work_email\nmap:\n  domain: Webite\n",
      "inner": "columns:\n  - field: work_email\n    inputs: {domain: Webite}\n",
      "twice": "columns:\n  - field: work_email\n  - field: work_email\n",
      "same-key": "columns:\n  - field: work_email\nlimit: 1\nlimit: 2\n",
      "yaml": "columns: [\n", "empty": "",
      "amount": "columns: [field: work_email]\nmax_credits: -1\n",
      "amount-row": "columns: [field: work_email]\nmax_credits_per_row: 0\n",
      "amount-zero": "columns: [field: work_email]\nmax_credits: 0\n",
      "condition": "columns:\n  - field: work_email\n    where: Compny = 1\n",
      "condition-step":
        "columns:\n  - field: work_email\n    steps:\n      - provider: hunter\n"
        + "        when: Company = \"Navy\"\n",
      "condition-run": "columns: [{field: work_email}]\nwhere: Company = \n",
      "name": "columns: [work_email]\n", "steps": "columns: [{field: work_email, steps: hunter}]\n",
      "flag": "columns: [{field: work_email}]\noverwrite: yes\n",
      "no-column": "limit: 2\n", "folder": "columns: [field: work_email]\nproviders: [nowhere]\n",
    ]
    for (name, text) in files { try runner.write(text, to: "\(name).yaml") }
    try runner.write(bytes: [0x61, 0x3A, 0xFF], to: "bytes.yaml")
    try runner.makeDirectory("config.yaml")
    let names = files.keys.sorted() + ["bytes", "config", "missing"]
    try runner.expectNothingLeft {
      try expectSnapshot(
        "config-refused", runner,
        try runner.runAll(names.map { "enrich people.csv --simulate --config \($0).yaml" }))
    }
  }

  @Test func everythingCanBeSaidInAConfigurationFile() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    try runner.write("id: crm\nname: CRM\n" + Self.lookup("crm.csv"), to: "crm.yaml")
    try runner.write("Domain,Email\nnavy.mil,grace@navy.mil\n", to: "crm.csv")
    try runner.write(
      """
      columns:
        - field: work_email
          name: Email
          steps:
            - crm
            - provider: findymail
              when: Company <> 'Bletchley'
              key: own
          verify: hunter
          accept: not_invalid
          charge: found
          refund: always
        - field: job_title
          where: Company = 'Navy'
      map: {domain: Website}
      where: Company <> ''
      limit: 3
      rows: "1:3"
      overwrite: true
      provenance: true
      max_credits: 50.5
      max_credits_per_row: 10
      seed: 7
      ragged: keep
      providers: [crm.yaml]

      """, to: "waterfall.yaml")
    try expectSnapshot(
      "config", runner,
      try runner.runAll([
        "enrich people.csv --simulate --config waterfall.yaml --dry-run",
        "enrich people.csv --simulate --config waterfall.yaml -o -", "run-info --simulate",
        "enrich people.csv --simulate --config waterfall.yaml --limit 1 --column company_size -o -",
      ]))
  }

  private static func lookup(_ file: String, more: String = "") -> String {
    "lookup:\n  file: \(file)\n\(more)  keys: {domain: Domain}\n  values: {work_email: Email}\n"
  }

  @Test func manifestsAreReadStrictly() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    try runner.makeDirectory("empty")
    let head = "id: mine\nname: Mine\n"
    let files = [
      "text": "just words\n", "key": head + "fnds: {}\n",
      "price": head + "finds:\n  work_email: {inputs: [[domain]], price: free}\n",
      "half": head + "finds:\n  work_email: {inputs: [[domain]], price: 1}\n",
      "id": "id: My Own\nname: Mine\n", "bare": "id: mine\n",
    ]
    for (name, text) in files { try runner.write(text, to: "\(name).yaml") }
    let names = files.keys.sorted().map { "\($0).yaml" } + ["missing.yaml", "empty"]
    try runner.expectNothingLeft {
      try expectSnapshot(
        "manifest-refused", runner,
        try runner.runAll(
          names.map { "enrich people.csv --column work_email=mine --simulate --providers \($0)" }))
    }
  }

  @Test func lookupTablesThatAreNotThereAreNamed() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    try Database.create(
      runner.path("crm.sqlite"), "CREATE TABLE people (Domain TEXT, Email TEXT)")
    try runner.write("Domian,Email\nnavy.mil,grace@navy.mil\n", to: "crm.csv")
    try runner.write("Domain,Email\nnavy.mil,\"grace\n", to: "broken.csv")
    try runner.write("not a database, but some text that is long enough", to: "text.sqlite")
    let tables = [
      "no-file": Self.lookup("nowhere.csv"), "no-database": Self.lookup("no.sqlite", more: people),
      "no-table": Self.lookup("crm.sqlite", more: "  table: poeple\n"),
      "no-column": Self.lookup("crm.csv"), "broken": Self.lookup("broken.csv"),
      "text": Self.lookup("text.sqlite", more: people), "table": Self.lookup("crm.sqlite"),
      "csv-table": Self.lookup("crm.csv", more: people),
    ]
    for (name, text) in tables {
      try runner.write("id: crm\nname: CRM\n" + text, to: "\(name).yaml")
    }
    try runner.expectNothingLeft {
      try expectSnapshot(
        "lookup-refused", runner,
        try runner.runAll(
          tables.keys.sorted().map {
            "enrich people.csv --column work_email=crm --providers \($0).yaml"
          }))
    }
  }

  private var people: String { "  table: people\n" }
}
