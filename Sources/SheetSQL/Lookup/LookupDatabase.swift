import GRDBSQLite
import WaterfallCore

/// The user's database file, opened to read one table or view of it.
struct LookupDatabase {
  private let connection: SQLiteConnection
  private let words: LookupWords

  init(path: String, patience: Int32) throws(UserError) {
    let words = LookupWords(name: path)
    self.words = words
    connection = try words.attempting { () throws(SQLiteFailure) in
      let connection = try SQLiteConnection(.readOnly(path: path))
      sqlite3_busy_timeout(connection.handle, patience)
      // Views of a file that somebody else made may not call what has side effects.
      try connection.run("PRAGMA trusted_schema = OFF; PRAGMA query_only = ON")
      return connection
    }
  }

  func source(table: String, keys: [String], value: String) throws(UserError)
    -> LookupSource
  {
    let table = try find(table)
    let columns = try names("SELECT name FROM pragma_table_xinfo(?1)", table)
    var found: [String] = []
    for name in keys + [value] {
      found.append(columns[try words.position(of: name, among: columns, of: table)])
    }
    let (keys, value) = (found.dropLast(), found[found.count - 1])
    return try words.attempting { () throws(SQLiteFailure) in
      guard let statement = try direct(table, Array(keys), value) else {
        let statement = try copy(table, found, keys: keys.count)
        return LookupSource(statement: statement, words: words)
      }
      return LookupSource(statement: statement, words: words)
    }
  }

  /// The name of the table or view as the database spells it.
  private func find(_ table: String) throws(UserError) -> String {
    let tables = try names(
      "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name <> ?1"
        + " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name", "")
    if let found = tables.first(where: { $0.asciiLowercased == table.asciiLowercased }) {
      return found
    }
    throw words.missing("table or view", table, among: tables, of: "the lookup database")
  }

  private func names(_ sql: String, _ argument: String) throws(UserError) -> [String] {
    try words.attempting { () throws(SQLiteFailure) in
      let statement = try SQLiteStatement(connection, sql)
      try statement.bind(argument, at: 1)
      var names: [String] = []
      while try statement.step() { names.append(statement.text(at: 0) ?? "") }
      return names
    }
  }

  /// The lookup on the table itself, if one of its indexes serves; nil for views, and for tables
  /// without such an index or without row numbers.
  private func direct(
    _ table: String, _ keys: [String], _ value: String
  ) throws(SQLiteFailure) -> SQLiteStatement? {
    let conditions = keys.enumerated().map { index, key in
      "trim(\(SQLiteConnection.quoted(key))) = ?\(index + 1) COLLATE NOCASE"
    }
    let sql =
      "SELECT \(SQLiteConnection.quoted(value)) FROM \(SQLiteConnection.quoted(table)) WHERE "
      + conditions.joined(separator: " AND ") + " ORDER BY rowid LIMIT 1"
    guard let plan = try? SQLiteStatement(connection, "EXPLAIN QUERY PLAN " + sql) else {
      return nil
    }
    var steps: [String] = []
    while try plan.step() { steps.append(plan.text(at: 3) ?? "") }
    let isSearch = steps.first?.hasPrefix("SEARCH ") == true
    guard isSearch, !steps.contains(where: { $0.hasPrefix("SCAN ") }) else { return nil }
    return try SQLiteStatement(connection, sql)
  }

  private func copy(
    _ table: String, _ columns: [String], keys: Int
  ) throws(SQLiteFailure) -> SQLiteStatement {
    let copy = try LookupCopy(keys: keys)
    let names = columns.map(SQLiteConnection.quoted).joined(separator: ", ")
    let rows = try SQLiteStatement(
      connection, "SELECT \(names) FROM \(SQLiteConnection.quoted(table))")
    while try rows.step() { try copy.add(columns.indices.map { rows.text(at: $0) ?? "" }) }
    return try copy.finish()
  }
}
