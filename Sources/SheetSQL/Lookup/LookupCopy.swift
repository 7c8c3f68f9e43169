/// Keys and values in a private database on the disk, with an index on the keys.
final class LookupCopy {
  private let connection: SQLiteConnection
  private let insert: SQLiteStatement
  private let keys: [String]

  /// - Parameter keys: The number of key columns.
  init(keys count: Int) throws(SQLiteFailure) {
    connection = try SQLiteConnection(.temporary)
    keys = (1...count).map { "key\($0)" }
    let names = keys + ["value"]
    try connection.run("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
    try connection.run(
      "CREATE TABLE entries (\(names.map { "\($0) TEXT" }.joined(separator: ", ")))")
    try connection.run("BEGIN")
    let parameters = names.indices.map { "?\($0 + 1)" }.joined(separator: ", ")
    insert = try SQLiteStatement(connection, "INSERT INTO entries VALUES (\(parameters))")
  }

  /// Adds the keys and the value of one row. Rows with an empty key are left out: nothing could
  /// find them.
  func add(_ row: [String]) throws(SQLiteFailure) {
    for (index, cell) in row.enumerated() {
      let text = index < keys.count ? LookupKey.normalized(cell) : cell
      if index < keys.count, text.isEmpty { return }
      try insert.bind(text, at: index + 1)
    }
    defer { insert.reset() }
    _ = try insert.step()
  }

  /// Builds the index, and returns the statement that looks up.
  func finish() throws(SQLiteFailure) -> SQLiteStatement {
    try connection.run("COMMIT")
    try connection.run("CREATE INDEX entry ON entries (\(keys.joined(separator: ", ")))")
    let condition = keys.enumerated().map { "\($1) = ?\($0 + 1)" }.joined(separator: " AND ")
    return try SQLiteStatement(
      connection, "SELECT value FROM entries WHERE \(condition) ORDER BY rowid LIMIT 1")
  }
}
