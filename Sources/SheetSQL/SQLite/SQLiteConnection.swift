import GRDBSQLite

/// An SQLite failure: the code and SQLite's own words.
struct SQLiteFailure: Error {
  let code: Int32
  let words: String
  /// The `errno` behind an input or output failure; 0 where there is none.
  let systemError: Int32

  var primaryCode: Int32 { code & 0xFF }
}

/// A connection of its own, closed with its last reference. Not safe for threads: its owner sees
/// to it that one thread uses it at a time.
final class SQLiteConnection {
  let handle: OpaquePointer

  enum Place {
    case memory
    /// A private database on the disk, which vanishes with the connection.
    case temporary
    case readOnly(path: String)
  }

  init(_ place: Place) throws(SQLiteFailure) {
    var (name, flags) = ("", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
    switch place {
    case .memory: name = ":memory:"
    case .temporary: break
    case .readOnly(let path):
      // A relative name that starts with a colon or `file:` is a file here, whatever it looks like.
      name = path.hasPrefix("/") ? path : "./" + path
      flags = SQLITE_OPEN_READONLY
    }
    var opened: OpaquePointer?
    let code = sqlite3_open_v2(name, &opened, flags | SQLITE_OPEN_NOMUTEX, nil)
    guard code == SQLITE_OK, let opened else {
      let failure = Self.failure(code, opened)
      sqlite3_close_v2(opened)
      throw failure
    }
    handle = opened
    sqlite3_extended_result_codes(handle, 1)
    _disableDoubleQuotedStringLiterals(handle)
  }

  deinit { sqlite3_close_v2(handle) }

  func failure(_ code: Int32) -> SQLiteFailure { Self.failure(code, handle) }

  private static func failure(_ code: Int32, _ handle: OpaquePointer?) -> SQLiteFailure {
    SQLiteFailure(
      code: code,
      words: String(cString: handle == nil ? sqlite3_errstr(code) : sqlite3_errmsg(handle)),
      systemError: handle == nil ? 0 : sqlite3_system_errno(handle))
  }

  /// Runs statements that return nothing.
  func run(_ sql: String) throws(SQLiteFailure) {
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    guard code == SQLITE_OK else { throw failure(code) }
  }

  func limit(_ category: Int32, to value: Int32) { sqlite3_limit(handle, category, value) }

  /// `name` as SQL: quoted, and never a string.
  static func quoted(_ name: String) -> String {
    var text = "\""
    for scalar in name.unicodeScalars {
      if scalar == "\"" { text += "\"" }
      text.unicodeScalars.append(scalar)
    }
    return text + "\""
  }
}
