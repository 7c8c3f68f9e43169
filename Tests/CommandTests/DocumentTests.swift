import Foundation
import Testing

/// Documents for programs: one for each command, with the name and version of its schema.
@Suite struct DocumentTests {
  private struct Document: Decodable {
    let schema: String
  }

  @Test func everyDocumentNamesItsSchema() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    let commands: [(String, String)] = [
      ("enrich people.csv --column work_email --simulate --dry-run --json", "dry-run"),
      ("enrich people.csv --column work_email --simulate --json --max-credits 1", "run-info"),
      ("resume --simulate --json --max-credits 9", "run-info"),
      ("run-info --simulate --format json", "run-info"), ("runs --simulate --json", "runs"),
      ("explain 1 1 --simulate --json", "explain"),
      ("credits balance --simulate --json", "balance"),
      ("credits verify --simulate --json", "verify"),
      ("bench people.csv --column work_email --json", "bench"),
    ]
    for (command, name) in commands {
      let result = try runner.run(command)
      let document = try JSONDecoder().decode(Document.self, from: Data(result.output.utf8))
      #expect(document.schema == "waterfall.\(name)/1", "\(command)")
      #expect(result.output.hasSuffix("}\n"), "\(command)")
    }
    let history = try runner.run("credits history --simulate --format jsonl").output
    let lines = history.split(separator: "\n")
    #expect(lines.count > 5)
    for line in lines {
      let document = try JSONDecoder().decode(Document.self, from: Data(line.utf8))
      #expect(document.schema == "waterfall.history/1")
    }
  }

  @Test func quietMeansThatOnlyErrorsAreSaid() throws {
    let runner = try CommandRunner.withPeople()
    defer { runner.cleanUp() }
    try expectSnapshot(
      "quiet", runner,
      try runner.runAll([
        "enrich people.csv --column work_email --simulate --quiet -o out.csv",
        "enrich people.csv --column work_email --simulate --quiet -o out.csv",
        "enrich people.csv --column work_email --simulate --quiet -o two.csv --max-credits 1",
        "resume --simulate --quiet --max-credits 9",
      ]))
  }
}
