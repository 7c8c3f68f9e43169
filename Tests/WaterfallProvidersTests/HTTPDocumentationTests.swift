import Foundation
import Testing
import WaterfallCore

@testable import WaterfallProviders

/// The schemas and docs/http-providers.md have the keys and words of the reader, and no others.
extension DocumentationTests {
  /// By definition in the schema and by name in the tables of the reference.
  static let httpKeys: [(definition: String, table: String, keys: [String])] = [
    ("http", "`http`", HTTPKeys.section), ("http_auth", "`auth`", HTTPKeys.auth),
    ("http_basic", "`basic`", HTTPKeys.basic), ("http_oauth2", "`oauth2`", HTTPKeys.oauth2),
    ("http_limit", "a limit", HTTPKeys.limit), ("http_timeouts", "`timeouts`", HTTPKeys.timeouts),
    ("http_retries", "`retries`", HTTPKeys.retries), ("http_rule", "a rule", HTTPKeys.rule),
    ("http_finder", "an operation", HTTPKeys.finder),
    ("http_request", "a request", HTTPKeys.request),
    (
      "http_verdict", "`verdict`", HTTPKeys.verdictExtras + VerdictWord.allCases.map(\.rawValue)
    ),
    ("http_poll", "`poll`", HTTPKeys.poll), ("http_repeat", "`repeat`", HTTPKeys.again),
    ("http_batch", "`batch`", HTTPKeys.batch),
  ]

  private func definitions(_ schema: [String: Any]) throws -> [String: [String: Any]] {
    try #require(schema["$defs"] as? [String: [String: Any]])
  }

  /// The words that a property allows.
  private func words(_ schema: [String: Any], _ definition: String, _ key: String) throws -> Set<
    String
  > {
    let properties = try definitions(schema)[definition]?["properties"] as? [String: Any]
    var property = try #require(properties?[key] as? [String: Any])
    if let name = (property["$ref"] as? String)?.split(separator: "/").last {
      property = try #require(definitions(schema)[String(name)])
    }
    return Set(try #require(property["enum"] as? [String]))
  }

  @Test func theSchemaOfManifestsHasTheKeysOfHTTP() throws {
    let schema = try schema("manifest")
    for (definition, _, known) in Self.httpKeys {
      #expect(try keys(schema, definition) == Set(known), "\(definition)")
    }
    #expect(try keys(schema, "http_verifier") == Set(HTTPKeys.verifier))
    // One request serves all input sets: it has no “with”.
    #expect(try keys(schema, "http_single_request") == Set(HTTPKeys.request).subtracting(["with"]))
    for section in ["finds", "verifies"] {
      let http = try definitions(schema)["http"]?["properties"] as? [String: [String: Any]]
      let fields = try #require(http?[section]?["properties"] as? [String: Any])
      #expect(Set(fields.keys) == Set(Field.allCases.map(\.rawValue)))
    }
  }

  @Test func theSchemaOfManifestsHasTheWordsOfHTTP() throws {
    let schema = try schema("manifest")
    #expect(try words(schema, "http_request", "method") == Set(HTTPKeys.methods))
    #expect(try words(schema, "http_rule", "is") == Set(ResponseClass.allCases.map(\.rawValue)))
    #expect(
      try words(schema, "http_verdict", "otherwise") == Set(VerdictWord.allCases.map(\.rawValue)))
    #expect(try words(schema, "http", "redirects") == Set(RedirectRule.allCases.map(\.rawValue)))
    for definition in ["http", "http_finder", "http_verifier"] {
      #expect(
        try words(schema, definition, "on_unknown") == Set(UnknownRule.allCases.map(\.rawValue)))
    }
  }

  @Test func theSchemaOfFixturesHasTheKeysOfTheReader() throws {
    let schema = try schema("fixtures")
    #expect(try keys(schema) == Set(FixtureKeys.document))
    #expect(try keys(schema, "response") == Set(FixtureKeys.response))
    let properties = try #require(schema["properties"] as? [String: [String: Any]])
    for (section, definition, kinds) in [
      ("finds", "finder", Fixtures.finderKinds), ("verifies", "verifier", Fixtures.verifierKinds),
    ] {
      let fields = try #require(properties[section]?["properties"] as? [String: Any])
      #expect(Set(fields.keys) == Set(Field.allCases.map(\.rawValue)))
      #expect(try keys(schema, definition) == Set(FixtureKeys.operation))
      #expect(try keys(schema, "\(definition)_batch") == Set(FixtureKeys.batch + kinds))
      #expect(try Self.patterns(definitions(schema)[definition]) == [Self.pattern(kinds)])
    }
    #expect(try Self.patterns(properties["errors"]) == [Self.pattern(Fixtures.errorKinds)])
  }

  private static func patterns(_ object: [String: Any]?) throws -> [String] {
    let object = try #require(object)
    #expect(object["additionalProperties"] as? Bool == false)
    return try #require(object["patternProperties"] as? [String: Any]).keys.sorted()
  }

  /// A class, or a class, a dot and a variant.
  private static func pattern(_ kinds: [String]) -> String {
    "^(\(kinds.joined(separator: "|")))(\\.|$)"
  }

  // MARK: The reference

  private static let page = "docs/http-providers.md"

  /// The first cells of each table, by its heading.
  private func tables() throws -> [(heading: String, rows: [[Substring]])] {
    var tables: [(heading: String, rows: [[Substring]])] = []
    var isInside = false
    for line in try text(Self.page).split(separator: "\n", omittingEmptySubsequences: false) {
      guard line.hasPrefix("| ") else {
        isInside = false
        continue
      }
      let cells = line.dropFirst(2).split(separator: " | ", omittingEmptySubsequences: false)
      if isInside {
        if !line.hasPrefix("| ---") { tables[tables.count - 1].rows.append(cells) }
      } else {
        tables.append((String(cells[0]), []))
        isInside = true
      }
    }
    return tables
  }

  private func codes(_ text: some StringProtocol) -> [String] {
    text.split(separator: "`", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 1 }.map { String($0.element) }
  }

  /// Each mapping has its table, with every key of the reader once and no other.
  @Test func theReferenceOfHTTPHasTheKeysOfTheReader() throws {
    let tables = try tables()
    let known =
      Self.httpKeys.map { ("key of \($0.table)", $0.keys) } + [
        ("key of fixtures", FixtureKeys.document), ("key of a response", FixtureKeys.response),
        ("key of a batch", FixtureKeys.operation + FixtureKeys.batch),
        ("`is`", ResponseClass.allCases.map(\.rawValue)),
        ("filter", Template.Filter.allCases.map(\.rawValue)),
      ]
    for (heading, keys) in known {
      let table = try #require(tables.first { $0.heading == heading }, "\(heading)")
      #expect(table.rows.flatMap { codes($0[0]) }.sorted() == keys.sorted(), "\(heading)")
    }
    let headings = Set(known.map(\.0))
    for table in tables where table.heading.hasPrefix("key of") {
      #expect(headings.contains(table.heading), "\(table.heading)")
    }
  }

  @Test func theReferenceOfHTTPNamesTheResponsesOfFixtures() throws {
    let table = try #require(try tables().first { $0.heading == "where" })
    for (section, kinds) in [
      ("`finds`", Fixtures.finderKinds), ("`verifies`", Fixtures.verifierKinds),
      ("`errors`", Fixtures.errorKinds),
    ] {
      let row = try #require(table.rows.first { $0[0] == section })
      #expect(codes(row[1]) == kinds, "\(section)")
    }
  }

  /// What the table says of a status is what the reader makes of it.
  @Test func theReferenceOfHTTPSaysWhatAStatusMeans() throws {
    let table = try #require(try tables().first { $0.heading == "status" })
    var said: [Int: String] = [:]
    for row in table.rows where row[0] != "any other" {
      let meaning = try #require(codes(row[1]).first)
      for word in row[0].split(separator: ", ") {
        let start = try #require(Int(word.replacing("xx", with: "00")))
        for status in start...(word.hasSuffix("xx") ? start + 99 : start) {
          said[status] = meaning
        }
      }
    }
    let other = try #require(table.rows.first { $0[0] == "any other" }.map { codes($0[1])[0] })
    for status in 100...999 {
      #expect(AnswerReader.usual(status).rawValue == said[status] ?? other, "\(status)")
    }
  }

  @Test func theReferenceOfHTTPNamesWhatJQMayNotUse() throws {
    let page = try text(Self.page)
    for word in JQGuard.refused { #expect(page.contains("`\(word)`"), "\(word)") }
  }

  // MARK: Its examples

  /// Any field can be asked for with these.
  private static let sets: [[InputName]] = [
    [.firstName, .lastName, .domain], [.linkedinURL], [.fullName, .domain],
  ]

  /// A section by itself, with offers for the operations that it has.
  private func section(_ yaml: String) throws -> HTTPSection {
    let document = try YAMLValue(parsing: yaml, file: Self.page, example: "")
    let http = try document.mapping(of: ["http"]).required("http")
    func fields(_ name: String) throws -> [Field] {
      try http.mapping()[name]?.mapping().entries.compactMap { Field(rawValue: $0.name) } ?? []
    }
    return try http.httpSection(
      finds: Dictionary(uniqueKeysWithValues: try fields("finds").map { ($0, Self.sets) }),
      verifies: Dictionary(
        uniqueKeysWithValues: try fields("verifies").map { ($0, InputName.wellKnown) }))
  }

  @Test func theExamplesOfTheReferenceOfHTTPParse() throws {
    let blocks = try text(Self.page).split(separator: "```").enumerated()
      .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    let sections = blocks.filter { $0.hasPrefix("yaml\nhttp:") }
    let fixtures = blocks.filter { $0.hasPrefix("yaml\nfinds:") }
    #expect(sections.count > 3 && fixtures.count > 1)
    #expect(sections.count + fixtures.count == blocks.count)
    for block in sections {
      let section = try section(String(block.dropFirst(5)))
      for operation in [section.finds, section.verifies].flatMap(\.values) {
        _ = try HTTPOperationProgram(operation, inputSets: Self.sets) { _ in nil }
      }
    }
    for block in fixtures {
      _ = try Fixtures(parsing: String(block.dropFirst(5)), file: Self.page)
    }
  }

  /// The examples in the table of `auth`.
  @Test func theExamplesOfKeysParse() throws {
    let table = try #require(try tables().first { $0.heading == "key of `auth`" })
    for row in table.rows {
      let example = try #require(codes(row[2]).first)
      let section = try section("http: {base: https://api.example, auth: \(example)}")
      #expect(section.takesKey)
      #expect(example.contains("\(codes(row[0])[0]):"))
    }
  }
}
