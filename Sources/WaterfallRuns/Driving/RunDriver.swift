import CSVCodec
import DequeModule
import Foundation
import WaterfallCore
import WaterfallEngine
import WaterfallLedger
import WaterfallProviders

/// Drives the cells of a sheet through their waterfalls: rows in, questions out, a journal of what
/// happened, and the enriched sheet as its projection.
///
/// One thread decides everything, in the order in which answers come in; a second one (the
/// `BatchWriter`) makes batches durable and writes the output. Rows are started in the sheet's
/// order and written in it; between the two, at most `Limits.window` rows are in flight, so that
/// memory does not grow with the sheet. A provider that answers at once is done with within the
/// row's turn; one that answers later finds its row in the window.
final class RunDriver {
  struct Limits {
    /// Rows started and not yet written.
    var window = 4096
    /// Attempts of one batch: a commit costs a sync of the disk, shared by so many.
    var attemptsInBatch = 12_288
    /// So many questions with providers are enough: what is decided meanwhile may gather for
    /// `gathering`, for a commit of many costs little more than one of a few.
    var enoughAsked = 1024
    var gathering = Duration.milliseconds(50)
    /// And a driver that an answer wakes takes so long to come, so that others come with it.
    var lingering = Duration.milliseconds(4)
    /// Records read at once.
    var recordsInRead = 4096

    /// Output bytes that go to the writer at once: some 1 MiB, less for small batches.
    var outputChunk: Int { min(1 << 20, attemptsInBatch * 96) }
    /// Output bytes between two checkpoints: what a resumed run may have to write again.
    var bytesBetweenCheckpoints: Int64 { Int64(attemptsInBatch) * 640 }
  }

  /// How the run ended, this time.
  enum End: Equatable {
    case done
    case paused(Pause)
    case interrupted
  }

  /// Why a run cannot go on.
  enum Pause: Equatable {
    case credits(needed: Credits, available: Credits)
    case budget(limit: Credits, needed: Credits)
  }

  let run: RunID
  /// The workspace's own name, for the keys that questions are known by.
  let workspace: String
  let program: RunProgram
  let reader: CSVReader
  let journal: any RunJournal
  let writer: BatchWriter
  let clock: () -> Timestamp
  let stop: StopSignal
  let observer: (any RunObserver)?
  let limits: Limits

  var book: CreditBook
  var budget: Budget
  var shared: SharedQuestions
  var replay: Replay

  // The window.
  var window = Deque<Row>()
  var idleRows: [Row] = []
  var idleSheaves: [Sheaf] = []
  /// The batch whose records are being started, and the next of them.
  var current: Sheaf?
  var cursor = 0
  var nextRow: Int64
  var selected: Int64
  var hasRead = false
  /// Blank lines that no record has followed yet, and where they end.
  var blankLines: (bytes: [UInt8], end: CSVPosition)?

  // What is under way.
  let mailbox: Mailbox
  var letters: [Mailbox.Letter] = []
  /// Questions sent so far: each has the next number.
  var asks: Int64 = 0
  /// Rows that wait for an answer, by the number of their question.
  var asked: [Int64: Row] = [:]
  /// Questions that somebody is being asked, and the rows that wait for the same answer.
  var announced: [QuestionKey: [Row]] = [:]
  /// Rows whose hold has to be durable before their question is sent, with the hold's batch, in the
  /// order of the batches.
  var behindBarrier: [(batch: Int, row: Row)] = []
  /// Rows whose hold is durable, and whose question was not sent because the run was stopped.
  var unsent: [Row] = []
  /// Rows whose wait is over. They go on once the row that ended it has gone as far as it can, so
  /// that of rows with the same questions the first one asks them all.
  var ready: [Row] = []
  /// Rows that wait for credits that other holds may free.
  var shortOfCredits: [Row] = []
  /// Rows that wait until a provider has room for their question.
  var lanes = Lanes()
  var pause: Pause?
  /// Holds that an earlier process left open; the run's budget counts them from the start.
  let inheritedHolds: [Int64]
  /// Questions that an earlier process left under way.
  var inheritedQuestions: [QuestionKey: InheritedQuestion]
  /// The verifiers' attempts among them, with what they asked.
  var inheritedVerifications: [AttemptID: QuestionKey] = [:]
  var effects: [CellMachine.Effect] = []
  /// The time of what is being decided; the clock is read once for many decisions.
  var now: Timestamp

  // What goes to the writer next.
  var batch: JournalBatch
  var batchNumber = 1
  /// When somebody began to wait for the batch to be durable; nil where nobody does.
  var gatheringSince: ContinuousClock.Instant?
  var output: CSVOutput
  /// Bytes handed to the writer, those of earlier processes included.
  var flushedOutput: Int64
  /// Set for the last flush, which takes along what no attempt caused.
  var isFinishing = false
  var openSkips: [SkipRange?]
  var end: Checkpoint
  var progress: RunProgress
  var news = (done: 0, wakeUps: 0)

  init(
    run: RunID, workspace: String = "", program: RunProgram, reader: CSVReader,
    journal: any RunJournal, sink: any OutputSink, start: RunStart,
    clock: @escaping () -> Timestamp, stop: StopSignal,
    observer: (any RunObserver)?, limits: Limits = Limits()
  ) throws {
    self.run = run
    self.workspace = workspace
    self.program = program
    self.reader = reader
    self.journal = journal
    self.clock = clock
    self.stop = stop
    self.observer = observer
    self.limits = limits
    let writer = BatchWriter(
      journal: journal, sink: sink, written: start.checkpoint.outputOffset,
      syncEvery: limits.bytesBetweenCheckpoints)
    self.writer = writer
    mailbox = Mailbox { writer.wakeDriver() }
    book = start.book
    inheritedHolds = start.openHolds.map(\.opening)
    inheritedQuestions = start.openQuestions
    for (key, question) in start.openQuestions {
      for attempt in question.attempts where attempt.role == .verifier {
        inheritedVerifications[attempt] = key
      }
    }
    budget = Budget(
      limit: program.maxCredits, net: start.spent,
      held: start.openHolds.flatMap(\.slices).reduce(.zero) { $0 + $1.amount })
    shared = start.shared
    replay = start.replay
    nextRow = start.checkpoint.row + 1
    selected = start.checkpoint.selected
    now = clock()
    batch = JournalBatch(run: run, time: now)
    output = CSVOutput(dialect: reader.dialect)
    openSkips = Array(repeating: nil, count: program.columns.count)
    end = start.checkpoint
    flushedOutput = end.outputOffset
    progress = start.progress
  }

  /// Runs until the sheet ends, credits or the budget run out, or the stop signal is raised.
  ///
  /// When it returns, everything decided is durable and every finished row is written; unfinished
  /// rows are not. Throws `UserError` or `CSVError` for what is wrong with the sheet, the disk or
  /// the ledger; what was finished before is durable and written all the same.
  func runToEnd() throws -> End {
    do {
      if end.row == 0, end.outputOffset == 0 { writeHeader() }
      try work()
      writeBlankLines()
      if hasRead, window.isEmpty { try voidLeftovers() }
      takeBackUnsent()
      isFinishing = true
      try flush()
      try writer.close()
    } catch {
      throw salvage(error)
    }
    if let pause { return .paused(pause) }
    return stop.isRaised ? .interrupted : .done
  }

  /// Saves what is finished although the run fails. Returns the error that came first.
  private func salvage(_ error: any Error) -> any Error {
    do {
      isFinishing = true
      try flush()
      try writer.close()
    } catch let second {
      // The writer's own failure is why the run failed at all.
      return second
    }
    return error
  }

  var isStopping: Bool { pause != nil || stop.isRaised }

  private func work() throws {
    while true {
      now = clock()
      try deliverLetters()
      try sendWhatIsDurable()
      try writeFinishedRows()
      if !isStopping, !hasRead, window.count < limits.window {
        try startRows()
      } else if !asked.isEmpty || !behindBarrier.isEmpty {
        try waitForAnswers()
      } else if !isStopping, hasRead, !shortOfCredits.isEmpty {
        pauseForCredits()
      } else if isStopping || (hasRead && window.isEmpty) {
        return
      } else if hasRead || window.count >= limits.window {
        try failStuck()
      }
    }
  }

  /// Nobody is being asked, so that no hold can end: what the first row waits for does not come.
  private func pauseForCredits() {
    guard let row = shortOfCredits.first, case .hold(_, _, let needed) = row.request else { return }
    if let limit = budget.limit, budget.admits(needed) != .fits {
      pause = .budget(limit: limit, needed: needed)
    } else {
      pause = .credits(needed: needed, available: book.available(at: now))
    }
  }

  /// All rows have ended, so nobody will ask what these holds were placed for: the questions were
  /// answered for other rows meanwhile.
  private func voidLeftovers() throws {
    for opening in inheritedHolds where book.openHold(opening) != nil {
      try book.void(opening, at: now)
    }
  }

  /// Nobody shall wonder, when the run goes on, whether these questions were sent: their holds stay,
  /// their marks go. What an earlier process left is not so sure.
  private func takeBackUnsent() {
    for row in unsent {
      guard case .ask(let step, let role, _) = row.request,
        inheritedQuestions[row.stake(role).question] == nil
      else { continue }
      batch.unsent.append(attemptID(step, role, of: row))
    }
  }

  private func failStuck() throws {
    guard shortOfCredits.isEmpty else { return pauseForCredits() }
    throw UserError(.fault, "the run is stuck with \(window.count) rows in flight")
  }

  /// Hands what is decided to the writer, and sleeps until something is durable or answered.
  private func waitForAnswers() throws {
    let patience = patience()
    if patience == .zero { try flush() }
    mailbox.setDriverWaiting(true)
    defer { mailbox.setDriverWaiting(false) }
    mailbox.drain(into: &letters)
    if letters.isEmpty {
      news = try writer.waitForNews(since: news, atMost: patience == .zero ? nil : patience)
      if isWellAsked { Thread.sleep(forTimeInterval: limits.lingering / .seconds(1)) }
    } else {
      try deliver()
    }
  }

  /// How long the batch may gather before it is committed; nil where nobody waits for that.
  private func patience() -> Duration? {
    let holds = behindBarrier.last?.batch == batchNumber
    // Whoever is killed later knows what was asked, and can fetch what providers work on.
    let questions = !batch.questions.isEmpty && writer.durableBatch == batchNumber - 1
    guard holds || questions else { return nil }
    guard isWellAsked else { return .zero }
    let now = ContinuousClock.now
    let start = gatheringSince ?? now
    gatheringSince = start
    return max(.zero, limits.gathering - (now - start))
  }

  /// Whether providers have so much to do that nobody needs to hurry.
  private var isWellAsked: Bool { asked.count >= limits.enoughAsked }

  func deliverLetters() throws {
    mailbox.drain(into: &letters)
    try deliver()
  }

  private func deliver() throws {
    while !letters.isEmpty || !ready.isEmpty || lanes.hasNews {
      for letter in letters {
        switch letter.news {
        case .accepted(let job):
          guard let row = asked[letter.ask] else { continue }
          note(job, of: row)
          leaveLane(row)
        case .answered(let answer):
          guard let row = asked.removeValue(forKey: letter.ask) else { continue }
          leaveLane(row)
          try drive(row, .answered(answer))
        }
      }
      let rows = ready
      ready.removeAll(keepingCapacity: true)
      for row in rows { try retry(row) }
      while let row = lanes.popNext() { try retry(row) }
      mailbox.drain(into: &letters)
    }
  }

  private func sendWhatIsDurable() throws {
    guard let first = behindBarrier.first else { return }
    let durable = writer.durableBatch
    guard first.batch <= durable else { return }
    shared.forget(through: durable)
    let durableRows = behindBarrier.prefix { $0.batch <= durable }
    behindBarrier.removeFirst(durableRows.count)
    for (_, row) in durableRows {
      if maySend(row) { try send(row) } else { unsent.append(row) }
    }
    try deliverLetters()
  }

  /// A run that is stopped asks no finder any more.
  private func maySend(_ row: Row) -> Bool {
    guard stop.isRaised, case .ask(_, .finder, _) = row.request else { return true }
    return false
  }
}
