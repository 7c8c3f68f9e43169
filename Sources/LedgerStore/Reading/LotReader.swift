import GRDB
import WaterfallCore

/// Reads lots with their balances, and open holds with their slices.
enum LotReader {
  static func lots(in database: Database) throws -> [Lot] {
    var lots: [Lot] = []
    try database.forEachRow(
      """
      SELECT l.id, l.kind, l.issued, l.priority, l.granted, l.expires, l.note,
        b.available, b.held, b.spent, b.expired, b.rolled_over
      FROM lot l LEFT JOIN lot_balance b ON b.lot = l.id ORDER BY l.id
      """
    ) { row in
      guard !row.isNull(7) else { throw DamagedRow("lot \(row.int(0)) has no balance") }
      var lot = try lot(row)
      lot.available = Credits(micro: row.int(7))
      lot.held = Credits(micro: row.int(8))
      lot.spent = Credits(micro: row.int(9))
      lot.expired = Credits(micro: row.int(10))
      lot.rolledOver = Credits(micro: row.int(11))
      lots.append(lot)
    }
    return lots
  }

  /// The lot as it was granted, from id, kind, issued, priority, granted, expires and note.
  static func lot(_ row: RawStatement) throws -> Lot {
    Lot(
      id: LotID(rawValue: row.int(0)), kind: try row.requiredWord(1),
      issued: Credits(micro: row.int(2)), priority: Int(row.int(3)),
      granted: Timestamp(milliseconds: row.int(4)),
      expires: row.optionalInt(5).map { Timestamp(milliseconds: $0) } ?? .never,
      note: row.text(6))
  }

  /// In the order of their openings. Of every run where `run` is nil.
  static func openHolds(of run: RunID?, in database: Database) throws -> [OpenHold] {
    var holds: [OpenHold] = []
    var slices: [OpenHold.Slice] = []
    var current: (opening: Int64, attempt: AttemptID)?
    func close() {
      guard let current else { return }
      holds.append(
        OpenHold(opening: current.opening, attempt: current.attempt, slices: slices))
      slices = []
    }
    try database.forEachRow(
      """
      SELECT h.opening, h.run, h."row", h.col, h.generation, h.step, h.role, s.lot, s.amount
      FROM open_hold h JOIN open_hold_slice s ON s.opening = h.opening
      WHERE h.run = ?1 OR ?1 = 0 ORDER BY h.opening, s.seq
      """, run?.rawValue ?? 0
    ) { row in
      if current?.opening != row.int(0) {
        close()
        current = (row.int(0), try AttemptReader.id(row, at: 1))
      }
      slices.append(
        OpenHold.Slice(lot: LotID(rawValue: row.int(7)), amount: Credits(micro: row.int(8))))
    }
    close()
    return holds
  }
}
