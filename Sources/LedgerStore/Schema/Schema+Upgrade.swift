import GRDB

extension Schema {
  /// Brings a workspace of an earlier version up to date. What was granted, asked and moved stays
  /// as it is, with its hashes; only what follows from it is kept in another form.
  ///
  /// Runs inside a transaction of the caller's, which commits all of it or nothing.
  static func upgrade(_ database: Database) throws {
    if try version(of: database) == 1 { try upgradeToVersion2(database) }
    if try version(of: database) == 2 { try upgradeToVersion3(database) }
    if try version(of: database) == 3 { try upgradeToVersion4(database) }
  }

  /// Runs can be given up, and resumed with another output; hits are counted by their verdict; views
  /// say more. Which run the bytes of an output belong to was not known for sure: runs that stopped
  /// write theirs again. O(attempts).
  private static func upgradeToVersion2(_ database: Database) throws {
    try database.execute(
      sql: """
        ALTER TABLE run_state RENAME TO run_state_1;
        \(runState)
        INSERT INTO run_state SELECT run, state, note, ended, rows_done, NULL FROM run_state_1;
        DROP TABLE run_state_1;
        DELETE FROM checkpoint;
        DROP VIEW ledger_line;
        DROP VIEW attempt_line;
        DROP VIEW balance_line;
        \(views)
        \(tallyVerdicts)
        INSERT INTO tally_verdict \(countedVerdicts());
        PRAGMA user_version = 2;
        """)
  }

  /// What is under way without a hold, or as a job, is kept until it is answered. O(1).
  private static func upgradeToVersion3(_ database: Database) throws {
    try database.execute(sql: "\(openQuestion) PRAGMA user_version = 3;")
  }

  /// What is under way without a job is kept on pages. What version 3 wrote stays where it is. O(1).
  private static func upgradeToVersion4(_ database: Database) throws {
    try database.execute(sql: "\(openQuestionPage) PRAGMA user_version = 4;")
  }
}
