import Foundation
import Testing

/// `docs/commands.md` describes the tool: every command, every option, and nothing else.
@Suite struct CommandReferenceTests {
  /// A command that does something, as `--experimental-dump-help` tells.
  struct Command: CustomTestStringConvertible {
    let name: String
    /// Each option with all its names: `["-o", "--output"]`.
    let options: [[String]]
    /// In capitals, as usage lines have them: `SHEET`.
    let arguments: [String]

    var testDescription: String { name }
  }

  static let path = "docs/commands.md"
  /// ArgumentParser's own, which every command has.
  static let everywhere: Set<String> = ["--help", "--version", "-h"]

  @Test func everyCommandAndOptionIsDescribed() throws {
    let document = try Package.document(Self.path)
    for command in try Self.commands() {
      guard let section = document.sections.first(where: { $0.title == command.name }) else {
        Issue.record("\(Self.path): add a section “## \(command.name)”")
        continue
      }
      let spans = Self.words(inCode: section.lines)
      for names in command.options {
        for name in names where !Self.everywhere.contains(name) {
          #expect(
            spans.contains(name),
            "\(document.place(section.first)): describe `\(name)` under \(command.name)")
        }
      }
      for argument in command.arguments {
        #expect(
          section.lines.contains { $0.contains(argument) },
          "\(document.place(section.first)): show the argument \(argument) of \(command.name)")
      }
      #expect(
        section.lines.contains { $0.hasPrefix("$ \(command.name)") },
        "\(document.place(section.first)): give an example of \(command.name) in a console block")
    }
  }

  @Test func nothingIsDescribedThatTheToolDoesNotKnow() throws {
    let document = try Package.document(Self.path)
    let commands = try Self.commands()
    let all = Set(commands.flatMap(\.options).flatMap { $0 }).union(Self.everywhere)
    for section in document.sections where section.level == 2 {
      let command = commands.first { $0.name == section.title }
      if section.title.hasPrefix("waterfall ") {
        #expect(
          command != nil,
          "\(document.place(section.first)): the tool has no command “\(section.title)”: remove it")
      }
      let known = command.map { Set($0.options.flatMap { $0 }).union(Self.everywhere) } ?? all
      // A console block of one command may use others to get there.
      func isFromAnExample(_ word: String, _ section: Document.Section) -> Bool {
        all.contains(word) && !Self.isInTable(word, section)
      }
      for word in Self.words(inCode: section.lines) where word.hasPrefix("-") && word != "-" {
        #expect(
          known.contains(word) || isFromAnExample(word, section),
          "\(document.place(section.first)): \(section.title) has no option \(word): remove it")
      }
    }
  }

  /// Options that other documents name exist too.
  @Test(arguments: Package.documents) func optionsNamedElsewhereExist(document: Document) throws {
    let all = Set(try Self.commands().flatMap(\.options).flatMap { $0 }).union(Self.everywhere)
    for (index, line) in document.lines.enumerated() where line.contains("waterfall ") {
      let tail = line.split(separator: "waterfall ", maxSplits: 1).last ?? ""
      for match in tail.prefix(while: { $0 != "|" && $0 != ";" }).matches(of: /(?:^|\s)(--[a-z-]+)/)
      where tail.hasPrefix("enrich") || tail.hasPrefix("resume") || tail.hasPrefix("bench") {
        #expect(
          all.contains(String(match.1)),
          "\(document.place(index + 1)): the tool has no option \(match.1)")
      }
    }
  }

  @Test func everyExitStatusIsDescribed() throws {
    let code = try Package.text("Sources/waterfall/Console/ExitStatus.swift")
    let statuses = code.matches(of: /case \w+ = (\d+)/).map { String($0.1) }
    try #require(statuses.count > 3)
    let rows = try Self.rows(under: "Exit statuses")
    for status in statuses {
      #expect(rows.contains(status), "\(Self.path): describe exit status \(status)")
    }
    for row in rows where Int(row) != nil {
      #expect(statuses.contains(row), "\(Self.path): the tool never ends with status \(row)")
    }
  }

  @Test func everyEnvironmentVariableIsDescribed() throws {
    let code =
      try Package.text("Sources/waterfall/Wiring/Environment.swift")
      + Package.text("Sources/WaterfallProviders/Keys/KeyVariables.swift")
    let network = try Package.text("Sources/CurlTransport/CurlTransport+Options.swift")
    let read =
      code.matches(of: /variables\["([A-Z_]+)(\\\(suffix\))?"\]/).map {
        "`\($0.1)\($0.2 == nil ? "" : "<PROVIDER>")`"
      } + network.matches(of: /"([a-z]+_proxy|SSL_[A-Z_]+)"/).map { "`\($0.1)`" }
    try #require(read.count > 3)
    let rows = try Self.rows(under: "Environment variables")
    for name in read { #expect(rows.contains(name), "\(Self.path): describe \(name)") }
    let others: Set = ["`NO_COLOR`", "variable", "---"]
    for row in rows where !others.contains(row) {
      #expect(read.contains(row), "\(Self.path): the tool does not read \(row)")
    }
  }

  // MARK: Reading

  /// The first cells of a section's table.
  private static func rows(under title: String) throws -> [String] {
    let document = try Package.document(path)
    let section = try #require(document.sections.first { $0.title == title }, "\(title)")
    return section.lines.filter { $0.hasPrefix("|") }.compactMap { line in
      line.split(separator: "|").first.map { $0.trimmingCharacters(in: .whitespaces) }
    }
  }

  /// Words of code spans and fenced blocks: `--limit N` gives `--limit` and `N`.
  private static func words(inCode lines: ArraySlice<String>) -> Set<String> {
    var words: Set<String> = []
    var isInside = false
    for line in lines {
      if line.hasPrefix("```") { isInside.toggle() }
      let pieces =
        isInside
        ? (line.hasPrefix("$ waterfall") || line.hasPrefix("    ") ? [Substring(line)] : [])
        : line.split(separator: "`", omittingEmptySubsequences: false).enumerated()
          .filter { !$0.offset.isMultiple(of: 2) }.map(\.element)
      for piece in pieces {
        for word in piece.split(whereSeparator: { " ,".contains($0) }) {
          words.insert(String(word))
        }
      }
    }
    return words
  }

  private static func isInTable(_ word: String, _ section: Document.Section) -> Bool {
    section.lines.contains { line in
      line.hasPrefix("|") && (line.split(separator: "|").first?.contains(word) ?? false)
    }
  }

  static func commands() throws -> [Command] {
    let session = try ConsoleSession()
    defer { session.cleanUp() }
    let root = try dump("waterfall", session)
    let server = try leaves(of: dump("waterfall-server", session), under: "")
    // The tool's own command hands everything on to the server's.
    return leaves(of: root, under: "").map { command in
      let options = server.first { $0.name == "waterfall-server sandbox" }?.options
      guard command.name == "waterfall sandbox", let options else { return command }
      return Command(name: command.name, options: options, arguments: [])
    }
  }

  private static func dump(_ tool: String, _ session: ConsoleSession) throws -> [String: Any] {
    let text = try session.shell("\(tool) --experimental-dump-help")
    let json = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    return try #require(json?["command"] as? [String: Any])
  }

  private static func leaves(of node: [String: Any], under parent: String) -> [Command] {
    guard let name = node["commandName"] as? String, name != "help" else { return [] }
    let full = parent.isEmpty ? name : "\(parent) \(name)"
    let children = (node["subcommands"] as? [[String: Any]] ?? [])
      .filter { $0["commandName"] as? String != "help" }
    guard children.isEmpty else { return children.flatMap { leaves(of: $0, under: full) } }
    let arguments = node["arguments"] as? [[String: Any]] ?? []
    return [
      Command(
        name: full,
        options: arguments.map { names(of: $0) }.filter { !$0.isEmpty },
        arguments: arguments.filter { $0["kind"] as? String == "positional" }
          .compactMap { ($0["valueName"] as? String)?.uppercased() })
    ]
  }

  private static func names(of argument: [String: Any]) -> [String] {
    (argument["names"] as? [[String: Any]] ?? []).compactMap { name in
      (name["name"] as? String).map { (name["kind"] as? String == "long" ? "--" : "-") + $0 }
    }
  }
}
