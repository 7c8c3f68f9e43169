import Foundation
import Testing

/// Examples of files are examples of files that the tool reads.
@Suite struct ExampleTests {
  struct Example: CustomTestStringConvertible {
    let place: String
    let text: String

    var testDescription: String { place }
  }

  /// Configurations: whatever is YAML and nothing else by its first key.
  static let configurations = Package.documents.flatMap { document in
    document.blocks.filter { block in
      // Manifests, their sections, fixtures and scripts of faults are tried by their own tests.
      block.language == "yaml"
        && !["id:", "http:", "finds:", "rules:"].contains { block.text.hasPrefix($0) }
    }
    .map { Example(place: document.place($0.first), text: $0.text) }
  }

  @Test(arguments: configurations) func configurationsAreUnderstood(example: Example) throws {
    let session = try ConsoleSession()
    defer { session.cleanUp() }
    try example.text.write(
      to: session.directory.appending(path: "waterfall.yaml"), atomically: true, encoding: .utf8)
    try Self.sheet.write(
      to: session.directory.appending(path: "people.csv"), atomically: true, encoding: .utf8)
    let results = try session.run([
      ["waterfall enrich people.csv --config waterfall.yaml --simulate --dry-run"]
    ])
    let result = try #require(results.first)
    #expect(
      result.status == 0,
      "\(example.place): the tool refuses this:\n\(result.lines.joined(separator: "\n"))")
  }

  private static let sheet = """
    First Name,Family Name,Company,Website,LinkedIn,Country,Role,Status,State,Job Title
    Ada,Lovelace,Engines,engines.example,,GB,countess,,NY,Countess

    """

  @Test func thereAreConfigurationsToTry() {
    #expect(Self.configurations.count >= 2)
  }

  /// Every document of `docs/json.md` is printed by the command under its heading, parses, and
  /// carries the schema of the heading.
  @Test func jsonDocumentsCarryTheirSchema() throws {
    let document = try Package.document("docs/json.md")
    let script = try ConsoleScript(document)
    let session = try ConsoleSession()
    defer { session.cleanUp() }
    // Without the words on standard error, which the console blocks show.
    let results = try session.run(
      script.steps.map { ["{"] + $0.command + ["} 2>/dev/null"] })
    try #require(results.count == script.steps.count)
    for section in document.sections where section.title.hasPrefix("waterfall.") {
      let range = section.first..<(section.first + section.lines.count)
      if try Self.serverSchemas().contains(section.title) {
        // Printed by a server: its own tests compare the keys.
        let shown = document.blocks.first { $0.language == "json" && range.contains($0.first) }
        let object =
          try JSONSerialization.jsonObject(with: Data((shown?.text ?? "").utf8)) as? [String: Any]
        #expect(object?["schema"] as? String == section.title, "\(document.place(section.first))")
        continue
      }
      let index = try #require(
        script.steps.firstIndex { range.contains($0.line) },
        "\(document.place(section.first)): show a command that prints \(section.title)")
      let lines = results[index].lines
      let isLines = section.title == "waterfall.history/1"
      for text in isLines ? lines : [lines.joined(separator: "\n")] {
        let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        #expect(
          object?["schema"] as? String == section.title,
          "\(document.place(section.first)): what is printed is no \(section.title):\n\(text)")
      }
    }
  }

  /// Every schema of the reports has its section, and every section its schema.
  @Test func everySchemaIsDescribed() throws {
    let known = try Self.schemas(in: "Sources/WaterfallReports").union(Self.serverSchemas())
    try #require(known.count > 3)
    let described = Set(
      try Package.document("docs/json.md").sections.map(\.title)
        .filter { $0.hasPrefix("waterfall.") })
    #expect(
      known == described,
      """
      docs/json.md: describe \(known.subtracting(described).sorted()); \
      remove \(described.subtracting(known).sorted())
      """)
  }

  private static func serverSchemas() throws -> Set<String> {
    try schemas(in: "Sources/WaterfallServer")
  }

  /// The names of documents that are written somewhere in a folder's code.
  private static func schemas(in path: String) throws -> Set<String> {
    let folder = Package.root.appending(path: path)
    let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String }
    var known: Set<String> = []
    for file in files ?? [] where file.hasSuffix(".swift") {
      let code = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
      for match in code.matches(of: /"(waterfall\.[a-z-]+\/\d+)"/) { known.insert(String(match.1)) }
    }
    return known
  }
}
