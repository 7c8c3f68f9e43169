import Foundation
import Testing

/// Writing a provider of one's own: `providers new`, `lint` and `test`.
@Suite struct ProviderCommandTests {
  /// A runner with the files of a new provider, in which nothing is left to do.
  private static func withAcme() throws -> CommandRunner {
    let runner = try CommandRunner()
    try runner.run("providers new acme --field job_title")
    for file in ["acme.yaml", "fixtures/acme.yaml"] {
      try runner.write(try runner.read(file).replacing("TODO", with: "as documented:"), to: file)
    }
    return runner
  }

  private static func change(
    _ runner: CommandRunner, _ file: String, _ right: String, _ wrong: String
  ) throws {
    let text = try runner.read(file)
    let changed = text.replacing(right, with: wrong)
    #expect(changed != text, "\(file) does not contain “\(right)”")
    try runner.write(changed, to: file)
  }

  @Test func aProviderIsBegun() throws {
    let runner = try CommandRunner()
    defer { runner.cleanUp() }
    try runner.makeDirectory("mine")
    try expectSnapshot(
      "providers-new", runner,
      try runner.runAll([
        "providers new acme", "providers lint acme.yaml", "providers test acme.yaml",
        "providers new judge --kind verifier --field company_domain -o mine/judge.yaml",
        "providers test mine", "providers new hunter -o mine/hunter.yaml",
        "enrich people.csv --column work_email=acme --simulate --providers acme.yaml",
      ]))
    try expectText("new-finder.yaml", try runner.read("acme.yaml"))
    try expectText("new-verifier.yaml", try runner.read("mine/judge.yaml"))
    try expectText("new-verifier-fixtures.yaml", try runner.read("mine/fixtures/judge.yaml"))
  }

  /// Wikimedia is told which program asks, and which version of it.
  @Test func aManifestThatNamesTheToolNamesItsVersion() throws {
    let runner = try CommandRunner()
    defer { runner.cleanUp() }
    let version = try runner.run("--version").output.trimmingCharacters(in: .whitespacesAndNewlines)
    let manifest = try String(
      contentsOf: CommandRunner.repository("providers/wikidata.yaml"), encoding: .utf8)
    #expect(manifest.contains("User-Agent: waterfall/\(version)}"))
  }

  @Test func nothingIsOverwritten() throws {
    let runner = try CommandRunner()
    defer { runner.cleanUp() }
    try runner.write("mine", to: "acme.yaml")
    try runner.makeDirectory("fixtures")
    try runner.write("mine too", to: "fixtures/beta.yaml")
    try runner.write("no folder", to: "file")
    try expectSnapshot(
      "providers-new-refused", runner,
      try runner.runAll([
        "providers new acme", "providers new beta", "providers new gamma -o file/gamma.yaml",
        "providers new gamma -o some/dir/gamma.yaml", "providers new gamma -o acme.yaml/gamma.yaml",
        "providers new Acme", "providers new a/b", "providers new acme --kind finer",
        "providers new acme --kind oracle", "providers new acme --field work_emal", "providers new",
      ]))
    #expect(try runner.read("acme.yaml") == "mine")
    #expect(try runner.read("fixtures/beta.yaml") == "mine too")
    #expect(!runner.exists("beta.yaml") && !runner.exists("fixtures/gamma.yaml"))
    #expect(!runner.exists("some"))
  }

  @Test func lintNamesWhatIsWrong() throws {
    let runner = try Self.withAcme()
    defer { runner.cleanUp() }
    var results = try runner.runAll(["providers lint acme.yaml", "providers lint ./acme.yaml"])
    try Self.change(runner, "acme.yaml", "dollars: 0.01", "dollars: 100")
    results += try runner.runAll(["providers lint acme.yaml", "providers lint acme.yaml --json"])
    try Self.change(runner, "acme.yaml", "value: .data.value", "value: .data.value |")
    try Self.change(runner, "fixtures/acme.yaml", "status: 402", "status: quota")
    try runner.write("id: broken\u{1B}[31m\n", to: "broken.yaml")
    results += try runner.runAll([
      "providers lint .", "providers lint . --json", "providers lint acme.yaml broken.yaml",
      "providers lint nobody.yaml", "providers lint huntr", "providers lint fixtures/none",
      "providers lint hunter.yaml", "providers lint zerobounce/",
    ])
    try expectSnapshot("providers-lint", runner, results)
  }

  @Test func bundledManifestsHaveNoErrors() throws {
    let runner = try CommandRunner()
    defer { runner.cleanUp() }
    #expect(try runner.run("providers lint").status == 0)
    #expect(try runner.run("providers lint hunter zerobounce").status == 0)
    #expect(try runner.run("providers test").status == 0)
  }

  @Test func fixturesAreReadWithTheirManifest() throws {
    let runner = try Self.withAcme()
    defer { runner.cleanUp() }
    var results = try runner.runAll(["providers test acme.yaml", "providers test acme.yaml --json"])
    try Self.change(runner, "acme.yaml", "value: .data.value", "value: .data.title")
    results += try runner.runAll(["providers test acme.yaml", "providers test . --json"])
    try Self.change(runner, "fixtures/acme.yaml", "status: 402", "status: 999")
    results += try runner.runAll(["providers test acme.yaml"])
    try FileManager.default.removeItem(atPath: runner.path("fixtures"))
    try runner.write(
      "id: crm\nname: CRM\nlookup: {file: a.csv, keys: {email: Mail}, values: {job_title: Job}}\n",
      to: "crm.yaml")
    results += try runner.runAll([
      "providers test acme.yaml", "providers test crm.yaml", "providers test nobody.yaml",
    ])
    try expectSnapshot("providers-test", runner, results)
  }
}
