import ArgumentParser
import Foundation
import LedgerStore
import WaterfallCore
import WaterfallPlanning
import WaterfallProviders
import WaterfallReports
import WaterfallRuns

/// `waterfall bench`: every provider is asked about every row, and compared.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Ask every provider about every row, and compare what they find and cost.",
    discussion: """
      The providers are simulated in this version, on simulated credits: the figures show what \
      the manifests say, on the rows of your sheet.
      """)

  @OptionGroup var sheet: SheetOptions

  @Option(help: "The field to ask for.")
  var column: String

  @Option(help: ArgumentHelp("The providers to compare (default: all).", valueName: "a,b,c"))
  var providers: String?

  @Option(help: ArgumentHelp("Which header an input is taken from.", valueName: "input=Header"))
  var map: [String] = []

  @Option(help: ArgumentHelp("Ask about the first N rows.", valueName: "n"))
  var limit: String?

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp("Ask only about rows for which this is true.", valueName: "sql"))
  var condition: String?

  @Option(help: ArgumentHelp("The seed of the simulated world.", valueName: "n"))
  var seed: UInt64?

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var document: DocumentOptions

  func run() throws {
    let environment = Environment.current
    let catalog = try ProviderCatalog.bundled()
    let planner = RunPlanner(catalog: catalog, keySource: { _ in nil })
    let files = try RunFiles(sheet: sheet.sheet, output: "-")
    let prepared = try PreparedRun(
      try request(catalog), isSimulated: true, path: files.sheet,
      options: try sheet.readerOptions(), output: "",
      directory: FileManager.default.currentDirectoryPath, planner: planner,
      surroundings: .sqlite)
    let space = Workspace(
      named: workspace.workspace, isSimulated: true, environment: environment,
      console: .standard)
    try prepared.checkSheet()
    let comparison = Comparison(prepared.plan.outline)
    let launcher = RunLauncher(workspace: space, console: .standard)
    try launcher.start(
      prepared, files, command: .bench, what: "bench \(sheet.sheet)", observer: comparison)
    guard let info = try space.openForReading().latestInfo() else { return }
    let report = BenchReport(info, comparison.statistics.result)
    try document.print(text: report.text, json: report.json)
  }

  /// One single-step column for each provider.
  private func request(_ catalog: ProviderCatalog) throws -> Configuration {
    let field = try Field.named(column, place: "--column \(column)")
    var request = Configuration()
    let steps = try providers.map {
      try ColumnRequest(option: "\(field)=\($0)", place: "--providers \($0)").steps ?? []
    }
    let ids = steps?.map(\.provider) ?? catalog.finders(of: field).map(\.id.rawValue)
    for id in ids {
      var contender = ColumnRequest(field: field, place: "--providers \(id)")
      contender.name = id
      contender.steps = [StepRequest(provider: id, place: "--providers \(id)")]
      contender.accept = .valid
      request.columns.append(contender)
    }
    request.map = try map.map { try InputOverride(option: $0) }
    request.limit = try limit.map(RequestOptions.limit)
    request.condition = condition
    request.seed = seed
    request.overwrite = true
    return request
  }
}

/// Collects what the providers found, row by row.
private final class Comparison: RunObserver {
  var statistics: BenchStatistics

  init(_ outline: RunOutline) { statistics = BenchStatistics(outline) }

  func rowEnded(_ row: Int64, attempts: [AttemptRecord]) { statistics.addRow(attempts) }
}
