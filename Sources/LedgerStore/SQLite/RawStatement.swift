import GRDB
import GRDBSQLite

/// A prepared statement driven through SQLite's own functions: GRDB prepares and owns it, and the
/// hot loops bind, step and read without a Swift value in between.
///
/// Indexes of parameters start at 1, those of result columns at 0, as in SQLite.
struct RawStatement {
  private let owner: Statement
  let handle: OpaquePointer

  init(_ sql: String, in database: Database) throws {
    self.init(try database.makeStatement(sql: sql))
  }

  /// A statement that the connection keeps for the next call.
  init(cached sql: String, in database: Database) throws {
    self.init(try database.cachedStatement(sql: sql))
  }

  private init(_ owner: Statement) {
    self.owner = owner
    self.handle = owner.sqliteStatement
  }

  // MARK: Running

  /// Runs a statement that returns no rows, and makes it ready for the next values.
  func execute() throws {
    let code = sqlite3_step(handle)
    guard code == SQLITE_DONE else {
      let error = failure(code)
      reset()
      throw error
    }
    sqlite3_reset(handle)
  }

  /// Steps to the next row; false after the last one.
  func next() throws -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code: throw failure(code)
    }
  }

  func reset() { sqlite3_reset(handle) }

  /// Sets every parameter to NULL.
  func clear() { sqlite3_clear_bindings(handle) }

  private func failure(_ code: Int32) -> DatabaseError {
    let connection = sqlite3_db_handle(handle)
    let extended = sqlite3_extended_errcode(connection)
    return DatabaseError(
      resultCode: ResultCode(rawValue: extended == SQLITE_OK ? code : extended),
      message: String(cString: sqlite3_errmsg(connection)))
  }

  // MARK: Binding

  func bind(_ index: Int32, _ value: Int64) { sqlite3_bind_int64(handle, index, value) }
  func bind(_ index: Int32, _ value: Int32) { sqlite3_bind_int(handle, index, value) }

  /// Binds an amount or a count, and nothing for 0: what is absent takes no room.
  func bindUnlessZero(_ index: Int32, _ value: Int64) {
    if value != 0 { sqlite3_bind_int64(handle, index, value) }
  }

  /// Binds a number, or NULL where it is the one that stands for nothing.
  func bind(_ index: Int32, _ value: Int64, unless absent: Int64) {
    if value == absent {
      sqlite3_bind_null(handle, index)
    } else {
      sqlite3_bind_int64(handle, index, value)
    }
  }

  /// Binds a word of the schema, which lives as long as the program.
  func bind(_ index: Int32, _ word: StaticString) {
    word.utf8Start.withMemoryRebound(to: CChar.self, capacity: word.utf8CodeUnitCount) {
      _ = sqlite3_bind_text(handle, index, $0, Int32(word.utf8CodeUnitCount), nil)
    }
  }

  /// Binds a copy of a text.
  func bind(_ index: Int32, _ text: String) {
    var text = text
    text.withUTF8 { bytes in
      bind(index, borrowed: bytes, destructor: Self.copied)
    }
  }

  /// Binds bytes that stay where they are until the statement has run.
  func bind(_ index: Int32, borrowed bytes: UnsafeBufferPointer<UInt8>) {
    bind(index, borrowed: bytes, destructor: nil)
  }

  private func bind(
    _ index: Int32, borrowed bytes: UnsafeBufferPointer<UInt8>,
    destructor: sqlite3_destructor_type?
  ) {
    guard let start = bytes.baseAddress else {
      bind(index, "" as StaticString)
      return
    }
    start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
      _ = sqlite3_bind_text64(
        handle, index, $0, UInt64(bytes.count), destructor, UInt8(SQLITE_UTF8))
    }
  }

  /// Binds a copy of a blob.
  func bind(_ index: Int32, blob: [UInt8]) {
    blob.withUnsafeBytes {
      _ = sqlite3_bind_blob64(handle, index, $0.baseAddress, UInt64($0.count), Self.copied)
    }
  }

  /// Binds a blob that stays where it is until the statement has run.
  func bind(_ index: Int32, borrowedBlob bytes: UnsafeRawBufferPointer) {
    _ = sqlite3_bind_blob64(handle, index, bytes.baseAddress, UInt64(bytes.count), nil)
  }

  /// SQLITE_TRANSIENT, a cast that the importer leaves out.
  private static var copied: sqlite3_destructor_type {
    unsafeBitCast(-1, to: sqlite3_destructor_type.self)
  }

  // MARK: Reading

  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

  /// The integer, 0 for NULL.
  func int(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }
  func int32(_ column: Int32) -> Int32 { Int32(truncatingIfNeeded: int(column)) }

  func optionalInt(_ column: Int32) -> Int64? { isNull(column) ? nil : int(column) }

  /// The bytes of a text or blob, valid until the next step; empty for NULL.
  func bytes(_ column: Int32) -> UnsafeBufferPointer<UInt8> {
    let start = sqlite3_column_text(handle, column)
    return UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
  }

  func blob(_ column: Int32) -> UnsafeRawBufferPointer {
    let start = sqlite3_column_blob(handle, column)
    return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
  }

  /// The text, empty for NULL.
  func text(_ column: Int32) -> String { String(decoding: bytes(column), as: UTF8.self) }
  func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }
}

extension Database {
  /// Calls `body` for each row of a query with integer parameters. Stops when `body` throws.
  func forEachRow(
    _ sql: String, _ arguments: Int64..., body: (RawStatement) throws -> Void
  ) throws {
    let statement = try RawStatement(cached: sql, in: self)
    defer { statement.reset() }
    for (index, argument) in arguments.enumerated() {
      statement.bind(Int32(index) + 1, argument)
    }
    while try statement.next() { try body(statement) }
  }

  /// The first row of a query, made into a value; nil without a row.
  func firstRow<Value>(
    _ sql: String, _ arguments: Int64..., make: (RawStatement) throws -> Value
  ) throws -> Value? {
    let statement = try RawStatement(cached: sql, in: self)
    defer { statement.reset() }
    for (index, argument) in arguments.enumerated() {
      statement.bind(Int32(index) + 1, argument)
    }
    return try statement.next() ? make(statement) : nil
  }
}
