import GRDB
public import WaterfallCore

extension LedgerStore {
  /// The attempts of a run that were sent and never answered, in the order of rows; at most
  /// `limit` of them. Whoever was asked may bill them all the same.
  ///
  /// O(attempts of the run): ask only where the tallies say that there are some.
  public func unknownAttempts(of run: RunID, limit: Int) throws -> [AttemptRecord] {
    try read { database in
      guard let steps = try steps(of: run, in: database) else { return [] }
      var records: [AttemptRecord] = []
      try database.forEachRow(
        """
        SELECT \(AttemptReader.columns) FROM attempt a
        WHERE a.run = ? AND a.outcome = 'unknown'
        ORDER BY a.run, a."row", a.col, a.generation, a.step, a.role LIMIT ?
        """, run.rawValue, Int64(limit)
      ) { records.append(try AttemptReader.record($0, steps: steps)) }
      return records
    }
  }
}
