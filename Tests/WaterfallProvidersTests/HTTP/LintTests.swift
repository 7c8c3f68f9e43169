import Testing
import WaterfallCore

@testable import WaterfallProviders

/// What `lint` knows, it finds; what is right, it leaves alone.
@Suite struct LintTests {
  static func lint(_ example: ExampleProvider) -> ManifestLint {
    ManifestLint(
      NamedText(name: example.manifestFile, text: example.manifest),
      fixtures: NamedText(name: example.fixturesFile, text: example.fixtures))
  }

  @Test(arguments: ProviderCatalog.bundledManifests.map(\.name))
  func aBundledManifestHasNoErrors(name: String) throws {
    let text = try #require(ProviderCatalog.bundledManifests.first { $0.name == name })
    let manifest = try Manifest(parsing: text.text, file: text.name)
    let lint = ManifestLint(text, fixtures: ProviderCatalog.bundledFixturesText(of: manifest.id))
    #expect(lint.errors == 0, "\(lint.findings.filter { $0.severity == .error })")
    #expect(manifest.http == nil || !lint.findings.contains { $0.check == "missing-fixtures" })
  }

  @Test(arguments: ExampleProvider.all) func anExampleIsFaultless(example: ExampleProvider) {
    #expect(Self.lint(example).findings.map(\.description) == [])
    #expect(Self.lint(example).provider?.rawValue == example.id)
  }

  @Test(arguments: LintMutations.all) func aMistakeIsFound(mutation: Mutation) {
    let lint = Self.lint(mutation.mutated())
    #expect(lint.findings.map(\.description) == mutation.findings)
  }

  /// No check goes untested.
  @Test func everyCheckHasItsMistake() {
    let found = Set(LintMutations.all.flatMap { Self.lint($0.mutated()).findings }.map { $0.check })
    #expect(found.union(["missing-fixtures"]) == Set(ManifestLint.Check.allCases.map(\.rawValue)))
  }

  /// What is billed twice is the batch that is sent, not the question that would be.
  @Test func aBatchMayBeBilledTwiceThoughAQuestionMayNot() {
    let example = ExampleProvider.positions
    let manifest = example.manifest.replacing("  idempotency: Idempotency-Key\n", with: "")
      .replacing("form: {email", with: "query: {email")
    let lint = Self.lint(ExampleProvider(manifest: manifest, fixtures: example.fixtures))
    #expect(lint.findings.contains { $0.description.contains("job_title may be billed twice") })
  }

  @Test func aManifestWithoutFixturesIsNoted() {
    let example = ExampleProvider.finder
    let lint = ManifestLint(NamedText(name: example.manifestFile, text: example.manifest))
    #expect(
      lint.findings.map(\.description) == [
        "finder.yaml:17:1: warning: there are no fixtures to test the http section with. Write "
          + "fixtures/finder.yaml beside the manifest, with the provider’s answers."
      ])
  }

  @Test func aManifestThatIsOnlySimulatedHasNothingToTest() {
    let lint = ManifestLint(NamedText(name: "a.yaml", text: Samples.finder()))
    #expect(lint.findings == [])
  }

  /// Errors without a rule: they have no word, which is malformed also where any other word stands
  /// for “unknown”.
  @Test func aVerifierNeedsNoRuleForErrorsWithoutAWord() {
    let example = ExampleProvider.verifier
    let unruled = example.manifest.replacing(
      "  rules:\n    - {status: 2xx, when: .fault != null, is: refused}\n", with: "")
    let strict = Self.lint(ExampleProvider(manifest: unruled, fixtures: example.fixtures))
    #expect(strict.findings.map(\.description) == [])
    let lenient = unruled.replacing(
      "unknown: [unknown]\n", with: "unknown: [unknown]\n        otherwise: unknown\n")
    let lint = Self.lint(ExampleProvider(manifest: lenient, fixtures: example.fixtures))
    // This one has a word.
    #expect(
      lint.findings.map(\.description) == [
        "fixtures/judge.yaml:14:3: error: verifies.work_email would take errors.malformed for the "
          + "verdict unknown. Add a rule to the manifest that says “is: malformed” of it."
      ])
  }

  /// With `miss`, a finder needs none either, in the section as in the operation.
  @Test(arguments: [
    ("  finds:\n    work_email:\n      request:", "  miss: has(\"data\")\n"),
    ("      value: .data.email", "      miss: has(\"data\")\n"),
  ])
  func aFinderThatKnowsItsMissesNeedsNoRuleForErrors(place: String, miss: String) {
    let example = ExampleProvider.finder
    let unruled = example.manifest.replacing(
      "    - {status: 2xx, when: .faults, is: refused}\n", with: "")
    #expect(
      Self.lint(ExampleProvider(manifest: unruled, fixtures: example.fixtures)).findings
        .map(\.check) == ["error-as-answer"])
    let knowing = unruled.replacing(place, with: miss + place)
    #expect(
      Self.lint(ExampleProvider(manifest: knowing, fixtures: example.fixtures)).findings
        .map(\.description) == [])
  }

  @Test func findingsStandInTheOrderOfTheFiles() {
    let example = ExampleProvider.finder
    let manifest = example.manifest
      .replacing(".meta.credits", with: ".meta.credits |")
      .replacing("name: Finder", with: "name: Finder # TODO")
      .replacing("dollars: 0.03", with: "dollars: 30")
    let fixtures = "# TODO\n" + example.fixtures
    let lint = Self.lint(ExampleProvider(manifest: manifest, fixtures: fixtures))
    #expect(lint.findings.map(\.check) == ["placeholder", "dollars", "jq", "placeholder"])
    #expect(lint.errors == 3 && lint.warnings == 1)
    #expect(lint.findings.last?.place == "fixtures/finder.yaml:1:3")
  }

  @Test func placesAreTakenApart() throws {
    let finding = Finding(.error, "a", "b", place: "C:\\x:y.yaml:3:7")
    let position = try #require(finding.position)
    #expect(position.file == "C:\\x:y.yaml" && position.line == 3 && position.column == 7)
    let whole = try #require(Finding(.error, "a", "b", place: "x.yaml").position)
    #expect(whole.file == "x.yaml" && whole.line == nil && whole.column == nil)
    #expect(Finding(.error, "a", "b").position == nil)
    #expect(Finding(.warning, "a", "b", remedy: "Do it").description == "warning: b. Do it.")
  }
}

/// A skeleton is complete but for what it says is to do.
@Suite struct SkeletonTests {
  static let all = ManifestSkeleton.Kind.allCases.flatMap { kind in
    Field.allCases.map { (kind, $0) }
  }

  @Test(arguments: all)
  func onlyPlaceholdersAreLeft(kind: ManifestSkeleton.Kind, field: Field) throws {
    let skeleton = try ManifestSkeleton("acme", kind, field)
    let example = ExampleProvider(manifest: skeleton.manifest, fixtures: skeleton.fixtures)
    let lint = LintTests.lint(example)
    #expect(!lint.findings.isEmpty)
    #expect(lint.findings.allSatisfy { $0.check == "placeholder" }, "\(lint.findings)")
    let files = Set(lint.findings.compactMap(\.position?.file))
    #expect(files == ["acme.yaml", "fixtures/acme.yaml"])
    let done = ExampleProvider(
      manifest: skeleton.manifest.replacing("TODO", with: "done:"),
      fixtures: skeleton.fixtures.replacing("TODO", with: "done:"))
    #expect(LintTests.lint(done).findings == [])
  }

  @Test(arguments: all)
  func itConformsAndIsSimulated(kind: ManifestSkeleton.Kind, field: Field) throws {
    let skeleton = try ManifestSkeleton("acme", kind, field)
    let example = ExampleProvider(manifest: skeleton.manifest, fixtures: skeleton.fixtures)
    let conformance = try ManifestConformance(example.readManifest(), example.readFixtures())
    #expect(conformance.findings == [])
    #expect(try example.readManifest().kinds == [.http, .simulated])
    for line in (skeleton.manifest + skeleton.fixtures).split(separator: "\n") {
      #expect(line.count <= 100 && line.last != " ", "\(line)")
    }
  }

  /// Each option is a block of lines, right by itself without its #.
  @Test(arguments: all)
  func whatIsCommentedOutCanBeTaken(kind: ManifestSkeleton.Kind, field: Field) throws {
    let lines = try ManifestSkeleton("acme", kind, field).manifest
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let isOption = lines.map { $0.contains(/^ *#(?:[a-z]|  )/) }
    let starts = lines.indices.filter { isOption[$0] && !isOption[$0 - 1] }
    var keys: [String] = []
    for start in starts {
      var taken = lines
      for index in lines[start...].indices.prefix(while: { isOption[$0] }) {
        taken[index] = taken[index].replacing("#", with: "", maxReplacements: 1)
      }
      keys.append(String(taken[start].drop { $0 == " " }.prefix { $0 != ":" }))
      let manifest = ExampleProvider(manifest: taken.joined(separator: "\n"), fixtures: "")
      #expect(throws: Never.self) { try manifest.readManifest() }
      let text = NamedText(name: manifest.manifestFile, text: manifest.manifest)
      #expect(!ManifestLint(text).findings.contains { ["jq", "unsent-input"].contains($0.check) })
    }
    #expect(
      keys == ["idempotency", "timeouts", "retries"] + (kind == .finder ? ["verdict"] : [])
        + ["cost", "poll", "repeat", "batch"])
  }

  @Test(arguments: ["", "Acme", "acme-1", "1acme", "a/b", "..", String(repeating: "a", count: 41)])
  func aNameThatIsNoneIsRefused(name: String) {
    #expect(throws: UserError.self) { try ManifestSkeleton(name, .finder, .workEmail) }
  }
}
