import Foundation
import Testing
import WaterfallCore

@testable import WaterfallProviders

/// The schemas and the reference say what the reader does.
@Suite struct DocumentationTests {
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  func text(_ path: String) throws -> String {
    try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
  }

  func schema(_ name: String) throws -> [String: Any] {
    let data = try Data(contentsOf: Self.root.appending(path: "docs/schema/\(name).schema.json"))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  /// The keys of a definition, or of the whole schema.
  func keys(_ schema: [String: Any], _ name: String? = nil) throws -> Set<String> {
    var object = schema
    if let name {
      let definitions = try #require(schema["$defs"] as? [String: Any])
      object = try #require(definitions[name] as? [String: Any])
    }
    #expect(object["additionalProperties"] as? Bool == false, "\(name ?? "document")")
    return Set(try #require(object["properties"] as? [String: Any]).keys)
  }

  @Test func theSchemaOfManifestsHasTheKeysOfTheReader() throws {
    let schema = try schema("manifest")
    #expect(try keys(schema) == Set(ManifestKeys.document))
    for (name, known) in [
      ("offer", ManifestKeys.offer), ("verifier_offer", ManifestKeys.verifierOffer),
      ("cost", ManifestKeys.cost), ("lookup", ManifestKeys.lookup),
      ("simulation", ManifestKeys.simulation), ("finder", ManifestKeys.finder),
      ("verifier", ManifestKeys.verifier), ("latency", ManifestKeys.latency),
      ("faults", ManifestKeys.faults), ("command", CommandKeys.section),
    ] {
      #expect(try keys(schema, name) == Set(known), "\(name)")
    }
    let properties = try #require(schema["properties"] as? [String: [String: Any]])
    for section in ["finds", "verifies"] {
      let fields = try #require(properties[section]?["properties"] as? [String: Any])
      #expect(Set(fields.keys) == Set(Field.allCases.map(\.rawValue)))
    }
  }

  /// The table in docs/lookup.md: its examples are judged as it says.
  @Test func theManualSaysWhatAValueHasToLookLike() throws {
    let rows = try text("docs/lookup.md").split(separator: "\n").filter { $0.hasPrefix("| `") }
    for field in Field.allCases {
      let row = try #require(rows.first { $0.hasPrefix("| `\(field)` ") }, "\(field)")
      let cells = row.split(separator: " | ")
      try #require(cells.count == 4, "\(row)")
      for (cell, isGood) in [(cells[2], true), (cells[3], false)] {
        let examples = cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
          .filter { $0.offset % 2 == 1 }.map { String($0.element) }
        #expect(!examples.isEmpty)
        for example in examples {
          #expect(
            SyntaxValidator.isWellFormed(example, for: field) == isGood, "\(field): \(example)")
        }
      }
    }
  }

  @Test func theSchemaOfConfigurationsHasTheKeysOfTheReader() throws {
    let schema = try schema("configuration")
    #expect(try keys(schema) == Set(ConfigurationKeys.document))
    #expect(try keys(schema, "column") == Set(ConfigurationKeys.column))
    let definitions = try #require(schema["$defs"] as? [String: [String: Any]])
    let forms = try #require(definitions["step"]?["oneOf"] as? [[String: Any]])
    let properties = try #require(forms.last?["properties"] as? [String: Any])
    #expect(Set(properties.keys) == Set(ConfigurationKeys.step))
  }

  @Test func theSchemaOfKeyFilesHasTheKeysOfTheReader() throws {
    let schema = try schema("keys")
    #expect(try keys(schema) == Set(KeyFile.sections))
    #expect(try keys(schema, "entry") == Set(KeyFile.entryKeys))
  }

  @Test func theSchemaOfFaultsHasTheKeysOfTheReader() throws {
    let schema = try schema("faults")
    #expect(try keys(schema) == Set(FaultKeys.document))
    #expect(try keys(schema, "rule") == Set(FaultKeys.rule))
    let definitions = try #require(schema["$defs"] as? [String: [String: Any]])
    let rule = try #require(definitions["rule"]?["properties"] as? [String: [String: Any]])
    for (key, words) in [
      ("fault", Fault.Kind.allCases.map(\.rawValue)), ("field", Field.allCases.map(\.rawValue)),
      ("stage", FaultSite.Stage.allCases.map(\.rawValue)),
    ] {
      #expect(Set(rule[key]?["enum"] as? [String] ?? []) == Set(words), "\(key)")
    }
  }

  /// The manual has every fault with its parameters, and no other.
  @Test func theManualHasEveryFault() throws {
    let rows = try text("docs/sandbox.md").split(separator: "\n").filter { $0.hasPrefix("| `") }
    for kind in Fault.Kind.allCases {
      let row = try #require(rows.first { $0.hasPrefix("| `\(kind.rawValue)` |") }, "\(kind)")
      for (name, kinds) in FaultKeys.parameters {
        #expect(row.contains("`\(name)`") == kinds.contains(kind), "\(kind): \(name)")
      }
    }
    for key in FaultKeys.rule where !FaultKeys.parameters.contains(where: { $0.key == key }) {
      #expect(rows.contains { $0.split(separator: "|")[0].contains("`\(key)`") }, "\(key)")
    }
  }

  @Test func theScriptOfTheManualIsUnderstood() throws {
    let text = try text("docs/sandbox.md")
    let script = try #require(text.split(separator: "```yaml\n").dropFirst().first)
    let rules = try FaultRule.all(
      in: String(script.prefix(while: { $0 != "`" })), file: "docs/sandbox.md",
      providers: [ProviderID("hunter"), ProviderID("icypeas")])
    #expect(rules.count == 3)
    #expect(rules[0].nth == [3] && rules[0].every == 100)
    #expect(rules[0].fault.retryAfter == .seconds(2))
    #expect(rules[1].attempt == [1] && rules[1].role == .finder)
    #expect(rules[2].stage == .poll && rules[2].fault.wait == .milliseconds(300))
  }

  /// What the schema requires, the reader requires: leaving the key out is an error.
  @Test(arguments: ["id", "name", "price", "refunds_invalid", "inputs", "hit_rate", "valid_share"])
  func requiredKeysAreRequiredByBoth(key: String) throws {
    let lines = Samples.finder().split(separator: "\n")
    let without = lines.filter { !$0.drop { $0 == " " }.hasPrefix("\(key):") }
    #expect(without.count == lines.count - 1)
    let error = #expect(throws: UserError.self) {
      try Manifest(parsing: without.joined(separator: "\n"), file: "a.yaml")
    }
    #expect(error?.message.contains("the key “\(key)” is missing") == true)
    let schema = try text("docs/schema/manifest.schema.json")
    #expect(schema.contains("\"required\"") && schema.contains("\"\(key)\""))
  }

  /// The manifests embedded in the binary are the files of the folder, all of them.
  @Test func whatIsEmbeddedIsWhatIsInTheFolder() throws {
    let folder = Self.root.appending(path: "providers")
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".yaml") }.sorted()
    #expect(EmbeddedTexts.files.map(\.path) == files)
    for (path, embedded) in EmbeddedTexts.files {
      #expect(embedded == (try text("providers/\(path)")), "\(path)")
    }
  }

  @Test func theExamplesOfTheReferenceParse() throws {
    let page = try text("docs/manifests.md")
    let blocks = page.split(separator: "```").enumerated().filter { $0.offset % 2 == 1 }
      .map(\.element).filter { $0.hasPrefix("yaml\n") }
    #expect(blocks.count == 4)
    for block in blocks {
      _ = try Manifest(parsing: String(block.dropFirst(5)), file: "docs/manifests.md")
    }
  }

  @Test func theReferenceNamesEveryKey() throws {
    let page = try text("docs/manifests.md")
    let known =
      ManifestKeys.document + ManifestKeys.offer + ManifestKeys.verifierOffer
      + ManifestKeys.cost + ManifestKeys.lookup + ManifestKeys.finder + ManifestKeys.verifier
      + ManifestKeys.latency + ManifestKeys.faults + CommandKeys.section
    for key in known { #expect(page.contains("`\(key)`"), "\(key)") }
  }
}
