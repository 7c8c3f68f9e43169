import GRDB

/// The tables of a workspace: what they are called, and which program wrote them.
enum Schema {
  /// Kept in `PRAGMA user_version`. A program reads every version up to its own.
  static let version: Int64 = 1
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
