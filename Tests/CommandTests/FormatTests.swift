import Foundation
import Testing

/// Sheets of every make come back as they were, with columns added.
@Suite struct FormatTests {
  private static let cases: [(name: String, sheet: String)] = [
    ("separator", "sep=;\r\nFirst Name;Last Name;Website\r\nAda;Lovelace;a.com\r\n"),
    ("tab", "First Name\tLast Name\tWebsite\nAda\tLovelace\ta.com\n"),
    ("semicolon", "First Name;Last Name;Website\nAda;Lovelace;a.com\n"),
    ("pipe", "First Name|Last Name|Website\nAda|Lovelace|a.com\n"),
    ("crlf", "First Name,Last Name,Website\r\nAda,\"Love\r\nlace\",a.com\r\n"),
    ("mixed", "First Name,Last Name,Website\r\nAda,Lovelace,a.com\nGrace,Hopper,b.com\r\n"),
    ("quotes", "\"First Name\",Last Name,Website\n\"Ada\",\"Love \"\"l\"\" ace\", a.com \n"),
    ("bom", "\u{FEFF}First Name,Last Name,Website\nAda,Lovelace,a.com\n"),
    ("unended", "First Name,Last Name,Website\nAda,Lovelace,a.com"),
    ("blank", "First Name,Last Name,Website,\nAda,Lovelace,a.com,\n"),
  ]

  @Test func everyMakeOfSheetComesBackAsItWas() throws {
    let runner = try CommandRunner()
    defer { runner.cleanUp() }
    var shown = ""
    for (name, sheet) in Self.cases {
      try runner.write(sheet, to: "\(name).csv")
      let result = try runner.run(
        "enrich \(name).csv --column work_email --simulate --quiet -o \(name).out")
      #expect(result.status == 0, "\(name): \(result.errors)")
      let output = try runner.read("\(name).out")
      shown += "\(name)\n  \(sheet.debugDescription)\n  \(output.debugDescription)\n"
      let lines = Array(output.utf8).split(separator: 0x0A, omittingEmptySubsequences: false)
      // What was added stands at the end of a line; what was there stands before it, untouched.
      for (line, original) in zip(lines, Array(sheet.utf8).split(separator: 0x0A)) {
        let bare = original.last == 0x0D ? original.dropLast() : original
        #expect(line.starts(with: bare), "\(name)")
      }
    }
    try expectText("formats.txt", shown)
  }

  @Test func enrichingTheOutputAgainAsksNothing() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    let results = try runner.runAll([
      CommandRunner.enrichPeople("-o", "out.csv", "--provenance"),
      [
        "enrich", "out.csv", "--column", "work_email", "--simulate", "-o", "again.csv",
        "--provenance",
      ],
    ])
    try expectSnapshot("again", runner, results)
    #expect(try runner.read("again.csv") == runner.read("out.csv"))
  }
}
