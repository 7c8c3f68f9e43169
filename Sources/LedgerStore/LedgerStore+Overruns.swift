import GRDB
public import WaterfallCore

extension LedgerStore {
  /// By provider, in the order of their names: the answers of a run of which it said that they cost
  /// more than its price. O(attempts of the run): ask only where the tallies have an overrun.
  public func overruns(of run: RunID) throws -> [(provider: ProviderID, answers: Int64)] {
    try read { database in
      var overruns: [(provider: ProviderID, answers: Int64)] = []
      try database.forEachRow(
        """
        SELECT s.provider, count(*) FROM attempt a
        JOIN run_step s ON s.run = a.run AND s.col = a.col AND s.step = a.step AND s.role = a.role
        WHERE a.run = ? AND a.overrun > 0
        GROUP BY s.provider ORDER BY s.provider
        """, run.rawValue
      ) { overruns.append((ProviderID($0.text(0)), $0.int(1))) }
      return overruns
    }
  }
}
