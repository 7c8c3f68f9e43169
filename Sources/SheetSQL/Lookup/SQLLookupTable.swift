import Synchronization
public import WaterfallCore

/// A table of the user's own in which values are looked up by one or several keys.
///
/// Keys match without the spaces around them and without regard to the case of ASCII letters. The
/// first row with the keys counts, also when its value is empty, which means that there is none. An
/// empty key matches nothing. Safe for threads: lookups follow one another.
public final class SQLLookupTable: Sendable {
  /// Reached under the lock only, and from nowhere else.
  nonisolated(unsafe) private let source: LookupSource
  private let lock = Mutex(())

  /// Opens a table or view of an SQLite database file, which is never written to.
  ///
  /// A table that has an index for such keys, as `CREATE INDEX i ON people (trim(email) COLLATE
  /// NOCASE)` makes for one key, is read where it is. Of every other table or view the keys and
  /// values are copied into a private database on the disk first, in O(rows · log rows): changes
  /// after that are not seen.
  ///
  /// - Parameters:
  ///   - keys: At least one column, matched to the keys of a lookup by position.
  ///   - patience: Milliseconds to wait for another program that has locked the database.
  /// - Throws: `UserError` for a file, table or column that is missing, a file that is no SQLite
  ///   database, and one that stays locked.
  public init(
    database path: String, table: String, keys: [String], value: String, patience: Int32 = 2_000
  ) throws(UserError) {
    precondition(!keys.isEmpty, "a lookup without keys")
    source = try LookupDatabase(path: path, patience: patience)
      .source(table: table, keys: keys, value: value)
  }

  /// Copies the keys and values of a sheet into a private database on the disk.
  ///
  /// Memory does not grow with the sheet. Complexity: O(rows · log rows).
  ///
  /// - Parameters:
  ///   - name: What the sheet is called in errors.
  ///   - header: The sheet's header. Names are found in any case (ASCII); the first one counts.
  ///   - rows: Calls its argument with the cells of each row, in order. Cells that a short row
  ///     lacks are empty.
  /// - Throws: `UserError` for a missing column, and whatever `rows` throws.
  public init(
    sheet name: String, header: [String], keys: [String], value: String,
    rows: (_ body: ([String]) throws -> Void) throws -> Void
  ) throws {
    precondition(!keys.isEmpty, "a lookup without keys")
    let words = LookupWords(name: name)
    let positions = try (keys + [value]).map { try words.position(of: $0, among: header) }
    let copy = try words.attempting { () throws(SQLiteFailure) in try LookupCopy(keys: keys.count) }
    try rows { cells in
      let row = positions.map { cells.indices.contains($0) ? cells[$0] : "" }
      try words.attempting { () throws(SQLiteFailure) in try copy.add(row) }
    }
    let statement = try words.attempting { () throws(SQLiteFailure) in try copy.finish() }
    source = LookupSource(statement: statement, words: words)
  }

  /// The value of the first row with these keys; nil where there is none, or where it is empty.
  ///
  /// `keys` has one element for each key column. Complexity: O(log rows). Throws `UserError` when
  /// the database cannot be read.
  public func value(forKeys keys: [String]) throws -> String? {
    try lock.withLock { _ in try source.value(forKeys: keys) }
  }
}

/// A statement that finds a value by its keys.
final class LookupSource {
  private let statement: SQLiteStatement
  private let words: LookupWords

  init(statement: SQLiteStatement, words: LookupWords) {
    self.statement = statement
    self.words = words
  }

  func value(forKeys keys: [String]) throws(UserError) -> String? {
    precondition(keys.count == statement.parameterCount, "one key for each key column")
    let keys = keys.map(LookupKey.normalized)
    guard !keys.contains("") else { return nil }
    defer { statement.reset() }
    let value = try words.attempting { () throws(SQLiteFailure) -> String? in
      for (index, key) in keys.enumerated() { try statement.bind(key, at: index + 1) }
      return try statement.step() ? statement.text(at: 0) : nil
    }
    return value == "" ? nil : value
  }
}

enum LookupKey {
  /// Without spaces around it, with A to Z lowered: what SQLite's `trim` and `NOCASE` do.
  static func normalized(_ key: String) -> String {
    var bytes = Array(key.utf8)[...]
    while bytes.first == 0x20 { bytes.removeFirst() }
    while bytes.last == 0x20 { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self).asciiLowercased
  }
}
