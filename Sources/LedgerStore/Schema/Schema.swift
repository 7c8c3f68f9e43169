import GRDB

/// The tables of a workspace: what they are called, and which program wrote them.
enum Schema {
  /// Kept in `PRAGMA user_version`. A program reads every version up to its own, and brings what
  /// it writes to up to date.
  static let version: Int64 = 4
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

  /// Whether the table of version 2 is there.
  static func hasVerdicts(_ database: Database) throws -> Bool {
    try database.firstRow("SELECT 1 FROM sqlite_schema WHERE name = 'tally_verdict'") { _ in true }
      ?? false
  }

  static func version(of database: Database) throws -> Int64 {
    try database.firstRow("PRAGMA user_version") { $0.int(0) } ?? 0
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
