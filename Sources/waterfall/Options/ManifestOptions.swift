import ArgumentParser
import WaterfallProviders

/// Manifests of the user's own, beside the bundled ones.
struct ManifestOptions: ParsableArguments {
  @Option(
    name: .customLong("providers"),
    help: ArgumentHelp("Manifests of your own: a file or a directory.", valueName: "path"))
  var paths: [String] = []

  /// The bundled providers with the user's own: `texts`, which a configuration file names, and
  /// those of the option. Throws `UserError` for a file that is missing or no manifest.
  func catalog(after texts: [NamedText] = []) throws -> ProviderCatalog {
    let own = texts + (try paths.flatMap(TextFile.manifests))
    let bundled = try ProviderCatalog.bundled()
    return own.isEmpty ? bundled : try bundled.adding(own)
  }
}
