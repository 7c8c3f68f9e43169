import ArgumentParser
import CSVCodec
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
    let keys = try environment.keyRing(isSimulated: true, .standard)
    let planner = RunPlanner(catalog: catalog, keySource: keys.source)
    let files = try RunFiles(sheet: sheet.sheet, output: "-")
    let prepared = try PreparedRun(
      try request(catalog, files), isSimulated: true, path: files.sheet,
      options: try sheet.readerOptions(), output: "",
      directory: FileManager.default.currentDirectoryPath, planner: planner,
      surroundings: .live(keys, .standard, FirstFailures()))
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
  private func request(_ catalog: ProviderCatalog, _ files: RunFiles) throws -> Configuration {
    let field = try Field.named(column, place: "--column \(column)")
    var request = Configuration()
    let steps = try providers.map {
      try ColumnRequest(option: "\(field)=\($0)", place: "--providers \($0)").steps ?? []
    }
    request.map = try map.map { try InputOverride(option: $0) }
    let finders = catalog.finders(of: field)
    let ids = try steps?.map(\.provider) ?? askable(finders, field, request.map, files)
    for id in ids {
      var contender = ColumnRequest(field: field, place: "--providers \(id)")
      contender.name = id
      contender.steps = [StepRequest(provider: id, place: "--providers \(id)")]
      contender.accept = .valid
      request.columns.append(contender)
    }
    request.limit = try limit.map(RequestOptions.limit)
    request.condition = condition
    request.seed = seed
    request.overwrite = true
    return request
  }
}

extension Bench {
  /// The finders for which the sheet has what they need; says which ones are left out. A stream
  /// can be looked at only once, and is asked for everybody.
  private func askable(
    _ finders: [Manifest], _ field: Field, _ map: [InputOverride], _ files: RunFiles
  ) throws -> [String] {
    guard files.sheet != "-", try SheetFingerprint.of(files.sheet) != nil else {
      return finders.map(\.id.rawValue)
    }
    let header: [String]
    do {
      header = try CSVReader(FileByteSource(path: files.sheet), options: sheet.readerOptions())
        .header
    } catch let error as CSVError {
      throw UserError(error, in: files.sheet)
    }
    let known = Set(try HeaderMapping(headers: header, overrides: map).inputs.keys)
    let (able, unable) = finders.reduce(into: ([String](), [String]())) { groups, finder in
      let sets = finder.finds[field]?.inputs ?? []
      let canAsk = sets.contains { known.isSuperset(of: $0) }
      canAsk ? groups.0.append(finder.id.rawValue) : groups.1.append(finder.id.rawValue)
    }
    // Nobody can be asked: the run says what the sheet lacks.
    guard !able.isEmpty else { return finders.map(\.id.rawValue) }
    if !unable.isEmpty {
      let names = unable.joined(separator: ", ")
      Console.standard.say("note: the sheet lacks what \(names) would have to be told")
    }
    return able
  }
}

/// Collects what the providers found, row by row.
private final class Comparison: RunObserver {
  var statistics: BenchStatistics

  init(_ outline: RunOutline) { statistics = BenchStatistics(outline) }

  func rowEnded(_ row: Int64, attempts: [AttemptRecord]) { statistics.addRow(attempts) }
}
