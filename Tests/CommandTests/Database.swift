import GRDBSQLite

/// SQLite without the tool: to make tables for it, and to change its ledgers behind its back.
enum Database {
  struct Failure: Error {
    let code: Int32
    let message: String
  }

  /// Runs statements on a database that exists.
  static func change(_ path: String, _ sql: String) throws {
    try run(path, sql, flags: SQLITE_OPEN_READWRITE)
  }

  /// Runs statements on a database, which is made where there is none.
  static func create(_ path: String, _ sql: String) throws {
    try run(path, sql, flags: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
  }

  /// The rows of a query, their columns as text with bars between them.
  static func rows(_ path: String, _ sql: String) throws -> [String] {
    var database: OpaquePointer?
    defer { sqlite3_close(database) }
    try check(sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, nil), database)
    var statement: OpaquePointer?
    try check(sqlite3_prepare_v2(database, sql, -1, &statement, nil), database)
    defer { sqlite3_finalize(statement) }
    var rows: [String] = []
    while true {
      let code = sqlite3_step(statement)
      if code == SQLITE_DONE { return rows }
      guard code == SQLITE_ROW else {
        throw Failure(code: code, message: String(cString: sqlite3_errmsg(database)))
      }
      let columns = (0..<sqlite3_column_count(statement)).map { column in
        sqlite3_column_text(statement, column).map { String(cString: $0) } ?? ""
      }
      rows.append(columns.joined(separator: "|"))
    }
  }

  /// Whether a workspace has a run on record; false where there is none yet.
  static func hasRun(_ path: String) -> Bool {
    (try? rows(path, "SELECT count(*) > 0 FROM run")) == ["1"]
  }

  /// Whether its only run is done. A whole output gets its name a moment before that.
  static func isDone(_ path: String) -> Bool {
    (try? rows(path, "SELECT state FROM run_state")) == ["done"]
  }

  private static func run(_ path: String, _ sql: String, flags: Int32) throws {
    var database: OpaquePointer?
    defer { sqlite3_close(database) }
    try check(sqlite3_open_v2(path, &database, flags, nil), database)
    try check(sqlite3_exec(database, sql, nil, nil, nil), database)
  }

  private static func check(_ code: Int32, _ database: OpaquePointer?) throws {
    guard code != SQLITE_OK else { return }
    throw Failure(code: code, message: String(cString: sqlite3_errmsg(database)))
  }
}
