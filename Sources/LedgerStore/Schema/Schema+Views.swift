import WaterfallCore

extension Schema {
  /// `table.kind`'s account before or after the movement, as SQL.
  static func account(_ side: (EntryKind) -> Account, of kind: String) -> String {
    let cases = EntryKind.allCases.map { "WHEN '\($0.rawValue)' THEN '\(side($0).rawValue)'" }
    return "CASE \(kind) \(cases.joined(separator: " ")) END"
  }

  /// Micro-credits as decimal text without trailing zeros, as SQL.
  static func decimal(_ amount: String) -> String {
    "rtrim(rtrim(printf('%d.%06d', \(amount) / 1000000, \(amount) % 1000000), '0'), '.')"
  }

  static func instant(_ milliseconds: String) -> String {
    "strftime('%Y-%m-%dT%H:%M:%fZ', \(milliseconds) / 1000.0, 'unixepoch')"
  }

  /// Why entry `e` was written, from its attempt `a` and opening `o`, as SQL.
  static let cause = """
    CASE
      WHEN e.note IS NOT NULL THEN e.note
      WHEN a.run IS NULL AND EXISTS (SELECT 1 FROM open_hold h WHERE h.opening = o.seq)
        THEN 'not ended yet'
      WHEN a.run IS NULL THEN 'given up'
      WHEN e.kind = 'hold' THEN 'asked'
      WHEN e.kind = 'void' AND a.captured IS NOT NULL THEN 'released: it cost less'
      WHEN a.outcome = 'miss' THEN 'miss'
      WHEN a.outcome = 'failure' THEN 'failure: ' || a.reason
      WHEN a.outcome = 'unknown' THEN 'unknown'
      WHEN a.accepted = 1 THEN 'accepted'
      WHEN e.kind = 'capture' AND a.role = 'finder' THEN 'hit'
      ELSE coalesce(a.verdict || coalesce(': ' || a.verdict_reason, ''), 'hit')
    END
    """

  /// What an entry `e` is about: its opening `o`, the attempt `a`, its step `s` and column `k`.
  static let aboutEntry = """
    LEFT JOIN entry o ON o.seq = coalesce(e.opening, e.seq) AND o.role IS NOT NULL
    LEFT JOIN attempt a ON a.run = o.run AND a."row" = o."row" AND a.col = o.col
      AND a.generation = o.generation AND a.step = o.step AND a.role = o.role
    LEFT JOIN run_step s ON s.run = o.run AND s.col = o.col AND s.step = o.step
      AND s.role = o.role
    LEFT JOIN run_column k ON k.run = o.run AND k.col = o.col
    """

  /// For people with a SQLite shell.
  static var views: String {
    """
    CREATE VIEW ledger_line AS
    SELECT e.seq AS seq, \(instant("c.time")) AS time, e.kind AS kind, o.run AS run,
      o."row" AS "row", k.name AS "column", s.provider AS provider, o.step + 1 AS step,
      o.role AS role, \(decimal("e.amount")) AS amount,
      \(account(\.from, of: "e.kind")) AS "from", \(account(\.to, of: "e.kind")) AS "to",
      e.lot AS lot, \(cause) AS cause
    FROM entry e
    JOIN ledger_commit c ON c.id = (
      SELECT id FROM ledger_commit WHERE first_seq <= e.seq AND entries > 0
      ORDER BY first_seq DESC LIMIT 1)
    \(aboutEntry);

    CREATE VIEW attempt_line AS
    SELECT a.run AS run, a."row" AS "row", k.name AS "column", a.step + 1 AS step,
      a.role AS role, s.provider AS provider, s.key_source AS key_source, a.kind AS kind,
      a.outcome AS outcome, a.reason AS reason, a.verdict AS verdict,
      a.verdict_reason AS verdict_reason, a.accepted AS accepted, a.value AS value,
      \(decimal("s.price")) AS price, \(decimal("coalesce(a.captured, 0)")) AS captured,
      \(decimal("coalesce(a.refunded, 0)")) AS refunded,
      coalesce(a.latency, 0) / 1000.0 AS latency_ms, \(instant("c.time")) AS stored
    FROM attempt a
    JOIN ledger_commit c ON c.id = a.commit_id
    JOIN run_step s ON s.run = a.run AND s.col = a.col AND s.step = a.step AND s.role = a.role
    JOIN run_column k ON k.run = a.run AND k.col = a.col;

    CREATE VIEW balance_line AS
    SELECT l.id AS lot, l.kind AS kind, \(instant("l.granted")) AS granted,
      \(instant("l.expires")) AS expires, \(decimal("l.issued")) AS issued,
      \(decimal("b.available")) AS available, \(decimal("b.held")) AS held,
      \(decimal("b.spent")) AS spent, \(decimal("b.expired")) AS expired,
      \(decimal("b.rolled_over")) AS rolled_over, l.note AS note
    FROM lot l JOIN lot_balance b ON b.lot = l.id;
    """
  }
}
