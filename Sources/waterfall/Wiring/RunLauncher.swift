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
  /// How providers failed while this process asked them.
  var failures = FirstFailures()
  /// The command that starts such a run once more; nil where it was another process that started it.
  var again: String?

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
    try takeOutput(of: run, store)
    try drive(prepared, run, store, sink, info: nil, observer: observer)
  }

  /// Goes on with a run that stopped; its output goes on, or starts anew in another file.
  func resume(
    _ prepared: PreparedRun, _ run: RunRecord, _ files: RunFiles, _ store: LedgerStore
  ) throws {
    var run = run
    if files.output == run.output, store.hasNamedOutput(of: run) {
      try PartFile.takeBack(run.output)
    }
    let sink = try files.openSink()
    if files.output != run.output {
      try store.forgetCheckpoints(of: run.id)
      try store.setOutput(of: run.id, files.output)
      run.output = files.output
    }
    try takeOutput(of: run, store)
    let info = try store.runInfo(run.id)
    try store.setBudgets(of: run.id, prepared.plan.budgets)
    try store.setState(of: run.id, .running)
    try drive(prepared, run, store, sink, info: info, observer: nil)
  }

  /// The half-written file is this run's from now on: others that stopped in it have to write theirs
  /// again from the record.
  private func takeOutput(of run: RunRecord, _ store: LedgerStore) throws {
    for other in try store.runs() where other.state != .done && other.sharesOutput(with: run) {
      try store.forgetCheckpoints(of: other.id)
    }
  }

  private func drive(
    _ prepared: PreparedRun, _ run: RunRecord, _ store: LedgerStore, _ sink: any OutputSink,
    info: RunInfo?, observer: (any RunObserver)?
  ) throws {
    let stop = StopSignal()
    let watch = SignalWatch(stop: stop, console: console, leaving: prepared.killPrograms)
    let progress = ProgressLine(console: console, wrapping: observer)
    let clock = workspace.environment.clock
    let book = try store.book()
    let ending: RunEnding
    do {
      ending = try watch.during {
        try prepared.run(
          run.id, workspace: store.workspaceID, journal: store, book: book, info: info, sink: sink,
          scratchDirectory: workspace.environment.scratchDirectory, clock: clock, stop: stop,
          attemptsInBatch: workspace.environment.attemptsInBatch, observer: progress)
      }
    } catch {
      progress.clear()
      throw stopped(by: error, run, store)
    }
    progress.clear()
    try conclude(ending, run, store, prepared.plan)
  }

  // MARK: The last words

  /// Leaves the run as interrupted, with the reason in words as its note; and says the reason
  /// before the way on. What is thrown then has been said.
  private func stopped(by error: any Error, _ run: RunRecord, _ store: LedgerStore) -> any Error {
    let now = workspace.environment.clock()
    if error as? UserError == .brokenPipe {
      let note = "the reader of the output went away"
      try? store.setState(of: run.id, .interrupted, note: note, ended: now)
      sayAbandoned(run, store)
      return error
    }
    let words = UserError(describing: error)
    let note = Console.redaction.cleaned(words.description)
    try? store.setState(of: run.id, .interrupted, note: note, ended: now)
    console.complain("waterfall: \(words.sentence)")
    if words.code == .input, run.sheet != "-" {
      console.complain("run \(run.id) keeps what it found: waterfall run-info \(run.id)\(flags)")
    } else {
      sayResumable(run)
    }
    return LeaveWith(status: ExitStatus(words.code))
  }

  private func conclude(
    _ ending: RunEnding, _ run: RunRecord, _ store: LedgerStore, _ plan: RunPlan
  ) throws {
    let now = workspace.environment.clock()
    var status = ExitStatus.done
    switch ending.state {
    case .done:
      try store.setState(of: run.id, .done, ended: now)
    case .interrupted:
      try store.setState(of: run.id, .interrupted, note: "stopped by the user", ended: now)
      status = .interrupted
    case .outOfCredits(let needed, let available):
      let note = "out of credits: the next step needs \(needed), and the workspace has \(available)"
      try store.setState(of: run.id, .paused, note: note, ended: now)
      status = .paused
    case .atBudget(let limit, let needed):
      let note =
        "at the budget of \(limit.words), \(try store.spending(of: run.id).words): the next step "
        + "needs \(needed)"
      try store.setState(of: run.id, .paused, note: note, ended: now)
      status = .paused
    }
    guard let info = try store.runInfo(run.id) else { return }
    sayEnding(info, ending, plan)
    let notes = try UnknownNotes(info, in: store).lines + OverrunNotes(info, in: store).lines
    for note in notes { console.say("note: \(note)") }
    if json, run.command == .enrich { try console.data(JSONRunInfo().text(of: info)) }
    if status != .done { throw LeaveWith(status: status) }
    if let error = FailureNotes.nobodyAnswered(info, plan, failures, again: again) { throw error }
  }

  private func sayEnding(_ info: RunInfo, _ ending: RunEnding, _ plan: RunPlan) {
    console.say(RunSummary(info).text)
    for note in RunNotes(info, of: plan).lines + FailureNotes(info).lines {
      console.say("note: \(note)")
    }
    switch ending.state {
    case .done:
      if info.run.command == .enrich, info.run.output != "-" {
        console.say("written: \(info.run.output)")
      }
    case .interrupted:
      sayResumable(info.run)
    case .outOfCredits:
      console.complain("paused: \(info.run.note).")
      console.complain("Add credits with “waterfall credits grant AMOUNT\(flags)”.")
      sayResumable(info.run)
    case .atBudget:
      console.complain("paused: \(info.run.note).")
      say(
        WayOn(info.run, flags: flags, more: " --max-credits AMOUNT"), "Go on with a higher budget")
    }
  }

  private var flags: String { workspace.flags }

  /// A broken pipe is no error, but credits were spent on what nobody may have read.
  private func sayAbandoned(_ run: RunRecord, _ store: LedgerStore) {
    guard let rows = try? store.run(run.id)?.rows, let spent = try? store.spending(of: run.id).net
    else { return }
    let kind = run.isSimulated ? "simulated " : ""
    console.say(
      "stopped: the reader of the output went away; \(rows == 1 ? "1 row" : "\(rows) rows") "
        + "finished, \(spent.words(of: kind)) spent. Go on: \(WayOn(run, flags: flags).command)")
  }

  private func sayResumable(_ run: RunRecord) {
    say(WayOn(run, flags: flags), "run \(run.id) can go on where it stopped")
  }

  private func say(_ way: WayOn, _ what: String) {
    console.complain("\(what): \(way.command)")
    for note in way.notes { console.complain(note) }
  }
}

extension LedgerStore {
  /// The workspace's credits as they stand.
  func book() throws -> CreditBook {
    CreditBook(lots: try lots(), openHolds: try openHolds(), nextSequence: try nextSequence)
  }

  func available(at now: Timestamp) throws -> Credits {
    CreditBook(lots: try lots()).available(at: now)
  }
}
