import GRDB
public import WaterfallCore

extension LedgerStore {
  /// Proves every law of the ledger that applies, from what is stored alone: replays the entries,
  /// recomputes the hashes, recounts the tallies, and lets SQLite check its file.
  ///
  /// Reads one moment of the workspace, beside a writer. Memory is bounded; time is
  /// O(n log n) in entries and attempts, since some of them are sorted by SQLite.
  ///
  /// A law that is broken is in the report. Throws `UserError` only where nothing can be read.
  public func verify() throws -> VerifyReport {
    try read { database in
      var findings = Findings()
      try Self.pass(.file, &findings) { try FileAudit.run(database, &$0) }
      var totals = TotalsByRun()
      try Self.pass(.chain, &findings) {
        var audit = ChainAudit(database: database)
        try audit.run(&$0)
      }
      try Self.pass(.holds, &findings) {
        var audit = HoldAudit(database: database)
        try audit.run(&$0)
        totals = audit.totals
      }
      try Self.pass(.totals, &findings) {
        var audit = TallyAudit(database: database, ledger: totals)
        try audit.run(&$0)
      }
      try Self.pass(.budgets, &findings) { try BudgetAudit.run(database, &$0) }
      return findings.report
    }
  }

  /// A pass that meets a row which it cannot read breaks its law; the other passes go on.
  private static func pass(
    _ law: LedgerLaw, _ findings: inout Findings, _ body: (inout Findings) throws -> Void
  ) throws {
    do {
      try body(&findings)
    } catch let damaged as DamagedRow {
      findings.breach(law, "the check stopped: \(damaged.what)")
    } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
      findings.breach(law, "the check stopped: \(error.message ?? "the file is damaged")")
    }
  }
}

/// SQLite's own checks.
enum FileAudit {
  static func run(_ database: Database, _ findings: inout Findings) throws {
    try database.forEachRow("PRAGMA integrity_check(20)") { row in
      let line = row.text(0)
      if line != "ok" { findings.breach(.file, line) }
    }
    try database.forEachRow("PRAGMA foreign_key_check") { row in
      findings.breach(
        .file, "a row of \(row.text(0)) refers to a row of \(row.text(2)) that does not exist")
    }
    let tables =
      try database.firstRow("SELECT count(*) FROM sqlite_schema WHERE type = 'table'") {
        $0.int(0)
      } ?? 0
    try checkTriggers(database, &findings)
    for shape in Schema.attemptShapes {
      let odd = try database.firstRow("SELECT count(*) FROM attempt WHERE NOT (\(shape))") {
        $0.int(0)
      }
      if let odd, odd > 0 { findings.breach(.file, "\(odd) attempts have an impossible shape") }
    }
    findings.checked(.file, counted(tables, "table"))
  }

  /// Without its triggers a table can be changed unseen until the next `verify`.
  private static func checkTriggers(_ database: Database, _ findings: inout Findings) throws {
    var found: Set<String> = []
    try database.forEachRow("SELECT name FROM sqlite_schema WHERE type = 'trigger'") {
      found.insert($0.text(0))
    }
    for table in Schema.immutableTables {
      for name in ["\(table)_never_changes", "\(table)_never_shrinks"] where !found.contains(name) {
        findings.breach(.file, "the trigger \(name), which guards \(table), is gone")
      }
    }
  }
}
