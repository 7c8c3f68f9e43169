import ArgumentParser
import WaterfallCore
import WaterfallProviders
import WaterfallReports

extension ProvidersCommand {
  /// `waterfall providers lint`: what is wrong with manifests, before anybody is asked.
  struct Lint: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Look for mistakes in manifests; without arguments, in the bundled ones.")

    @Argument(
      help: ArgumentHelp(
        "Providers, files of manifests, or directories of them.", valueName: "provider"))
    var providers: [String] = []

    @OptionGroup var document: DocumentOptions

    func run() throws {
      let report = LintReport(
        try ManifestFile.all(providers).map { file in
          let lint = ManifestLint(file.manifest, fixtures: file.fixtures)
          return LintReport.File(
            name: lint.file, provider: lint.provider, findings: lint.findings)
        })
      try document.print(text: report.text, json: report.json)
      if report.hasErrors { throw LeaveWith(status: .input) }
    }
  }
}
