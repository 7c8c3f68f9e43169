import ArgumentParser
import LedgerStore
import WaterfallCore
import WaterfallRuns

/// `waterfall resume`: goes on with a run that was paused, stopped or killed.
struct Resume: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Go on with a run that was paused, stopped or killed.",
    discussion: """
      The run goes on as it was planned, at its pinned prices. What was answered is not asked \
      again, and the output is the one that an undisturbed run would have written.
      """)

  @Argument(
    help: ArgumentHelp("The run's number (default: the latest that is not done).", valueName: "run")
  )
  var number: Int64?

  @OptionGroup var workspace: WorkspaceOptions

  @Option(help: ArgumentHelp("Where the sheet is now, if it was moved.", valueName: "file"))
  var sheet: String?

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("Write the whole output there from now on.", valueName: "file"))
  var output: String?

  @Option(
    help: ArgumentHelp("Where the run's sandbox is now, if it moved.", valueName: "url"))
  var sandbox: String?

  @Option(
    name: .customLong("base-url"),
    help: ArgumentHelp(
      "Where the host is now that a provider of the run is asked at in its place.",
      valueName: "provider=url"))
  var bases: [String] = []

  @Option(help: ArgumentHelp("A new budget for the whole run.", valueName: "credits"))
  var maxCredits: String?

  @Flag(help: "Replace an output that another run has written, or that exists.")
  var yes = false

  @Flag(help: "Print the run info as JSON when the run has ended.")
  var json = false

  @Flag(help: "Say nothing but errors.")
  var quiet = false

  func run() throws {
    let console = Console(isQuiet: quiet)
    let moved = try StandInOptions.standIns(sandbox: sandbox, bases: bases)
    // The runs that a sandbox played are in the simulated workspace.
    let space = workspace.open(console, isSimulated: workspace.simulate || sandbox != nil)
    guard space.exists else {
      _ = try space.openForReading()
      return
    }
    let store = try space.openForWriting("resume")
    try store.markDeadRuns(at: space.environment.clock())
    let record = try choose(in: store, space, console)
    var plan = try RunPlan(json: record.configuration)
    try plan.move(moved, record.id)
    plan.budgets = try budgets(of: record, spending: try store.spending(of: record.id))
    if plan.sheet.path == "-", sheet == nil {
      throw UserError(
        .input, "run \(record.id) read standard input, which is gone",
        remedy: "Save the same bytes to a file and name it: --sheet FILE.")
    }
    let files = try RunFiles(sheet: sheet ?? record.sheet, output: output ?? record.output)
    if json { try files.refuseJSON() }
    if output != nil, !RunFiles.isSame(files.output, record.output) {
      try files.check(mayReplace: yes)
    }
    let keys = try space.environment.keyRing(isSimulated: plan.isSimulated, console)
    let failures = FirstFailures()
    let prepared = try PreparedRun(
      resuming: plan, path: sheet.map(RunFiles.absolute),
      surroundings: .live(keys, console, failures))
    try keys.fetch(for: prepared)
    if let sandbox = plan.sandbox { try SandboxVisit.check(sandbox, "The run is as it was") }
    let launcher = RunLauncher(
      workspace: space, console: console, json: json, failures: failures)
    try launcher.resume(prepared, record, files, store)
  }

  private func choose(
    in store: LedgerStore, _ space: Workspace, _ console: Console
  ) throws -> RunRecord {
    let chosen = try ResumableRun(
      numbered: number, in: store, output: output.map(RunFiles.absolute), mayReplace: yes,
      flags: space.flags)
    for (run, writer) in chosen.passedOver {
      console.say(
        "note: run \(run.id) is passed over: \(writer) has written \(run.output) since")
    }
    return chosen.run
  }

  /// The run's budgets, with the new one for the whole run where one is named.
  private func budgets(
    of run: RunRecord, spending: RunSpending
  ) throws(UserError) -> RunBudgets {
    var budgets = run.budgets
    guard let maxCredits else { return budgets }
    let limit = try RequestOptions.credits(maxCredits, "--max-credits")
    guard limit >= spending.total else {
      let held = spending.held == .zero ? "" : " and has \(spending.held) on hold"
      throw UserError(
        .input, "run \(run.id) has spent \(spending.net.words) already\(held)",
        place: "--max-credits", remedy: "Name more than \(spending.total).")
    }
    budgets.run = limit
    return budgets
  }
}
