import GRDB
import WaterfallCore

/// Every budget: open holds and net captures stay within the limit, for runs and for rows.
enum BudgetAudit {
  static func run(_ database: Database, _ findings: inout Findings) throws {
    var budgets = 0
    try database.forEachRow("SELECT run, scope, credits FROM run_budget ORDER BY scope DESC, run") {
      budgets += 1
      try forEachBreach(
        of: RunID($0.int(0)), scope: $0.text(1), limit: $0.int(2), in: database
      ) { findings.breach(.budgets, $0) }
    }
    if budgets == 0 {
      findings.notApplicable(.budgets, "no run has a budget")
    } else {
      findings.checked(.budgets, counted(budgets, "budget"))
    }
  }

  /// Calls `body` in words with each run or row that is above a limit. O(attempts of the run).
  static func forEachBreach(
    of run: RunID, scope: String, limit: Int64, in database: Database,
    _ body: (String) throws -> Void
  ) throws {
    // Grouping by nothing gives the run as a whole: one sum, as for each row.
    let group = scope == "row" ? "\"row\"" : "run"
    try database.forEachRow(
      """
      SELECT place, sum(used) FROM (
        SELECT \(group) AS place, coalesce(captured, 0) - coalesce(refunded, 0) AS used
        FROM attempt WHERE run = ?1
        UNION ALL
        SELECT h.\(group), s.amount
        FROM open_hold h JOIN open_hold_slice s ON s.opening = h.opening WHERE h.run = ?1)
      GROUP BY place HAVING sum(used) > ?2
      """, run.rawValue, limit
    ) { row in
      let what = scope == "row" ? "row \(row.int(0)) of run \(run)" : "run \(run)"
      try body(
        "\(what) used \(row.int(1).credits) credits, above its limit of \(limit.credits)")
    }
  }
}
