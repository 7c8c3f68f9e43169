import ArgumentParser
import WaterfallCore
import WaterfallProviders
import WaterfallReports

/// `waterfall providers`: who can be asked, for what, at which price.
struct ProvidersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "providers", abstract: "Show the providers that can be asked.",
    subcommands: [List.self, Show.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the providers with their fields and prices.")

    @Option(help: "Only those that offer this field.")
    var field: String?

    @OptionGroup var manifests: ManifestOptions

    func run() throws {
      let catalog = try manifests.catalog()
      let wanted = try field.map { try Field.named($0, place: "--field") }
      var table = TextTable([
        .init("provider"), .init("field"), .init("role"), .init("credits", .right),
        .init("charged"), .init("inputs"),
      ])
      for manifest in catalog.all {
        for field in Field.allCases where wanted == nil || wanted == field {
          if let offer = manifest.finds[field] { table.add(row(manifest, field, offer)) }
          if let offer = manifest.verifies[field] { table.add(row(manifest, field, offer)) }
        }
      }
      try Console.standard.data(table.lines().joined(separator: "\n"))
    }

    private func row(_ manifest: Manifest, _ field: Field, _ offer: Offer) -> [String] {
      let inputs = offer.inputs.map { $0.map(\.rawValue).joined(separator: " + ") }
      return [
        manifest.id.rawValue, field.rawValue, "finder", offer.price.description,
        offer.price == .zero ? "never" : offer.charge == .found ? "when found" : "when called",
        inputs.joined(separator: ", or "),
      ]
    }

    private func row(_ manifest: Manifest, _ field: Field, _ offer: VerifierOffer) -> [String] {
      let free = offer.free.map(\.rawValue).sorted().joined(separator: ", ")
      return [
        manifest.id.rawValue, field.rawValue, "verifier", offer.price.description,
        free.isEmpty ? "always" : "but for \(free)", "the value",
      ]
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print a provider's manifest.")

    @Argument(help: "The provider.")
    var provider: String

    @OptionGroup var manifests: ManifestOptions

    func run() throws {
      try Console.standard.data(try manifests.catalog().manifest(provider).text)
    }
  }
}
