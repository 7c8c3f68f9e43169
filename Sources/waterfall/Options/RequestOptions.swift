public import ArgumentParser
import Foundation
import WaterfallCore
public import WaterfallProviders

/// What is asked for: the configuration file, and the options that win over it.
struct RequestOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A column to enrich: a field with its default waterfall, or with an order of your own.",
      valueName: "field[=p1,p2,…]"))
  var column: [String] = []

  @Option(help: ArgumentHelp("Read all of this from a YAML file.", valueName: "waterfall.yaml"))
  var config: String?

  @Option(
    help: ArgumentHelp("Which header an input is taken from.", valueName: "input=Header"))
  var map: [String] = []

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp("Ask only about rows for which this is true.", valueName: "sql"))
  var condition: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Ask about the first N rows that need it.", valueName: "n"))
  var limit: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Ask only about these rows, counted from 1.", valueName: "a:b"))
  var rows: String?

  @Flag(help: "Ask although the cell has a value; a new one replaces it.")
  var overwrite = false

  @Flag(help: "Write provider, status and credits beside each value.")
  var provenance = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Pause before the run has cost more.", valueName: "credits"))
  var maxCredits: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Pass over steps that a row cannot afford.", valueName: "credits"))
  var maxCreditsPerRow: String?

  @Option(help: ArgumentHelp("The seed of the simulated world.", valueName: "n"))
  var seed: UInt64?

  @Option(
    help: ArgumentHelp(
      "Rows with another number of columns: error, or keep them as they are.",
      valueName: "error|keep"))
  var ragged: RaggedRows?

  @OptionGroup var manifests: ManifestOptions

  /// The whole request. Throws `UserError` for whatever cannot be understood.
  func request() throws -> Configuration {
    var request = Configuration()
    if let config {
      request = try ConfigurationFile.read(try TextFile.read(config), file: config)
    }
    if !column.isEmpty { request.columns = try column.map { try ColumnRequest(option: $0) } }
    request.map += try map.map { try InputOverride(option: $0) }
    if let condition { (request.condition, request.conditionPlace) = (condition, nil) }
    if let limit { request.limit = try Self.limit(limit) }
    if let rows { request.rows = try RowRange(option: rows) }
    if overwrite { request.overwrite = true }
    if provenance { request.provenance = true }
    if let maxCredits { request.maxCredits = try Self.credits(maxCredits, "--max-credits") }
    if let maxCreditsPerRow {
      request.maxCreditsPerRow = try Self.credits(maxCreditsPerRow, "--max-credits-per-row")
    }
    request.seed = seed ?? request.seed
    request.ragged = ragged ?? request.ragged
    return request
  }

  /// The bundled providers and the user's own.
  func catalog(_ request: Configuration) throws -> ProviderCatalog {
    let base = config.map { URL(filePath: $0).deletingLastPathComponent().relativePath } ?? "."
    var texts: [NamedText] = []
    for named in request.providers {
      let path = base == "." ? named.text : base + "/" + named.text
      do {
        texts += try TextFile.manifests(at: path)
      } catch {
        throw UserError(
          error.code, "\(path): \(error.message)", place: named.place, remedy: error.remedy)
      }
    }
    return try manifests.catalog(after: texts)
  }

  static func limit(_ text: String) throws(UserError) -> Int64 {
    guard let limit = Int64(text), limit >= 1 else {
      throw UserError(
        .usage, "“\(text)” is no number of rows", place: "--limit",
        remedy: "Write a whole number from 1; leave --limit out for all rows.")
    }
    return limit
  }

  static func credits(_ text: String, _ option: String) throws(UserError) -> Credits {
    do {
      let amount = try Credits(parsing: text)
      guard amount > .zero else { throw UserError.noBudget(text, named: option, .usage) }
      return amount
    } catch let error as AmountError {
      throw UserError(
        .usage, error.description, place: option,
        remedy: error.code == .notANumber ? nil : "Round it to six decimals, or write less.")
    } catch let error as UserError {
      throw error
    } catch {
      throw UserError(.fault, "\(error)", place: option)
    }
  }
}

extension RaggedRows: ExpressibleByArgument {}
