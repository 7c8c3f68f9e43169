import WaterfallCore

/// Makes entries from rows of `entry`.
enum EntryReader {
  static let columns = """
    e.seq, e.kind, e.lot, e.amount, e.opening, e.run, e."row", e.col, e.generation, e.step, e.role,
    e.note
    """

  static func entry(_ row: RawStatement) throws -> Entry {
    Entry(
      seq: row.int(0), kind: try row.requiredWord(1), lot: LotID(rawValue: row.int(2)),
      amount: Credits(micro: row.int(3)), opening: row.int(4),
      attempt: row.isNull(10) ? nil : try AttemptReader.id(row, at: 5),
      note: row.optionalText(11))
  }
}
