import Synchronization
import WaterfallCore
import WaterfallLedger

/// A journal in memory. It refuses what the ledger store would refuse: entries with gaps, and
/// attempts that are stored already.
final class MemoryJournal: RunJournal {
  struct Refusal: Error, Equatable {
    var reason: String
  }

  struct State {
    var batches: [JournalBatch] = []
    var attempts: [AttemptID: AttemptRecord] = [:]
    var rows: [Int64: [AttemptID]] = [:]
    var entries: [Entry] = []
    var lots: [LotID: Lot] = [:]
    /// What is still on hold, by opening.
    var holds: [Int64: OpenHold] = [:]
    var questions: [AttemptID: OpenQuestion] = [:]
    var rowsDone: Int64 = 0
    var checkpoints: [Checkpoint] = []
    var tallies = RunTallies()
    /// Commits that are still taken; nil for any number.
    var patience: Int?
    /// Called before each commit, outside the lock.
    var delay: (@Sendable () -> Void)?
  }

  let journey: Journey
  private let state: Mutex<State>

  /// A journal that has taken these batches, on a ledger of these lots.
  init(lots: [Lot], batches: [JournalBatch] = [], journey: Journey = Journey()) throws {
    self.journey = journey
    var state = State()
    for lot in lots { state.lots[lot.id] = lot }
    for batch in batches { try Self.take(batch, &state, firstEntry: 1) }
    self.state = Mutex(state)
  }

  var now: State { state.withLock { $0 } }

  /// Fails every commit after so many more.
  func fail(after commits: Int) { state.withLock { $0.patience = commits } }

  func delayCommits(_ delay: @escaping @Sendable () -> Void) { state.withLock { $0.delay = delay } }

  func book() -> CreditBook {
    let state = now
    return CreditBook(
      lots: Array(state.lots.values), openHolds: Array(state.holds.values),
      nextSequence: Int64(state.entries.count) + 1)
  }

  // MARK: RunJournal

  func commit(_ batch: JournalBatch) throws {
    if let delay = state.withLock({ $0.delay }) { delay() }
    try state.withLock { state in
      if let patience = state.patience {
        guard patience > 0 else { throw Refusal(reason: "the disk is full") }
        state.patience = patience - 1
      }
      try Self.take(batch, &state, firstEntry: 1)
      journey.add(.commit(state.batches.count - 1))
    }
  }

  func attempts(of run: RunID, rows: ClosedRange<Int64>) throws -> [AttemptRecord] {
    let state = now
    return rows.clamped(to: 0...1_000_000).flatMap { row in
      (state.rows[row] ?? []).compactMap { state.attempts[$0] }.sorted { $0.id.isBefore($1.id) }
    }
  }

  func attempt(_ id: AttemptID) throws -> AttemptRecord? { state.withLock { $0.attempts[id] } }

  func forEachSharedQuestion(
    of run: RunID, _ body: (QuestionKey, AttemptID) throws -> Void
  ) throws {
    for record in now.attempts.values {
      guard case .asked(let outcome) = record.kind else { continue }
      switch outcome {
      case .hit, .miss: try body(record.question, record.id)
      case .failure, .unknown: continue
      }
    }
  }

  func checkpoint(of run: RunID, outputSize: Int64) throws -> Checkpoint? {
    now.checkpoints.last { $0.outputOffset <= outputSize }
  }

  func rowsDone(of run: RunID) throws -> Int64 { now.rowsDone }

  func openHolds(of run: RunID) throws -> [OpenHold] { Array(now.holds.values) }

  func openQuestions(of run: RunID) throws -> [OpenQuestion] { Array(now.questions.values) }

  // MARK: Taking a batch

  private static func take(
    _ batch: JournalBatch, _ state: inout State, firstEntry: Int64
  ) throws {
    for entry in batch.entries {
      guard entry.seq == Int64(state.entries.count) + firstEntry else {
        throw Refusal(reason: "entry \(entry.seq) stands where \(state.entries.count + 1) is due")
      }
      state.entries.append(entry)
      track(entry, &state)
    }
    for question in batch.questions { state.questions[question.attempt] = question }
    for id in batch.unsent { state.questions[id] = nil }
    for record in batch.attempts {
      state.questions[record.id] = nil
      guard state.attempts.updateValue(record, forKey: record.id) == nil else {
        throw Refusal(reason: "\(record.id) is stored already")
      }
      state.rows[record.id.cell.row, default: []].append(record.id)
    }
    for lot in batch.lots { state.lots[lot.id] = lot }
    if let checkpoint = batch.checkpoint { state.checkpoints.append(checkpoint) }
    state.rowsDone = max(state.rowsDone, batch.rowsDone)
    state.tallies.merge(batch.tallies)
    state.batches.append(batch)
  }

  private static func track(_ entry: Entry, _ state: inout State) {
    let opening = entry.opening == 0 ? entry.seq : entry.opening
    let old = state.holds[opening]
    switch entry.kind {
    case .hold:
      let slice = OpenHold.Slice(lot: entry.lot, amount: entry.amount)
      guard let attempt = old?.attempt ?? entry.attempt else { return }
      state.holds[opening] = OpenHold(
        opening: opening, attempt: attempt, slices: (old?.slices ?? []) + [slice])
    case .capture, .void:
      // A batch ends a hold whole, as the store demands.
      state.holds[opening] = nil
    default:
      break
    }
  }
}

extension AttemptID {
  func isBefore(_ other: AttemptID) -> Bool {
    (cell.row, cell.column, step, role.rawValue)
      < (other.cell.row, other.cell.column, other.step, other.role.rawValue)
  }
}
