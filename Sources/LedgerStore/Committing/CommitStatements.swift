import GRDB
import WaterfallCore

/// The statements of a commit, prepared once for the connection.
final class CommitStatements {
  let commit: RawStatement
  /// Many entries without notes at once: a row costs a fifth less, for the table stays open.
  let entryBlock: RawStatement
  static let entriesInBlock = 20
  /// A hold's first line, or a zero entry: it names the attempt.
  let opening: RawStatement
  /// What follows an opening: the short statement takes half the time of the general one.
  let movement: RawStatement
  /// A grant, an expiry or a rollover: it has a note.
  let notedEntry: RawStatement
  /// An attempt that was asked or skipped; the shorter statement again.
  let attempt: RawStatement
  /// An attempt that shares the answer of another.
  let sharedAttempt: RawStatement
  let lot: RawStatement
  let balance: RawStatement
  let skip: RawStatement
  let hold: RawStatement
  let slice: RawStatement
  let endSlices: RawStatement
  let endHold: RawStatement
  let openQuestion: RawStatement
  let endQuestion: RawStatement
  let questionPage: RawStatement
  let endPages: RawStatement
  let cellTally: RawStatement
  let tally: RawStatement
  let tallyReason: RawStatement
  let tallyVerdict: RawStatement
  let tallyLatency: RawStatement
  let checkpoint: RawStatement
  let progress: RawStatement
  private let questionBytes = UnsafeMutableRawPointer.allocate(byteCount: 16, alignment: 8)

  init(_ database: Database) throws {
    func prepare(_ sql: String) throws -> RawStatement { try RawStatement(sql, in: database) }
    commit = try prepare(Self.insert(into: "ledger_commit", columns: 8))
    entryBlock = try prepare(
      """
      INSERT INTO entry (seq, kind, lot, amount, opening, run, "row", col, generation, step, role)
      VALUES \(Self.rows(Self.entriesInBlock, columns: 11))
      """)
    opening = try prepare(
      """
      INSERT INTO entry (seq, kind, lot, amount, run, "row", col, generation, step, role)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """)
    movement = try prepare(
      "INSERT INTO entry (seq, kind, lot, amount, opening) VALUES (?, ?, ?, ?, ?)")
    notedEntry = try prepare(
      "INSERT INTO entry (seq, kind, lot, amount, note) VALUES (?, ?, ?, ?, ?)")
    attempt = try prepare(
      """
      INSERT INTO attempt (run, "row", col, generation, step, role, commit_id, kind, outcome,
        reason, verdict, verdict_reason, accepted, value, question, latency, exchanges, captured,
        refunded, overrun, saved, money, opening)
      VALUES (\(Self.marks(23)))
      """)
    sharedAttempt = try prepare(Self.insert(into: "attempt", columns: 28))
    lot = try prepare(Self.insert(into: "lot", columns: 8))
    balance = try prepare("REPLACE INTO lot_balance VALUES (?, ?, ?, ?, ?, ?)")
    skip = try prepare(
      "INSERT INTO skip_range (commit_id, run, col, reason, first_row, last_row) "
        + "VALUES (?, ?, ?, ?, ?, ?)")
    hold = try prepare(Self.insert(into: "open_hold", columns: 7))
    slice = try prepare(Self.insert(into: "open_hold_slice", columns: 4))
    endSlices = try prepare("DELETE FROM open_hold_slice WHERE opening = ?")
    endHold = try prepare("DELETE FROM open_hold WHERE opening = ?")
    openQuestion = try prepare("REPLACE INTO open_question VALUES (\(Self.marks(8)))")
    endQuestion = try prepare(
      """
      DELETE FROM open_question WHERE run = ? AND "row" = ? AND col = ? AND generation = ? AND step = ?
        AND role = ?
      """)
    questionPage = try prepare("INSERT INTO open_question_page VALUES (NULL, ?, ?)")
    endPages = try prepare("DELETE FROM open_question_page WHERE run = ?")
    cellTally = try prepare(Self.addCells)
    tally = try prepare(Self.addTally)
    tallyReason = try prepare(Self.add(to: "tally_reason", key: ["tally", "kind", "reason"]))
    tallyVerdict = try prepare(
      Self.add(to: "tally_verdict", key: ["tally", "verdict", "reason", "accepted"]))
    tallyLatency = try prepare(Self.add(to: "tally_latency", key: ["tally", "microseconds"]))
    checkpoint = try prepare("REPLACE INTO checkpoint VALUES (?, ?, ?, ?, ?, ?)")
    progress = try prepare("UPDATE run_state SET rows_done = max(rows_done, ?) WHERE run = ?")
  }

  deinit { questionBytes.deallocate() }

  /// The key in big-endian order, valid until the next one; nil for the key that is all zero.
  func blob(of key: QuestionKey) -> UnsafeRawBufferPointer? {
    key.high != 0 || key.low != 0 ? bytes(of: key) : nil
  }

  /// The same for any key.
  func bytes(of key: QuestionKey) -> UnsafeRawBufferPointer {
    questionBytes.storeBytes(of: key.high.bigEndian, as: UInt64.self)
    questionBytes.storeBytes(of: key.low.bigEndian, toByteOffset: 8, as: UInt64.self)
    return UnsafeRawBufferPointer(start: questionBytes, count: 16)
  }

  // MARK: SQL

  private static func marks(_ count: Int) -> String {
    Array(repeating: "?", count: count).joined(separator: ", ")
  }

  private static func rows(_ count: Int, columns: Int) -> String {
    Array(repeating: "(\(marks(columns)))", count: count).joined(separator: ", ")
  }

  private static func insert(into table: String, columns: Int) -> String {
    "INSERT INTO \(table) VALUES (\(marks(columns)))"
  }

  private static func add(to table: String, key: [String]) -> String {
    let names = key.joined(separator: ", ")
    return """
      INSERT INTO \(table) VALUES (\(marks(key.count + 1)))
      ON CONFLICT (\(names)) DO UPDATE SET attempts = attempts + excluded.attempts
      """
  }

  private static let addCells = """
    INSERT INTO cell_tally VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (run, col, state, reason) DO UPDATE SET cells = cells + excluded.cells
    """

  /// The counters of `tally`, in the order of its columns.
  static let tallyCounters = [
    "attempts", "hits", "valid", "invalid", "misses", "unknown", "cached", "charged", "refunded",
    "saved", "overrun", "money",
  ]

  private static var addTally: String {
    let sums = tallyCounters.map { "\($0) = \($0) + excluded.\($0)" }.joined(separator: ", ")
    return """
      INSERT INTO tally VALUES (NULL, \(marks(5 + tallyCounters.count)))
      ON CONFLICT (run, col, provider, role, key_source) DO UPDATE SET \(sums)
      RETURNING id
      """
  }
}
