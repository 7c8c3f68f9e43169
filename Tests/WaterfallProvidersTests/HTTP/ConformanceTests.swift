import Testing
import WaterfallCore

@testable import WaterfallProviders

/// Manifests read their fixtures as their names say, and make every request.
@Suite struct ConformanceTests {
  /// Bundled manifests that can be asked over HTTP.
  static let bundled: [ProviderID] =
    (try? ProviderCatalog.bundled().all.filter { $0.http != nil }.map(\.id)) ?? []

  @Test(arguments: bundled) func aBundledManifestConforms(id: ProviderID) throws {
    let manifest = try ProviderCatalog.bundled().manifest(id.rawValue)
    let fixtures = try #require(
      try ProviderCatalog.bundledFixtures(of: id), "add providers/fixtures/\(id).yaml")
    let conformance = try ManifestConformance(manifest, fixtures)
    #expect(conformance.findings.isEmpty, "\(conformance.findings)")
  }

  @Test(arguments: ExampleProvider.all) func anExampleConforms(example: ExampleProvider) throws {
    let conformance = try ManifestConformance(example.readManifest(), example.readFixtures())
    #expect(conformance.findings.isEmpty, "\(conformance.findings)")
    #expect(conformance.operations.allSatisfy { $0.requests > 0 && $0.responses > 6 })
  }

  @Test(arguments: ConformanceMutations.all) func aMistakeIsFound(mutation: Mutation) throws {
    let example = mutation.mutated()
    let conformance = try ManifestConformance(example.readManifest(), example.readFixtures())
    #expect(conformance.findings.map(\.description) == mutation.findings)
    #expect(conformance.findings.allSatisfy { $0.check == "fixtures" && $0.severity == .error })
  }

  /// A finder that is never sure names its hits for that; an item of its batches is like them.
  @Test func anItemIsWhatTheHitIsThatStandsForItsClass() throws {
    let example = ExampleProvider.positions
    let unsure = example.manifest.replacing(
      "      value: .title\n",
      with: "      value: .title\n      verdict: {of: .mark, risky: [low], otherwise: unknown}\n")
    #expect(unsure != example.manifest)
    let plain = try ManifestConformance(
      ExampleProvider(manifest: unsure, fixtures: example.fixtures).readManifest(),
      example.readFixtures())
    #expect(
      plain.findings.compactMap(\.position?.line) == [3, 6], "\(plain.findings)")
    let named = ExampleProvider(
      manifest: unsure,
      fixtures: example.fixtures.replacing("    hit: {status", with: "    hit.unknown: {status"))
    let conformance = try ManifestConformance(named.readManifest(), named.readFixtures())
    #expect(conformance.findings == [])
  }

  /// What is counted is what was tried.
  @Test func everyInputSetIsAskedAndEveryResponseIsRead() throws {
    let async = try ManifestConformance(
      ExampleProvider.async.readManifest(), ExampleProvider.async.readFixtures())
    // Two input sets, each submitted, polled in vain, and polled.
    #expect(async.operations.map(\.requests) == [6])
    #expect(async.operations.map(\.responses) == [4 + 6])
    let batch = try ManifestConformance(
      ExampleProvider.references.readManifest(), ExampleProvider.references.readFixtures())
    // One alone, and a batch of two answered in order and in reverse.
    #expect(batch.operations.map(\.requests) == [1 + 2])
    #expect(batch.operations.map(\.responses) == [2 + 6 + 4])
  }
}
