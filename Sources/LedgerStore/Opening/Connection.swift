import Foundation
import GRDB

/// How connections to a workspace are set up.
enum Connection {
  static let pageSize = 8192
  /// KiB.
  static let cacheSize = 8192
  /// Pages of the write-ahead log, 32 MiB, before it is folded into the file.
  static let checkpointPages = 4096
  static let busySeconds = 10.0

  /// The connection that commits: every commit is on the disk before it returns.
  ///
  /// Foreign keys are not enforced here: `JournalWriter` checks what a batch names against what it
  /// holds in memory, at a fifth of the cost, and `verify` runs SQLite's own check over the file.
  static func writer(at path: String) throws -> DatabaseQueue {
    var configuration = common
    configuration.foreignKeysEnabled = false
    configuration.prepareDatabase { database in
      try database.execute(
        sql: """
          PRAGMA page_size = \(pageSize);
          PRAGMA cache_size = -\(cacheSize);
          PRAGMA cell_size_check = ON;
          PRAGMA trusted_schema = OFF;
          """)
    }
    return try DatabaseQueue(path: path, configuration: configuration)
  }

  /// Turns the write-ahead log on. Only for a database that is known to be a workspace, or empty.
  static func prepareForWriting(_ queue: DatabaseQueue) throws {
    try queue.writeWithoutTransaction { database in
      let mode = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
      guard mode == "wal" else {
        throw DatabaseError(
          resultCode: .SQLITE_IOERR, message: "the write-ahead log cannot be used here")
      }
      try database.execute(
        sql: """
          PRAGMA synchronous = FULL;
          PRAGMA wal_autocheckpoint = \(checkpointPages);
          PRAGMA journal_size_limit = \(2 * checkpointPages * pageSize);
          """)
    }
  }

  static func reader(at path: String) throws -> DatabaseQueue {
    var configuration = common
    configuration.readonly = true
    configuration.prepareDatabase { database in
      try database.execute(
        sql: """
          PRAGMA cache_size = -\(cacheSize);
          PRAGMA cell_size_check = ON;
          PRAGMA trusted_schema = OFF;
          """)
    }
    return try DatabaseQueue(path: path, configuration: configuration)
  }

  private static var common: Configuration {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = true
    configuration.busyMode = .timeout(busySeconds)
    return configuration
  }
}

extension DatabaseQueue {
  /// Runs `body` in one transaction that is on the disk when this returns, or leaves nothing. Of a
  /// disk that takes no more, the error says why: it is full, a quota is used up, or a file may not
  /// grow.
  func changeDurably(_ body: (Database) throws -> Void) throws {
    try writeWithoutTransaction { database in
      errno = 0
      do {
        try database.inTransaction(.immediate) {
          try body(database)
          return .commit
        }
      } catch let error as DatabaseError where error.resultCode == .SQLITE_IOERR {
        // SQLite knows it (`sqlite3_system_errno`) of all statements but COMMIT.
        let reason = errno
        guard [ENOSPC, EDQUOT, EFBIG].contains(reason) else { throw error }
        throw DatabaseError(
          resultCode: error.extendedResultCode,
          message: String(cString: strerror(reason)).lowercased())
      }
    }
  }
}
