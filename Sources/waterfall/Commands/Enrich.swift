import ArgumentParser
import Foundation
import LedgerStore
import WaterfallCore
import WaterfallProviders
import WaterfallReports
import WaterfallRuns

/// `waterfall enrich`: a sheet in, the missing columns filled, every credit accounted for.
struct Enrich: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fill columns of a sheet by asking providers in order.",
    discussion: """
      Every row is asked about in turn: the first provider that returns a valid value fills the \
      cell, and only it is charged. Untouched columns come back byte for byte. Kill it at any \
      moment: “waterfall resume” goes on where it stopped, and nothing is charged twice.
      """)

  @OptionGroup var sheet: SheetOptions

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "The enriched sheet, or - for standard output (default: SHEET.enriched.csv).",
      valueName: "file"))
  var output: String?

  @OptionGroup var request: RequestOptions
  @OptionGroup var standIns: StandInOptions
  @OptionGroup var workspace: WorkspaceOptions

  @Flag(help: "Ask and charge nothing: show what would be asked, and the most it could cost.")
  var dryRun = false

  @Flag(help: "Replace an output that exists.")
  var yes = false

  @Flag(help: "Print the run info as JSON when the run has ended.")
  var json = false

  @Flag(help: "Say nothing but errors.")
  var quiet = false

  func run() throws {
    let console = Console(isQuiet: quiet)
    let request = try request.request()
    let files = try RunFiles(sheet: sheet.sheet, output: output)
    try check(files)
    if !dryRun { try files.check(mayReplace: yes) }
    let keys = try Environment.current.keyRing(isSimulated: isSimulated, console)
    let failures = FirstFailures()
    let prepared = try prepare(request, files, keys, console, failures)
    for line in prepared.mappingLines + prepared.targetLines { console.say("  \(line)") }
    for warning in prepared.warnings { console.say("note: \(warning)") }
    if dryRun { return try showDryRun(prepared) }
    try prepared.checkSheet()
    try keys.fetch(for: prepared)
    if let sandbox = prepared.plan.sandbox {
      try SandboxVisit.check(sandbox, "No run was started")
    }
    let launcher = RunLauncher(
      workspace: open(console), console: console, json: json, failures: failures,
      again: ShellWords.enrichAgain(CommandLine.arguments.dropFirst(), files))
    try launcher.start(prepared, files, command: .enrich, what: "enrich \(sheet.sheet)")
  }

  private func check(_ files: RunFiles) throws {
    if json { try files.refuseJSON() }
    if request.seed != nil, !isSimulated {
      throw UserError(
        .usage, "a seed means nothing to a run that asks for real", place: "--seed",
        remedy: "Add --simulate, or leave --seed out.")
    }
  }

  /// A sandbox plays the simulated world.
  private var isSimulated: Bool { workspace.simulate || standIns.sandbox != nil }

  private func open(_ console: Console = .standard) -> Workspace {
    workspace.open(console, isSimulated: isSimulated)
  }

  private func prepare(
    _ request: Configuration, _ files: RunFiles, _ keys: KeyRing, _ console: Console,
    _ failures: FirstFailures
  ) throws -> PreparedRun {
    let catalog = try self.request.catalog(request)
    for warning in KeyVariables(Environment.current.variables).warnings(catalog) {
      console.say("note: \(warning)")
    }
    let standIns = try standIns.standIns(isSimulated: workspace.simulate)
    for id in standIns.bases.keys.sorted() {
      try StandInOptions.check(try catalog.manifest(id.rawValue))
    }
    let planner = RunPlanner(catalog: catalog, standIns: standIns, keySource: keys.source)
    let prepared = try PreparedRun(
      request, isSimulated: isSimulated, path: files.sheet,
      options: try sheet.readerOptions(), output: files.output,
      directory: FileManager.default.currentDirectoryPath, planner: planner,
      surroundings: .live(keys, console, failures))
    let asked = Set(prepared.plan.outline.columns.flatMap { $0.steps.map(\.provider) })
    for id in standIns.bases.keys.sorted() where !asked.contains(id) {
      throw UserError(
        .usage, "no column asks \(id)", place: "--base-url",
        remedy: "Leave it out, or ask: --column FIELD=\(id).")
    }
    return prepared
  }

  private func showDryRun(_ prepared: PreparedRun) throws {
    let space = open()
    let available =
      space.exists
      ? try space.openForReading().available(at: Environment.current.clock()) : nil
    let dryRun = DryRun(
      prepared.plan, try prepared.countDryRun(), sheet: sheet.sheet, available: available)
    try Console.standard.data(json ? dryRun.json.text() : dryRun.text)
  }
}
