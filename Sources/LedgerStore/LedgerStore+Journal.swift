import GRDB
public import WaterfallCore

extension LedgerStore: RunJournal {
  /// Makes the batch durable, wholly or not at all, in one transaction with one sync of the disk.
  ///
  /// The batch must continue the ledger: entries and new lots are numbered without gaps, attempts
  /// belong to the batch's run and to its pinned steps at the pinned price, and none is stored yet.
  /// A hold ends whole: what captures and releases it comes in one batch. Where the batch's time is
  /// before the last one's, it is stored at the last one's.
  ///
  /// Throws `UserError`: `.io` for a full or failing disk, `.fault` for a batch that breaks a rule.
  public func commit(_ batch: JournalBatch) throws {
    try write { try $0.commit(batch) }
  }

  public func attempts(of run: RunID, rows: ClosedRange<Int64>) throws -> [AttemptRecord] {
    try read { database in
      guard let steps = try steps(of: run, in: database) else { return [] }
      var records: [AttemptRecord] = []
      try database.forEachRow(
        """
        SELECT \(AttemptReader.columns) FROM attempt a
        WHERE a.run = ? AND a."row" BETWEEN ? AND ?
        ORDER BY a.run, a."row", a.col, a.generation, a.step, a.role
        """, run.rawValue, rows.lowerBound, rows.upperBound
      ) { records.append(try AttemptReader.record($0, steps: steps)) }
      return records
    }
  }

  public func attempt(_ id: AttemptID) throws -> AttemptRecord? {
    try read { database in
      guard let steps = try steps(of: id.cell.run, in: database) else { return nil }
      let isVerifier = id.role == .verifier
      return try database.firstRow(
        """
        SELECT \(AttemptReader.columns) FROM attempt a
        WHERE a.run = ? AND a."row" = ? AND a.col = ? AND a.generation = ? AND a.step = ?
          AND a.role = CASE ? WHEN 1 THEN 'verifier' ELSE 'finder' END
        """, id.cell.run.rawValue, id.cell.row, Int64(id.cell.column), Int64(id.cell.generation),
        Int64(id.step), isVerifier ? 1 : 0
      ) { try AttemptReader.record($0, steps: steps) }
    }
  }

  /// Streams: memory does not grow with the run.
  public func forEachSharedQuestion(
    of run: RunID, _ body: (QuestionKey, AttemptID) throws -> Void
  ) throws {
    try read { database in
      try database.forEachRow(
        """
        SELECT question, "row", col, generation, step, role = 'verifier' FROM attempt
        WHERE run = ? AND kind = 'asked' AND (outcome = 'hit' OR outcome = 'miss')
          AND question IS NOT NULL
        """, run.rawValue
      ) { row in
        let cell = CellID(
          run: run, row: row.int(1), column: row.int32(2), generation: row.int32(3))
        try body(
          AttemptReader.question(row, 0),
          AttemptID(cell: cell, step: row.int32(4), role: row.int(5) == 0 ? .finder : .verifier))
      }
    }
  }

  public func checkpoint(of run: RunID, outputSize: Int64) throws -> Checkpoint? {
    try read { database in
      try database.firstRow(
        """
        SELECT "row", line, input_offset, output_offset, selected FROM checkpoint
        WHERE run = ? AND output_offset <= ? ORDER BY output_offset DESC LIMIT 1
        """, run.rawValue, outputSize
      ) { row in
        Checkpoint(
          row: row.int(0), line: row.int(1), inputOffset: row.int(2), outputOffset: row.int(3),
          selected: row.int(4))
      }
    }
  }

  public func rowsDone(of run: RunID) throws -> Int64 {
    try read { database in
      try database.firstRow("SELECT rows_done FROM run_state WHERE run = ?", run.rawValue) {
        $0.int(0)
      } ?? 0
    }
  }

  public func openHolds(of run: RunID) throws -> [OpenHold] {
    try read { try LotReader.openHolds(of: run, in: $0) }
  }

  public func openQuestions(of run: RunID) throws -> [OpenQuestion] {
    try read { try QuestionReader.list(of: run, in: $0) }
  }
}

extension LedgerStore {
  /// Why cells of a row were not asked about at all, by position of their column. O(log ranges)
  /// for each column.
  public func skips(of run: RunID, row: Int64) throws -> [Int32: SkipReason] {
    try read { database in
      var reasons: [Int32: SkipReason] = [:]
      try database.forEachRow(
        """
        SELECT col, reason FROM skip_range WHERE run = ?1 AND first_row <= ?2 AND last_row >= ?2
        """, run.rawValue, row
      ) { reasons[$0.int32(0)] = SkipReason(rawValue: $0.text(1)) }
      return reasons
    }
  }
}
