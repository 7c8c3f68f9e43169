import GRDB
import WaterfallCore

/// The statements of a commit, prepared once for the connection.
final class CommitStatements {
  let commit: RawStatement
  /// A hold's first line, or a zero entry: it names the attempt.
  let opening: RawStatement
  /// What follows an opening: the short statement takes half the time of the general one.
  let movement: RawStatement
  /// A grant, an expiry or a rollover: it has a note.
  let notedEntry: RawStatement
  let attempt: RawStatement
  let lot: RawStatement
  let balance: RawStatement
  let skip: RawStatement
  let hold: RawStatement
  let slice: RawStatement
  let endSlices: RawStatement
  let endHold: RawStatement
  let cellTally: RawStatement
  let tally: RawStatement
  let tallyReason: RawStatement
  let tallyLatency: RawStatement
  let checkpoint: RawStatement
  let progress: RawStatement
  private let questionBytes = UnsafeMutableRawPointer.allocate(byteCount: 16, alignment: 8)

  init(_ database: Database) throws {
    func prepare(_ sql: String) throws -> RawStatement { try RawStatement(sql, in: database) }
    commit = try prepare(Self.insert(into: "ledger_commit", columns: 8))
    opening = try prepare(
      """
      INSERT INTO entry (seq, kind, lot, amount, run, "row", col, generation, step, role)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """)
    movement = try prepare(
      "INSERT INTO entry (seq, kind, lot, amount, opening) VALUES (?, ?, ?, ?, ?)")
    notedEntry = try prepare(
      "INSERT INTO entry (seq, kind, lot, amount, note) VALUES (?, ?, ?, ?, ?)")
    attempt = try prepare(Self.insert(into: "attempt", columns: 28))
    lot = try prepare(Self.insert(into: "lot", columns: 8))
    balance = try prepare("REPLACE INTO lot_balance VALUES (?, ?, ?, ?, ?, ?)")
    skip = try prepare(
      "INSERT INTO skip_range (commit_id, run, col, reason, first_row, last_row) "
        + "VALUES (?, ?, ?, ?, ?, ?)")
    hold = try prepare(Self.insert(into: "open_hold", columns: 7))
    slice = try prepare(Self.insert(into: "open_hold_slice", columns: 4))
    endSlices = try prepare("DELETE FROM open_hold_slice WHERE opening = ?")
    endHold = try prepare("DELETE FROM open_hold WHERE opening = ?")
    cellTally = try prepare(Self.addCells)
    tally = try prepare(Self.addTally)
    tallyReason = try prepare(Self.add(to: "tally_reason", key: ["tally", "kind", "reason"]))
    tallyLatency = try prepare(Self.add(to: "tally_latency", key: ["tally", "microseconds"]))
    checkpoint = try prepare("REPLACE INTO checkpoint VALUES (?, ?, ?, ?, ?, ?)")
    progress = try prepare("UPDATE run_state SET rows_done = max(rows_done, ?) WHERE run = ?")
  }

  deinit { questionBytes.deallocate() }

  /// The key in big-endian order, valid until the next one. Half of the batch has none: nil.
  func blob(of key: QuestionKey) -> UnsafeRawBufferPointer? {
    guard key.high != 0 || key.low != 0 else { return nil }
    questionBytes.storeBytes(of: key.high.bigEndian, as: UInt64.self)
    questionBytes.storeBytes(of: key.low.bigEndian, toByteOffset: 8, as: UInt64.self)
    return UnsafeRawBufferPointer(start: questionBytes, count: 16)
  }

  // MARK: SQL

  private static func insert(into table: String, columns: Int) -> String {
    let marks = Array(repeating: "?", count: columns).joined(separator: ", ")
    return "INSERT INTO \(table) VALUES (\(marks))"
  }

  private static func add(to table: String, key: [String]) -> String {
    let marks = Array(repeating: "?", count: key.count + 1).joined(separator: ", ")
    let names = key.joined(separator: ", ")
    return """
      INSERT INTO \(table) VALUES (\(marks))
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
    let marks = Array(repeating: "?", count: 5 + tallyCounters.count).joined(separator: ", ")
    let sums = tallyCounters.map { "\($0) = \($0) + excluded.\($0)" }.joined(separator: ", ")
    return """
      INSERT INTO tally VALUES (NULL, \(marks))
      ON CONFLICT (run, col, provider, role, key_source) DO UPDATE SET \(sums)
      RETURNING id
      """
  }
}
