import GRDBSQLite

/// A prepared statement. Keeps its connection open.
final class SQLiteStatement {
  let handle: OpaquePointer
  private let connection: SQLiteConnection
  /// Whether SQL text follows the statement.
  let hasTail: Bool

  /// Prepares the first statement of `sql`, which is not empty.
  init(_ connection: SQLiteConnection, _ sql: String) throws(SQLiteFailure) {
    var prepared: OpaquePointer?
    var tail = 0
    let code = sql.withCString { start in
      var rest: UnsafePointer<CChar>?
      let code = sqlite3_prepare_v3(
        connection.handle, start, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, &rest)
      tail = rest.map { Int($0.pointee) } ?? 0
      return code
    }
    guard code == SQLITE_OK else { throw connection.failure(code) }
    guard let prepared else {
      throw SQLiteFailure(code: SQLITE_ERROR, words: "not a statement", systemError: 0)
    }
    handle = prepared
    hasTail = tail != 0
    self.connection = connection
  }

  deinit { sqlite3_finalize(handle) }

  var parameterCount: Int { Int(sqlite3_bind_parameter_count(handle)) }
  var columnCount: Int { Int(sqlite3_column_count(handle)) }

  /// Binds a copy of `text` to the parameter at `index`, from 1.
  @inline(__always)
  func bind(_ text: String, at index: Int) throws(SQLiteFailure) {
    let code = sqlite3_bind_text64(
      handle, Int32(index), text, UInt64(text.utf8.count), Self.transient, UInt8(SQLITE_UTF8))
    guard code == SQLITE_OK else { throw connection.failure(code) }
  }

  /// Whether there is a further row.
  func step() throws(SQLiteFailure) -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code: throw connection.failure(code)
    }
  }

  func reset() { sqlite3_reset(handle) }

  func isTrue(at column: Int) -> Bool { sqlite3_column_int(handle, Int32(column)) != 0 }

  /// The value as text; nil for NULL.
  func text(at column: Int) -> String? {
    guard let start = sqlite3_column_text(handle, Int32(column)) else { return nil }
    let count = Int(sqlite3_column_bytes(handle, Int32(column)))
    return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  }

  private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
}
