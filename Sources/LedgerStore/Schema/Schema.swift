import GRDB

/// The tables of a workspace: what they are called, and which program wrote them.
enum Schema {
  /// Kept in `PRAGMA user_version`. A program reads every version up to its own.
  static let version: Int64 = 2
  /// Kept in `PRAGMA application_id`: “wfal”.
  static let applicationID: Int64 = 0x7766_616C

  /// Creates everything in an empty database. Runs inside a transaction of the caller's.
  static func create(in database: Database) throws {
    for sql in [ledgerTables, runTables, projections, triggers, views] {
      try database.execute(sql: sql)
    }
    try database.execute(sql: "PRAGMA user_version = \(version)")
    try database.execute(sql: "PRAGMA application_id = \(applicationID)")
  }

  /// Brings a workspace of an earlier version up to this one, as one transaction. What is new
  /// follows from what is stored. O(attempts) where there is something to do, else O(1).
  static func upgrade(_ queue: DatabaseQueue) throws {
    try queue.writeWithoutTransaction { database in
      guard try !hasVerdicts(database) else { return }
      try database.inTransaction(.immediate) {
        try database.execute(sql: tallyVerdicts)
        try database.execute(sql: "INSERT INTO tally_verdict \(countedVerdicts())")
        try database.execute(sql: "PRAGMA user_version = \(version)")
        return .commit
      }
    }
  }

  /// Whether the table of version 2 is there.
  static func hasVerdicts(_ database: Database) throws -> Bool {
    try database.firstRow("SELECT 1 FROM sqlite_schema WHERE name = 'tally_verdict'") { _ in true }
      ?? false
  }

  /// Tables whose rows never change once they are written.
  static let immutableTables = [
    "workspace", "ledger_commit", "lot", "entry", "run", "run_column", "run_step", "attempt",
    "skip_range",
  ]

  private static var triggers: String {
    immutableTables.map { table in
      """
      CREATE TRIGGER \(table)_never_changes BEFORE UPDATE ON \(table)
      BEGIN SELECT RAISE(ABORT, 'rows of \(table) never change'); END;
      CREATE TRIGGER \(table)_never_shrinks BEFORE DELETE ON \(table)
      BEGIN SELECT RAISE(ABORT, 'rows of \(table) are never deleted'); END;
      """
    }.joined(separator: "\n")
  }
}
