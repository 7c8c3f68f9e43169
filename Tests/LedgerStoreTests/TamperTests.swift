import GRDB
import LedgerStore
import Testing
import WaterfallCore

/// Whatever is changed in the file by hand, `verify` says so, by the laws that it breaks.
@Suite struct TamperTests {
  struct Forgery: Sendable, CustomTestStringConvertible {
    let name: String
    let sql: String
    /// Laws that must be broken; others may be as well.
    let laws: Set<Int>
    var testDescription: String { name }

    init(_ name: String, _ sql: String, _ laws: Set<Int>) {
      self.name = name
      self.sql = sql
      self.laws = laws
    }
  }

  static let forgeries: [Forgery] = [
    Forgery(
      "an amount raised", "UPDATE entry SET amount = amount + 1 WHERE seq = 9", [10, 11]),
    Forgery(
      "a grant raised with its lot",
      "UPDATE entry SET amount = 2000000000000 WHERE seq = 1; UPDATE lot SET issued = 2000000000000 "
        + "WHERE id = 1; UPDATE lot_balance SET available = available + 1000000000000 WHERE lot = 1",
      [11]),
    Forgery("a lot's issue raised", "UPDATE lot SET issued = issued + 1 WHERE id = 1", [2, 11]),
    Forgery("an expiry put off", "UPDATE lot SET expires = 99 WHERE id = 1", [11]),
    Forgery("an entry deleted", "DELETE FROM entry WHERE seq = 20", [11]),
    Forgery(
      "two entries swapped",
      "UPDATE entry SET seq = 900000 WHERE seq = 30; UPDATE entry SET seq = 30 WHERE seq = 31; "
        + "UPDATE entry SET seq = 31 WHERE seq = 900000", [11]),
    Forgery(
      "an entry appended",
      "INSERT INTO entry (seq, kind, lot, amount, note) SELECT max(seq) + 1, 'grant', 1, 5, 'x' "
        + "FROM entry", [10, 11]),
    Forgery(
      "a capture made a void",
      "UPDATE entry SET kind = 'void' WHERE seq = (SELECT min(seq) FROM entry "
        + "WHERE kind = 'capture')", [8, 10, 11]),
    Forgery(
      "a capture counted twice",
      "INSERT INTO entry (seq, kind, lot, amount, opening) SELECT (SELECT max(seq) + 1 FROM entry), "
        + "kind, lot, amount, opening FROM entry WHERE kind = 'capture' LIMIT 1", [3, 10, 11]),
    Forgery(
      "a refund counted twice",
      "INSERT INTO entry (seq, kind, lot, amount, opening) SELECT (SELECT max(seq) + 1 FROM entry), "
        + "kind, lot, amount, opening FROM entry WHERE kind = 'refund' LIMIT 1", [4, 10, 11]),
    Forgery(
      "an entry moved to another lot",
      "UPDATE entry SET lot = 1 WHERE seq = (SELECT min(seq) FROM entry WHERE kind = 'hold')",
      [10, 11]),
    Forgery(
      "a value edited",
      "UPDATE attempt SET value = 'me@example.com' WHERE \"row\" = 3 AND outcome = 'hit'", [11]),
    Forgery(
      "a hit made a miss",
      "UPDATE attempt SET outcome = 'miss', value = NULL, accepted = 0 WHERE accepted = 1",
      [11, 13]),
    Forgery(
      "a verdict edited", "UPDATE attempt SET verdict = 'risky' WHERE verdict = 'valid'", [11, 13]),
    Forgery(
      "a latency edited",
      "UPDATE attempt SET latency = 3000000 WHERE kind = 'asked' AND outcome = 'miss'", [11, 13]),
    Forgery("a question edited", "UPDATE attempt SET question = zeroblob(16)", [11]),
    Forgery(
      "an attempt deleted",
      "DELETE FROM attempt WHERE opening = (SELECT max(opening) FROM attempt "
        + "WHERE captured > 0 AND col = 1)", [8, 11, 13]),
    Forgery(
      "a charge without entries",
      "UPDATE attempt SET captured = 5 WHERE captured IS NULL AND opening IS NOT NULL", [8, 11, 13]),
    Forgery(
      "an own key charged",
      "UPDATE attempt SET captured = 1 WHERE opening IN (SELECT seq FROM entry "
        + "WHERE kind = 'zero')", [9, 11, 13]),
    Forgery(
      "a free answer charged",
      "PRAGMA ignore_check_constraints = ON; UPDATE attempt SET captured = 1 WHERE kind = 'shared'",
      [0, 9, 11, 13]),
    Forgery(
      "an amount beyond any sum",
      "UPDATE attempt SET money = 9223372036854775807", [11, 13]),
    Forgery("a price lowered", "UPDATE run_step SET price = price - 1 WHERE price > 0", [8, 11]),
    Forgery("another provider", "UPDATE run_step SET provider = 'x' WHERE step = 2", [11, 13]),
    Forgery("another key source", "UPDATE run_step SET key_source = 'managed'", [8, 11, 13]),
    Forgery("another column name", "UPDATE run_column SET name = 'x'", [11]),
    Forgery("another configuration", "UPDATE run SET configuration = ''", [11]),
    Forgery("a step deleted", "DELETE FROM run_step WHERE step = 2", [0, 11]),
    Forgery("a balance raised", "UPDATE lot_balance SET available = available + 1", [5, 10]),
    Forgery("a balance deleted", "DELETE FROM lot_balance WHERE lot = 2", [11]),
    Forgery("a hold hidden", "UPDATE lot_balance SET held = held + 1, spent = spent + 1", [5, 10]),
    Forgery("a forged charge", "UPDATE tally SET charged = charged - 1 WHERE charged > 0", [13]),
    Forgery("a forged count of cells", "UPDATE cell_tally SET cells = cells + 1", [13]),
    Forgery(
      "a forged count of reasons", "UPDATE tally_reason SET attempts = attempts + 1", [13]),
    Forgery(
      "a forged count of verdicts", "UPDATE tally_verdict SET attempts = attempts + 1", [13]),
    Forgery("a forged verdict", "UPDATE tally_verdict SET verdict = verdict || 'x'", [13]),
    Forgery("a forged latency", "DELETE FROM tally_latency WHERE tally = 1", [13]),
    Forgery(
      "a tally deleted",
      "DELETE FROM tally_latency; DELETE FROM tally_reason; DELETE FROM tally_verdict; "
        + "DELETE FROM tally", [13]),
    Forgery("a skip extended", "UPDATE skip_range SET last_row = last_row + 5", [11, 13]),
    Forgery(
      "a skip beyond any sum", "UPDATE skip_range SET last_row = 9223372036854775807",
      [11, 13]),
    Forgery("a skip deleted", "DELETE FROM skip_range WHERE id = 1", [11, 13]),
    Forgery(
      "time turned back", "UPDATE ledger_commit SET time = 0 WHERE id = 3", [11]),
    Forgery("a hash replaced", "UPDATE ledger_commit SET hash = zeroblob(32) WHERE id = 4", [11]),
    Forgery(
      "the last commit dropped",
      """
      DELETE FROM attempt WHERE commit_id = (SELECT max(id) FROM ledger_commit);
      DELETE FROM skip_range WHERE commit_id = (SELECT max(id) FROM ledger_commit);
      DELETE FROM entry WHERE seq >= (SELECT first_seq FROM ledger_commit ORDER BY id DESC LIMIT 1);
      DELETE FROM ledger_commit WHERE id = (SELECT max(id) FROM ledger_commit);
      """, [10, 13]),
    Forgery("a commit in the middle dropped", "DELETE FROM ledger_commit WHERE id = 4", [0, 11]),
    Forgery("another workspace", "UPDATE workspace SET id = 'stolen'", [11]),
    Forgery(
      "a word of no schema",
      "PRAGMA ignore_check_constraints = ON; "
        + "UPDATE attempt SET kind = 'guessed' WHERE \"row\" = 5", [0, 11, 13]),
    Forgery("a hold forgotten", "DELETE FROM open_hold_slice; DELETE FROM open_hold", [10]),
    Forgery(
      "a hold's owner changed", "UPDATE open_hold SET \"row\" = 4242", [10]),
    Forgery("a run gone", "UPDATE run_state SET state = 'done'", [12]),
  ]

  @Test(arguments: forgeries) func isFound(_ forgery: Forgery) throws {
    let workspace = try SampleWorkspace()
    _ = try workspace.fill(seed: 7, isSlow: true)
    let before = try workspace.open(create: false, lock: nil).verify()
    try #require(before.breaches == [], "\(before.breaches)")
    try workspace.tamper(SampleWorkspace.dropTriggers + "PRAGMA foreign_keys = OFF;" + forgery.sql)
    try workspace.tamper(SampleWorkspace.createTriggers)
    let report = try workspace.open(create: false, lock: nil).verify()
    let missed = forgery.laws.subtracting(report.broken)
    #expect(missed.isEmpty, "\(missed) pass; broken are \(report.breaches)")
  }

  @Test func aTriggerThatIsGoneIsFound() throws {
    let workspace = try SampleWorkspace()
    _ = try workspace.fill(seed: 7)
    try workspace.tamper(SampleWorkspace.dropTriggers)
    let report = try workspace.open(create: false, lock: nil).verify()
    #expect(report.broken == [0])
    #expect(report.laws[0].problems.count == 6)
    #expect(report.laws[0].problems.last == "and 13 more")
  }

  @Test(arguments: SampleWorkspace.immutableTables)
  func writtenRowsNeverChange(table: String) throws {
    let workspace = try SampleWorkspace()
    _ = try workspace.fill(seed: 7)
    let column = table == "workspace" ? "schema" : table.hasPrefix("run_") ? "col" : "rowid"
    let own = table == "attempt" ? "accepted" : column
    for sql in ["UPDATE \(table) SET \(own) = \(own)", "DELETE FROM \(table)"] {
      let error = #expect(throws: DatabaseError.self) { try workspace.tamper(sql) }
      #expect(error?.message?.contains("rows of \(table)") == true, "\(sql): \(error as Any)")
    }
  }
}
