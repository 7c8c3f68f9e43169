import Foundation
import GRDBSQLite
import SheetSQL
import TestSupport
import Testing
import WaterfallCore

/// The other program that writes the user's database.
private final class Writer {
  private var handle: OpaquePointer?

  init(_ path: String) throws {
    try #require(sqlite3_open(path, &handle) == SQLITE_OK)
  }

  deinit { sqlite3_close_v2(handle) }

  func run(_ sql: String) throws {
    try #require(sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK)
  }
}

@Suite struct SQLLookupTableTests {
  /// A directory of its own for one test.
  private func withDirectory(_ body: (String) throws -> Void) throws {
    let directory = try TemporaryFolder()
    defer { directory.remove() }
    try body(directory.path)
  }

  private func write(_ path: String, _ sql: String) throws {
    try Writer(path).run(sql)
  }

  private static let people = """
    CREATE TABLE People (Email TEXT, "Full name" TEXT, Phone, State TEXT);
    INSERT INTO People VALUES
      (' A@X.example ', 'Ann', 15551234, 'WA'), ('a@x.example', 'Second', '2', 'OR'),
      ('b@x.example', 'Bob', '', 'WA'), ('b@x.example', 'Bob', '3', 'WA'),
      ('c@x.example', 'Cy', NULL, 'WA'), (NULL, 'None', '4', 'WA'), ('', 'Empty', '5', 'WA'),
      ('É@x.example', 'Émile', '6', 'WA');
    CREATE VIEW Phones AS SELECT Email AS mail, Phone FROM People;
    CREATE TABLE Keyed (k TEXT PRIMARY KEY, v TEXT) WITHOUT ROWID;
    INSERT INTO Keyed VALUES ('one', '1');
    """

  private let expected: [(String, String?)] = [
    ("a@x.example", "15551234"), ("  A@x.EXAMPLE", "15551234"), ("b@x.example", nil),
    ("c@x.example", nil), ("", nil), (" ", nil), ("nobody", nil), ("É@x.example", "6"),
    ("é@x.example", nil), ("'; DROP TABLE People; --", nil), ("\u{0}", nil),
  ]

  @Test func copiesATableAndAView() throws {
    try withDirectory { directory in
      let path = directory + "/people.db"
      try write(path, Self.people)
      for (table, key) in [("people", "EMAIL"), ("PHONES", "Mail")] {
        let lookup = try SQLLookupTable(database: path, table: table, keys: [key], value: "phone")
        for (key, value) in expected {
          #expect(try lookup.value(forKeys: [key]) == value, "\(key)")
        }
      }
      let keyed = try SQLLookupTable(database: path, table: "Keyed", keys: ["k"], value: "v")
      #expect(try keyed.value(forKeys: ["ONE "]) == "1")
    }
  }

  @Test func readsAFittingIndexInPlace() throws {
    try withDirectory { directory in
      let path = directory + "/people.db"
      try write(path, Self.people + "CREATE INDEX i ON People (trim(Email) COLLATE NOCASE);")
      let lookup = try SQLLookupTable(
        database: path, table: "People", keys: ["Email"], value: "Phone")
      for (key, value) in expected { #expect(try lookup.value(forKeys: [key]) == value, "\(key)") }
      // Only a table read in place sees what comes later.
      try write(path, "INSERT INTO People VALUES ('late@x.example', '', '7', '')")
      #expect(try lookup.value(forKeys: ["late@x.example"]) == "7")
    }
  }

  @Test func aCopyIsASnapshotAndLeavesTheFileAlone() throws {
    try withDirectory { directory in
      let path = directory + "/people.db"
      try write(path, Self.people)
      let before = try Data(contentsOf: URL(fileURLWithPath: path))
      let lookup = try SQLLookupTable(
        database: path, table: "People", keys: ["Email"], value: "Phone")
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
      try write(path, "DELETE FROM People")
      #expect(try lookup.value(forKeys: ["a@x.example"]) == "15551234")
    }
  }

  @Test func severalKeysMustAllMatch() throws {
    try withDirectory { directory in
      let path = directory + "/people.db"
      try write(path, Self.people)
      let lookup = try SQLLookupTable(
        database: path, table: "People", keys: ["email", "state"], value: "full NAME")
      #expect(try lookup.value(forKeys: ["a@x.example", "wa"]) == "Ann")
      #expect(try lookup.value(forKeys: ["a@x.example", "or"]) == "Second")
      #expect(try lookup.value(forKeys: ["a@x.example", "CA"]) == nil)
      #expect(try lookup.value(forKeys: ["a@x.example", ""]) == nil)
    }
  }

  private func error(_ path: String, _ table: String, _ keys: [String], _ value: String)
    -> UserError?
  {
    #expect(throws: UserError.self) {
      _ = try SQLLookupTable(database: path, table: table, keys: keys, value: value, patience: 10)
    }
  }

  @Test func mistakesAreNamed() throws {
    try withDirectory { directory in
      let path = directory + "/people.db"
      try write(path, Self.people)
      let table = error(path, "Peopel", ["a"], "b")
      #expect(table?.message == "the lookup database has no table or view Peopel")
      #expect(table?.remedy == "Did you mean People?")
      #expect(error(path, "People", ["Emial"], "Phone")?.remedy == "Did you mean Email?")
      let column = error(path, "People", ["Email"], "xyzzy")
      #expect(column?.message == "the table People has no column xyzzy")
      #expect(column?.remedy == "It has Email, Full name, Phone, State.")
      #expect(column?.place == path)
      #expect(
        error(directory + "/none.db", "t", ["a"], "b")?.message.hasSuffix("does not exist") == true)
      #expect(!FileManager.default.fileExists(atPath: directory + "/none.db"))
      try Data(repeating: 0x61, count: 4096).write(to: URL(fileURLWithPath: directory + "/text.db"))
      #expect(
        error(directory + "/text.db", "t", ["a"], "b")?.message
          == "the file is not an SQLite database")
      #expect(error(directory, "t", ["a"], "b")?.code == .io)
      try write(directory + "/empty.db", "CREATE TABLE t (a); DROP TABLE t")
      #expect(error(directory + "/empty.db", "t", ["a"], "b")?.remedy == "It has none at all.")
    }
  }

  @Test func aLockedFileIsSaidToBeLocked() throws {
    try withDirectory { directory in
      let path = directory + "/people.db"
      try write(path, Self.people)
      let writer = try Writer(path)
      try writer.run("BEGIN EXCLUSIVE")
      #expect(error(path, "People", ["Email"], "Phone")?.message.contains("is locked") == true)
      try writer.run("ROLLBACK")
      _ = try SQLLookupTable(database: path, table: "People", keys: ["Email"], value: "Phone")
    }
  }

  @Test func sheetsAreStreamedIn() throws {
    let lookup = try SQLLookupTable(
      sheet: "people.csv", header: ["Email", "Phone", "email"], keys: ["EMAIL"], value: "phone"
    ) { body in
      try body(["a@x.example ", "1", "z"])
      try body(["A@X.example", "2", "z"])
      try body(["b@x.example"])
      try body([])
      for number in 0..<20_000 { try body(["row\(number)", "v\(number)", ""]) }
    }
    #expect(try lookup.value(forKeys: ["A@X.EXAMPLE"]) == "1")
    #expect(try lookup.value(forKeys: ["b@x.example"]) == nil)
    #expect(try lookup.value(forKeys: ["ROW19999"]) == "v19999")
  }

  @Test func sheetMistakesAndErrorsOfTheReader() throws {
    let missing = #expect(throws: UserError.self) {
      _ = try SQLLookupTable(sheet: "p.csv", header: ["Email"], keys: ["Emial"], value: "x") { _ in
      }
    }
    #expect(
      missing?.description == "p.csv: the lookup table has no column Emial. Did you mean Email?")
    let stop = UserError(.input, "broken quotes", place: "p.csv:3")
    let passed = #expect(throws: UserError.self) {
      _ = try SQLLookupTable(sheet: "p.csv", header: ["a"], keys: ["a"], value: "a") { body in
        try body(["1"])
        throw stop
      }
    }
    #expect(passed == stop)
  }

  @Test func manyThreadsLookUpAtOnce() async throws {
    let lookup = try SQLLookupTable(sheet: "s", header: ["k", "v"], keys: ["k"], value: "v") {
      body in
      for number in 0..<1_000 { try body(["k\(number)", "v\(number)"]) }
    }
    let wrong = try await withThrowingTaskGroup(of: Int.self) { group in
      for task in 0..<8 {
        group.addTask {
          var wrong = 0
          for number in 0..<1_000 where number % 8 == task || number < 50 {
            if try lookup.value(forKeys: ["K\(number)"]) != "v\(number)" { wrong += 1 }
          }
          return wrong
        }
      }
      return try await group.reduce(0, +)
    }
    #expect(wrong == 0)
  }
}
