import Foundation
import LedgerStore
import WaterfallCore
import WaterfallLedger
import WaterfallReports
import WaterfallRuns

/// Runs a prepared run on a workspace: ledger opened, output opened, signals watched, and at the
/// end the words about how it went.
struct RunLauncher {
  let workspace: Workspace
  let console: Console
  var json = false

  /// Starts a new run. Everything that can fail without a run is tried before one is recorded.
  func start(
    _ prepared: PreparedRun, _ files: RunFiles, command: RunRecord.Command, what: String,
    observer: (any RunObserver)? = nil
  ) throws {
    let store = try workspace.openForWriting(what)
    let sink = command == .bench ? NoOutput() : try files.openSink()
    try store.markDeadRuns(at: workspace.environment.clock())
    let run = try store.startRun(
      command: command, isSimulated: workspace.isSimulated,
      seed: workspace.isSimulated ? prepared.plan.seed : nil, sheet: files.sheet,
      output: command == .bench ? "" : files.output, started: workspace.environment.clock(),
      outline: prepared.plan.outline, budgets: prepared.plan.budgets,
      configuration: try prepared.plan.json())
    try drive(prepared, run, store, sink, info: nil, observer: observer)
  }

  /// Goes on with a run that stopped.
  func resume(_ prepared: PreparedRun, _ run: RunRecord, _ store: LedgerStore) throws {
    let files = try RunFiles(sheet: run.sheet, output: run.output)
    let sink = try files.openSink()
    let later = try store.runs().contains { $0.id > run.id && $0.output == run.output }
    // The half-written file is that later run's: ours is written again from the journal.
    if later { try sink.truncate(to: 0) }
    let info = try store.runInfo(run.id)
    try store.setBudgets(of: run.id, prepared.plan.budgets)
    try store.setState(of: run.id, .running)
    try drive(prepared, run, store, sink, info: info, observer: nil)
  }

  private func drive(
    _ prepared: PreparedRun, _ run: RunRecord, _ store: LedgerStore, _ sink: any OutputSink,
    info: RunInfo?, observer: (any RunObserver)?
  ) throws {
    let stop = StopSignal()
    let watch = SignalWatch(stop: stop, console: console)
    let progress = ProgressLine(console: console, wrapping: observer)
    let clock = workspace.environment.clock
    let book = CreditBook(
      lots: try store.lots(), openHolds: try store.openHolds(),
      nextSequence: try store.nextSequence)
    do {
      let ending = try withExtendedLifetime(watch) {
        try prepared.run(
          run.id, journal: store, book: book, info: info, sink: sink,
          scratchDirectory: workspace.environment.scratchDirectory, clock: clock, stop: stop,
          attemptsInBatch: workspace.environment.attemptsInBatch, observer: progress)
      }
      progress.clear()
      try conclude(ending, run, store)
    } catch {
      progress.clear()
      try? store.setState(
        of: run.id, .interrupted, note: "stopped by an error: \(error)", ended: clock())
      if (error as? UserError) != .brokenPipe { sayResumable(run) }
      throw error
    }
  }

  // MARK: The last words

  private func conclude(_ ending: RunEnding, _ run: RunRecord, _ store: LedgerStore) throws {
    let now = workspace.environment.clock()
    var status = ExitStatus.done
    switch ending.state {
    case .done:
      try store.setState(of: run.id, .done, ended: now)
    case .interrupted:
      try store.setState(of: run.id, .interrupted, note: "stopped by the user", ended: now)
      status = .interrupted
    case .outOfCredits(let needed, let available):
      let note = "out of credits: the next step needs \(needed), and \(available) are available"
      try store.setState(of: run.id, .paused, note: note, ended: now)
      status = .paused
    case .atBudget(let limit, let needed):
      let note = "at the budget of \(limit) credits: the next step needs \(needed)"
      try store.setState(of: run.id, .paused, note: note, ended: now)
      status = .paused
    }
    guard let info = try store.runInfo(run.id) else { return }
    sayEnding(info, ending)
    if json, run.command == .enrich { try console.data(JSONRunInfo().text(of: info)) }
    if status != .done { throw LeaveWith(status: status) }
  }

  private func sayEnding(_ info: RunInfo, _ ending: RunEnding) {
    console.say(RunSummary(info).text)
    switch ending.state {
    case .done:
      if info.run.command == .enrich, info.run.output != "-" {
        console.say("written: \(info.run.output)")
      }
    case .interrupted:
      sayResumable(info.run)
    case .outOfCredits:
      console.complain(info.run.note)
      console.say("Add credits with “waterfall credits grant AMOUNT\(flag)”.")
      sayResumable(info.run)
    case .atBudget:
      console.complain(info.run.note)
      console.say("Raise it with “waterfall resume \(info.run.id)\(flag) --max-credits AMOUNT”.")
    }
  }

  private var flag: String { workspace.isSimulated ? " --simulate" : "" }

  private func sayResumable(_ run: RunRecord) {
    console.complain(
      "run \(run.id) can go on where it stopped: waterfall resume \(run.id)\(flag)")
  }
}

extension LedgerStore {
  /// Runs that are on record as running although their process is gone: we hold the lock.
  func markDeadRuns(at now: Timestamp) throws {
    for run in try runs() where run.state == .running {
      try setState(of: run.id, .interrupted, note: "its process ended without a word", ended: now)
    }
  }

  func available(at now: Timestamp) throws -> Credits {
    CreditBook(lots: try lots()).available(at: now)
  }
}
