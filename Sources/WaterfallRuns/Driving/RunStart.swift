import WaterfallCore
import WaterfallLedger

/// Where a run starts: at the beginning, or at a checkpoint of an earlier process.
struct RunStart {
  let checkpoint: Checkpoint
  let book: CreditBook
  /// Net charges of the run so far, for its budget.
  let spent: Credits
  /// What the run left on hold.
  let openHolds: [OpenHold]
  /// What is under way for the run.
  let openQuestions: [QuestionKey: InheritedQuestion]
  let shared: SharedQuestions
  let replay: Replay
  let progress: RunProgress

  init(
    of run: RunID, isNew: Bool, journal: any RunJournal, book: CreditBook, sink: any OutputSink,
    scratchDirectory: String, tallies: RunTallies, inputSize: Int64?
  ) throws {
    self.book = book
    let shared = SharedQuestions(run: run, journal: journal, scratchDirectory: scratchDirectory)
    var checkpoint: Checkpoint?
    openHolds = isNew ? [] : try journal.openHolds(of: run)
    let questions = isNew ? [] : try journal.openQuestions(of: run)
    openQuestions = Dictionary(grouping: questions, by: \.question)
      .compactMapValues(InheritedQuestion.init)
    if isNew {
      replay = .none(run, journal)
    } else {
      try shared.restore()
      replay = Replay(
        run: run, journal: journal, rowsDone: try journal.rowsDone(of: run),
        window: Int64(RunDriver.Limits().window))
      checkpoint = try journal.checkpoint(of: run, outputSize: try sink.size)
    }
    self.shared = shared
    self.checkpoint =
      checkpoint
      ?? Checkpoint(row: 0, line: 0, inputOffset: 0, outputOffset: 0, selected: 0)
    spent = tallies.columns.values.flatMap { $0.providers.values }.reduce(.zero) { $0 + $1.net }
    var progress = RunProgress()
    progress.rows = self.checkpoint.row
    progress.inputOffset = self.checkpoint.inputOffset
    progress.inputSize = inputSize
    self.progress = progress
  }
}
