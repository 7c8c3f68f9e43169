import WaterfallCore
import WaterfallReports

/// One row whose cell was filled by its second step, as the journal and the ledger keep it.
enum RowFixtures {
  static func id(
    _ step: Int32, _ role: AttemptID.Role = .finder, column: Int32 = 0, row: Int64 = 12
  ) -> AttemptID {
    AttemptID(
      cell: CellID(run: RunID(7), row: row, column: column), step: step, role: role)
  }

  /// hunter: rejected by zerobounce and refunded; prospeo: accepted.
  static let attempts: [AttemptRecord] = [
    AttemptRecord(
      id: id(0), provider: ProviderID("hunter"), kind: .asked(.hit("m.c@nowhere.example")),
      verdict: Verdict(.invalid, .nonexistent), latency: 428_031, exchanges: 1,
      price: Credits(2), captured: Credits(2), refunded: Credits(2), opening: 41),
    AttemptRecord(
      id: id(0, .verifier), provider: ProviderID("zerobounce"), kind: .asked(.hit("invalid")),
      verdict: Verdict(.invalid, .nonexistent), latency: 90_000, exchanges: 1,
      price: Credits(micro: 500_000), captured: Credits(micro: 500_000), opening: 43),
    AttemptRecord(
      id: id(1), provider: ProviderID("prospeo"), kind: .asked(.hit("m.cantwell@senate.example")),
      verdict: .valid, isAccepted: true, latency: 612_000, exchanges: 1, price: Credits(3),
      captured: Credits(3), opening: 46),
    AttemptRecord(
      id: id(1, .verifier), provider: ProviderID("zerobounce"), kind: .asked(.hit("valid")),
      verdict: .valid, latency: 80_000, exchanges: 1, price: Credits(micro: 500_000),
      captured: Credits(micro: 500_000), opening: 49),
  ]

  static func entry(
    _ seq: Int64, _ kind: EntryKind, _ micro: Int64, lot: Int64 = 1, opening: Int64 = 0,
    attempt: AttemptID? = nil, note: String? = nil
  ) -> Explanation.TimedEntry {
    Explanation.TimedEntry(
      Entry(
        seq: seq, kind: kind, lot: LotID(rawValue: lot), amount: Credits(micro: micro),
        opening: opening, attempt: attempt, note: note),
      time: Timestamp(milliseconds: Fixtures.start.milliseconds + seq * 10))
  }

  /// The hold of prospeo burns two lots.
  static let entries: [Explanation.TimedEntry] = [
    entry(41, .hold, 2_000_000, attempt: id(0)),
    entry(42, .capture, 2_000_000, opening: 41),
    entry(43, .hold, 500_000, attempt: id(0, .verifier)),
    entry(44, .capture, 500_000, opening: 43),
    entry(45, .refund, 2_000_000, opening: 41),
    entry(46, .hold, 1_000_000, attempt: id(1)),
    entry(47, .hold, 2_000_000, lot: 2, opening: 46),
    entry(48, .capture, 1_000_000, opening: 46),
    entry(49, .hold, 500_000, lot: 2, attempt: id(1, .verifier)),
    entry(50, .capture, 2_000_000, lot: 2, opening: 46),
    entry(51, .capture, 500_000, lot: 2, opening: 49),
  ]

  static func explain(
    attempts: [AttemptRecord] = attempts, entries: [Explanation.TimedEntry] = entries,
    skips: [Int32: SkipReason] = [1: .alreadyFilled], column: Int32? = nil,
    simulated: Bool = false, state: RunRecord.State = .done, row: Int64 = 12,
    needs: InputNeeds? = nil, sheet: Explanation.Sheet? = nil
  ) throws -> Explanation {
    var known = Explanation.Sheet()
    known.line = 13
    return Explanation(
      run: try Fixtures.run(state, simulated: simulated), row: row, column: column,
      attempts: attempts, entries: entries, skips: skips, needs: needs, sheet: sheet ?? known)
  }
}
