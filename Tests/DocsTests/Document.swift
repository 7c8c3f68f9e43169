import Foundation
import Testing

/// One Markdown document of the project, cut into the parts that the tests look at.
struct Document: CustomTestStringConvertible, Sendable {
  /// From the root of the package: `docs/commands.md`.
  let path: String
  let lines: [String]
  let blocks: [Block]

  var testDescription: String { path }

  /// A fenced block. `first` is the number of its first line inside the fence, from 1.
  struct Block: Sendable {
    let language: String
    let first: Int
    let lines: [String]

    var text: String { lines.joined(separator: "\n") + "\n" }
  }

  /// A heading with the lines up to the next one of its level or above.
  struct Section {
    let title: String
    let level: Int
    let first: Int
    let lines: ArraySlice<String>
  }

  init(path: String) throws {
    self.path = path
    let text = try String(contentsOf: Package.root.appending(path: path), encoding: .utf8)
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    blocks = Self.blocks(in: lines)
  }

  /// `path:line`, to begin a message with.
  func place(_ line: Int) -> String { "\(path):\(line)" }

  /// Whether each line stands outside of fenced blocks, in the order of the lines.
  var isProse: [Bool] {
    var isInside = false
    return lines.map { line in
      guard line.hasPrefix("```") else { return !isInside }
      isInside.toggle()
      return false
    }
  }

  var sections: [Section] {
    let prose = isProse
    let heads: [(index: Int, level: Int)] = lines.indices.compactMap { index in
      let level = lines[index].prefix { $0 == "#" }.count
      guard prose[index], (1...6).contains(level), lines[index].dropFirst(level).first == " "
      else { return nil }
      return (index, level)
    }
    return heads.enumerated().map { number, head in
      let next = heads[(number + 1)...].first { $0.level <= head.level }?.index ?? lines.endIndex
      return Section(
        title: String(lines[head.index].dropFirst(head.level + 1)), level: head.level,
        first: head.index + 1, lines: lines[head.index..<next])
    }
  }

  private static func blocks(in lines: [String]) -> [Block] {
    var blocks: [Block] = []
    var open: (language: String, first: Int)?
    for (index, line) in lines.enumerated() where line.hasPrefix("```") {
      if let start = open {
        blocks.append(
          Block(
            language: start.language, first: start.first,
            lines: Array(lines[(start.first - 1)..<index])))
        open = nil
      } else {
        open = (String(line.dropFirst(3)), index + 2)
      }
    }
    return blocks
  }
}

/// The package whose documents are tested.
enum Package {
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// Every Markdown document that is part of the manual.
  static let documents: [Document] = {
    let files = FileManager.default.enumerator(atPath: root.appending(path: "docs").path)
    let names = (files?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".md") }.sorted()
    return (["README.md", "CHANGELOG.md"] + names.map { "docs/" + $0 })
      .compactMap { try? Document(path: $0) }
  }()

  /// Those with `console` blocks.
  static let sessions = documents.filter { $0.blocks.contains { $0.language == "console" } }

  static func document(_ path: String) throws -> Document { try Document(path: path) }
}
