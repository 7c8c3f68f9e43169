import Foundation
import GRDBSQLite
import Testing

/// What `docs/ledger.md` tells of the workspace file is in the workspace file.
@Suite struct LedgerQueryTests {
  static let path = "docs/ledger.md"

  /// The workspace that the document's console blocks make.
  private func withWorkspace(_ body: (Document, Database) throws -> Void) throws {
    let document = try Package.document(Self.path)
    let session = try ConsoleSession()
    defer { session.cleanUp() }
    let results = try session.run(try ConsoleScript(document).steps.map(\.command))
    try #require(results.allSatisfy { $0.status == 0 })
    let file = session.directory.appending(path: "workspace-simulated.sqlite").path
    try body(document, try Database(file))
  }

  @Test func theQueriesAnswerWhatIsShown() throws {
    try withWorkspace { document, database in
      let queries = document.blocks.enumerated().filter { $0.element.language == "sql" }
      try #require(queries.count > 3)
      for (index, block) in queries {
        let shown = document.blocks.dropFirst(index + 1).first
        guard let shown, shown.language == "text" else {
          Issue.record("\(document.place(block.first)): show the answer in a text block after it")
          continue
        }
        let answer = try database.rows(block.text).map { $0.joined(separator: "|") }
        #expect(
          Elision.difference(shown: shown.lines, printed: answer) == nil,
          """
          \(document.place(shown.first)): the query answers something else; write
          \(answer.joined(separator: "\n"))
          """)
      }
    }
  }

  @Test func everyTableAndViewIsDescribed() throws {
    try withWorkspace { document, database in
      let names = try database.rows(
        "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'"
      ).map { $0[0] }
      try #require(names.count > 10)
      let first = document.lines.filter { $0.hasPrefix("|") }
        .map { $0.split(separator: "|").first.map(String.init) ?? "" }
      for name in names {
        #expect(first.contains { $0.contains("`\(name)`") }, "\(Self.path): describe `\(name)`")
      }
      for name in names where name.hasSuffix("_line") {
        let columns = try database.rows("SELECT name FROM pragma_table_info('\(name)')")
          .map { "`\($0[0])`" }.joined(separator: ", ")
        #expect(
          document.lines.contains { $0.contains("`\(name)`") && $0.contains(columns) },
          "\(Self.path): the columns of \(name) are \(columns)")
      }
    }
  }

  @Test func everyKindOfEntryIsDescribed() throws {
    let code = try Package.text("Sources/WaterfallCore/Paying/Entry.swift")
    let kinds = code.matches(of: /\/\/\/ \| ([a-z]+) \| [a-z–]/).map { String($0.1) }
      .filter { $0 != "kind" }
    try #require(kinds.count > 5)
    let lines = try Package.document(Self.path).lines
    for kind in kinds {
      #expect(lines.contains { $0.hasPrefix("| `\(kind)` |") }, "\(Self.path): describe `\(kind)`")
    }
  }

  @Test func everyLawIsDescribed() throws {
    let session = try ConsoleSession()
    defer { session.cleanUp() }
    let text = try session.shell(
      "waterfall credits grant 5 > grant.txt 2>&1; waterfall credits verify --json")
    let report = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    let laws = try #require(report?["laws"] as? [[String: Any]])
    let lines = try Package.document(Self.path).lines
    for law in laws {
      let number = try #require(law["number"] as? Int)
      #expect(
        lines.contains { $0.hasPrefix("| \(number) |") },
        "\(Self.path): describe law \(number): \(law["title"] ?? "")")
    }
  }
}

/// A database file, for reading.
private final class Database {
  private var handle: OpaquePointer?

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  init(_ path: String) throws {
    guard sqlite3_open_v2(path, &handle, SQLITE_OPEN_READONLY, nil) == SQLITE_OK else {
      throw Failure(description: "cannot open \(path)")
    }
  }

  deinit { sqlite3_close(handle) }

  /// The cells of all rows as text, NULL as nothing.
  func rows(_ sql: String) throws -> [[String]] {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK else {
      throw Failure(description: "\(String(cString: sqlite3_errmsg(handle))):\n\(sql)")
    }
    defer { sqlite3_finalize(statement) }
    var rows: [[String]] = []
    while sqlite3_step(statement) == SQLITE_ROW {
      rows.append(
        (0..<sqlite3_column_count(statement)).map { column in
          sqlite3_column_text(statement, column).map { String(cString: $0) } ?? ""
        })
    }
    return rows
  }
}
