import ArgumentParser
import WaterfallCore
import WaterfallProviders
import WaterfallReports

/// `waterfall providers`: who can be asked, for what, at which price; and writing one of your own.
struct ProvidersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "providers",
    abstract: "Show the providers that can be asked, and write one of your own.",
    subcommands: [List.self, Show.self, New.self, Lint.self, Test.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the providers with their fields, prices, and how they are asked.")

    @Option(help: "Only those that offer this field, with the inputs that they need.")
    var field: String?

    @OptionGroup var manifests: ManifestOptions
    @OptionGroup var document: DocumentOptions

    func run() throws {
      let catalog = try manifests.catalog()
      let wanted = try field.map { try Field.named($0, place: "--field") }
      let list = ProviderList(
        catalog.all.flatMap { ProviderOffer.all($0, of: wanted) }, showsInputs: wanted != nil)
      try document.print(text: list.text, json: list.json)
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print a provider's manifest, or with --json a summary of it.")

    @Argument(help: "The provider.")
    var provider: String

    @OptionGroup var manifests: ManifestOptions
    @OptionGroup var document: DocumentOptions

    func run() throws {
      let manifest = try manifests.catalog().manifest(provider)
      try document.print(text: manifest.text, json: ProviderSummary(manifest).json)
    }
  }
}
