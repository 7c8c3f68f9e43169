import GRDB
public import WaterfallCore

extension LedgerStore {
  /// Calls `body` for each ledger line in the order of the ledger: of the whole workspace, or of
  /// one run, with the expiries and refund lots that its commits brought. Streams: O(lines) time,
  /// memory that does not grow.
  public func forEachHistoryLine(
    of run: RunID? = nil, _ body: (HistoryLine) throws -> Void
  ) throws {
    try read { database in
      try database.forEachRow(
        """
        SELECT \(HistoryLine.columns)
        FROM ledger_commit c
        CROSS JOIN entry e ON e.seq BETWEEN c.first_seq AND c.first_seq + c.entries - 1
        \(Schema.aboutEntry)
        WHERE ?1 = 0 OR c.run = ?1 ORDER BY c.id, e.seq
        """, run?.rawValue ?? 0
      ) { try body(try HistoryLine($0)) }
    }
  }

  /// The ledger lines of one row of a run, in the order of the ledger: what `explain` tells.
  ///
  /// O(entries written between the row's first hold and the commit of its last attempt).
  public func history(of run: RunID, row: Int64) throws -> [HistoryLine] {
    try read { database in
      let span = try database.firstRow(
        """
        SELECT min(a.opening), max(c.first_seq + c.entries - 1)
        FROM attempt a JOIN ledger_commit c ON c.id = a.commit_id
        WHERE a.run = ? AND a."row" = ? AND a.opening IS NOT NULL
        """, run.rawValue, row
      ) { $0.isNull(0) ? nil : (first: $0.int(0), last: $0.int(1)) }
      var lines =
        try span.flatMap { $0 }.map {
          try linesBetween(of: run, row: row, from: $0.first, to: $0.last, in: database)
        } ?? []
      let known = Set(lines.map(\.entry.seq))
      for opening in try openings(of: run, row: row, in: database) where !known.contains(opening) {
        lines += try linesBetween(of: run, row: row, from: opening, to: opening, in: database)
      }
      return lines.sorted { $0.entry.seq < $1.entry.seq }
    }
  }

  /// The entries of one row of a run, in the order of the ledger.
  public func entries(of run: RunID, row: Int64) throws -> [Entry] {
    try history(of: run, row: row).map(\.entry)
  }

  /// The lines of the row's open holds, each slice.
  private func openings(of run: RunID, row: Int64, in database: Database) throws -> [Int64] {
    var found: [Int64] = []
    try database.forEachRow(
      """
      SELECT s.seq FROM open_hold h JOIN open_hold_slice s ON s.opening = h.opening
      WHERE h.run = ? AND h."row" = ?
      """, run.rawValue, row
    ) { found.append($0.int(0)) }
    return found
  }

  private func linesBetween(
    of run: RunID, row: Int64, from first: Int64, to last: Int64, in database: Database
  ) throws -> [HistoryLine] {
    var lines: [HistoryLine] = []
    try database.forEachRow(
      """
      SELECT \(HistoryLine.columns)
      FROM entry e
      JOIN ledger_commit c ON c.id = (
        SELECT id FROM ledger_commit WHERE first_seq <= e.seq AND entries > 0
        ORDER BY first_seq DESC LIMIT 1)
      \(Schema.aboutEntry)
      WHERE e.seq BETWEEN ? AND ? AND o.run = ? AND o."row" = ? ORDER BY e.seq
      """, first, last, run.rawValue, row
    ) { lines.append(try HistoryLine($0)) }
    return lines
  }
}

extension HistoryLine {
  static var columns: String {
    """
    \(EntryReader.columns), c.time, o.run, o."row", o.col, o.generation, o.step, o.role, k.name,
    s.provider, \(Schema.cause)
    """
  }

  init(_ row: RawStatement) throws {
    let hasAttempt = !row.isNull(18)
    self.init(
      entry: try EntryReader.entry(row), time: Timestamp(milliseconds: row.int(12)),
      attempt: hasAttempt ? try AttemptReader.id(row, at: 13) : nil,
      column: row.optionalText(19), provider: row.optionalText(20).map { ProviderID($0) },
      cause: row.text(21))
  }
}
