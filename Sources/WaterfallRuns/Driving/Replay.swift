import WaterfallCore

/// What an earlier process of the run stored, row by row: rows that it finished are written again
/// from the journal, and cells that it left half done go on where they stopped.
struct Replay {
  private let run: RunID
  private let journal: any RunJournal
  /// Rows whose cells all ended, from the first on.
  let rowsDone: Int64
  /// Beyond this row nothing can have been stored.
  private let horizon: Int64
  private var loaded: ClosedRange<Int64> = 0...0
  private var rows: [Int64: [AttemptRecord]] = [:]

  private static let chunk: Int64 = 2048

  /// `window`: how many rows the earlier process can have started beyond the finished ones.
  init(run: RunID, journal: any RunJournal, rowsDone: Int64, window: Int64) {
    self.run = run
    self.journal = journal
    self.rowsDone = rowsDone
    self.horizon = rowsDone == 0 && window == 0 ? 0 : rowsDone + window
  }

  /// A run without a past.
  static func none(_ run: RunID, _ journal: any RunJournal) -> Replay {
    Replay(run: run, journal: journal, rowsDone: 0, window: 0)
  }

  func isOver(at row: Int64) -> Bool { row > horizon }

  /// The stored attempts of a row, and whether the row was finished. Rows are asked for in order.
  mutating func row(_ number: Int64) throws -> (attempts: [AttemptRecord], wasJournaled: Bool) {
    guard number <= horizon else { return ([], false) }
    if !loaded.contains(number) {
      loaded = number...min(number + Self.chunk - 1, horizon)
      rows = Dictionary(
        grouping: try journal.attempts(of: run, rows: loaded), by: { $0.id.cell.row })
    }
    return (rows[number] ?? [], number <= rowsDone)
  }
}
