import GRDB
import WaterfallCore

/// Makes attempt records from rows of `attempt`.
struct AttemptReader {
  /// In the order that `record` reads.
  static let columns = """
    a.run, a."row", a.col, a.generation, a.step, a.role, a.kind, a.outcome, a.reason, a.verdict,
    a.verdict_reason, a.accepted, a.value, a.question, a.latency, a.exchanges, a.captured,
    a.refunded, a.overrun, a.saved, a.money, a.opening, a.shared_row, a.shared_col,
    a.shared_generation, a.shared_step, a.shared_role
    """

  /// The record of the current row. Throws `DamagedRow` for what the schema would have refused.
  static func record(_ row: RawStatement, steps: PinnedSteps) throws -> AttemptRecord {
    let id = try id(row)
    guard let step = steps.step(of: id) else {
      throw DamagedRow("an attempt of run \(id.cell.run) has no pinned step")
    }
    return AttemptRecord(
      id: id, provider: step.provider, kind: try kind(row, id.cell.run),
      keySource: step.keySource, verdict: try verdict(row), isAccepted: row.int(11) != 0,
      question: question(row, 13), latency: row.int(14), exchanges: row.int32(15),
      price: step.price, captured: Credits(micro: row.int(16)),
      refunded: Credits(micro: row.int(17)), overrun: Credits(micro: row.int(18)),
      saved: Credits(micro: row.int(19)), money: row.optionalInt(20).map { Money(nano: $0) },
      opening: row.int(21))
  }

  /// Run, row, column, generation, step and role in consecutive columns.
  static func id(_ row: RawStatement, at column: Int32 = 0) throws -> AttemptID {
    let cell = CellID(
      run: RunID(row.int(column)), row: row.int(column + 1), column: row.int32(column + 2),
      generation: row.int32(column + 3))
    return AttemptID(
      cell: cell, step: row.int32(column + 4), role: try row.requiredWord(column + 5))
  }

  /// Half of a blob each, in big-endian order; all zero for NULL.
  static func question(_ row: RawStatement, _ column: Int32) -> QuestionKey {
    let blob = row.blob(column)
    guard blob.count == 16 else { return QuestionKey(high: 0, low: 0) }
    return QuestionKey(
      high: UInt64(bigEndian: blob.loadUnaligned(as: UInt64.self)),
      low: UInt64(bigEndian: blob.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
  }

  private static func kind(_ row: RawStatement, _ run: RunID) throws -> AttemptRecord.Kind {
    switch try row.requiredWord(6, AttemptWord.self) {
    case .asked: return .asked(try outcome(row))
    case .skipped: return .skipped(try row.requiredWord(8))
    case .shared:
      let cell = CellID(
        run: run, row: row.int(22), column: row.int32(23), generation: row.int32(24))
      let other = AttemptID(cell: cell, step: row.int32(25), role: try row.requiredWord(26))
      return .shared(try outcome(row), with: other)
    }
  }

  private static func outcome(_ row: RawStatement) throws -> Outcome {
    switch try row.requiredWord(7, OutcomeWord.self) {
    case .hit: .hit(row.text(12))
    case .miss: .miss
    case .failure: .failure(try row.requiredWord(8))
    case .unknown: .unknown
    }
  }

  private static func verdict(_ row: RawStatement) throws -> Verdict? {
    guard let kind = try row.word(9, Verdict.Kind.self) else { return nil }
    return Verdict(kind, try row.word(10))
  }
}
