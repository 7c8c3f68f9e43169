import ArgumentParser
import WaterfallCore
import WaterfallProviders
import WaterfallReports

extension ProvidersCommand {
  /// `waterfall providers test`: manifests against the answers of their providers, without asking.
  struct Test: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Read fixtures with their manifests; without arguments, the bundled ones.",
      discussion: """
        Nothing is sent anywhere. The fixtures of a manifest of your own are in fixtures/ID.yaml \
        in its folder.
        """)

    @Argument(
      help: ArgumentHelp(
        "Providers, files of manifests, or directories of them.", valueName: "provider"))
    var providers: [String] = []

    @OptionGroup var document: DocumentOptions

    func run() throws {
      let report = ConformanceReport(
        try ManifestFile.all(providers).compactMap {
          try $0.conformance(isNamed: !providers.isEmpty)
        })
      try document.print(text: report.text, json: report.json)
      if !report.conforms { throw LeaveWith(status: .input) }
    }
  }
}

extension ManifestFile {
  /// nil for a bundled provider that is not asked over HTTP. Throws `UserError` for one that was
  /// named, and for a manifest without fixtures.
  fileprivate func conformance(isNamed: Bool) throws(UserError) -> ConformanceReport.Provider? {
    let parsed = try Manifest(parsing: manifest.text, file: manifest.name)
    guard parsed.http != nil else {
      guard isNamed else { return nil }
      throw UserError(
        .input, "\(parsed.id) has nothing to test: its manifest has no “http” section",
        place: manifest.name, remedy: "“waterfall providers lint” looks at the rest of it.")
    }
    guard let fixtures else {
      let path = ManifestFile.fixturesPath(of: parsed.id.rawValue, besideManifest: manifest.name)
      throw UserError(
        .input, "\(parsed.id) has no fixtures", place: manifest.name,
        remedy: "Write the provider's answers into \(path).")
    }
    let conformance = try ManifestConformance(
      parsed, Fixtures(parsing: fixtures.text, file: fixtures.name))
    return ConformanceReport.Provider(
      id: parsed.id, manifest: manifest.name, fixtures: fixtures.name,
      operations: conformance.operations.map { operation in
        ConformanceReport.Operation(
          role: operation.role, field: operation.field, requests: operation.requests,
          responses: operation.responses, findings: operation.findings)
      }, findings: conformance.findings)
  }
}
