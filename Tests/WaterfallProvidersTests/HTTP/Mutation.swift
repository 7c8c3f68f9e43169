import Testing
import WaterfallCore

@testable import WaterfallProviders

/// A mistake made in one place of an example, and everything that has to be found of it.
struct Mutation: Sendable, CustomTestStringConvertible {
  enum File: Sendable {
    case manifest
    case fixtures
  }

  let example: ExampleProvider
  let file: File
  let right: String
  let wrong: String
  /// The findings, whole, in their order.
  let findings: [String]

  init(
    _ example: ExampleProvider, in file: File = .manifest, _ right: String, _ wrong: String,
    _ findings: String...
  ) {
    self.example = example
    self.file = file
    self.right = right
    self.wrong = wrong
    self.findings = findings
  }

  var testDescription: String {
    "\(example.id): \(right.prefix(40)) → \(wrong.prefix(60))".replacing("\n", with: "⏎")
  }

  /// The example with the mistake; records an issue where there is nothing to make it in.
  func mutated() -> ExampleProvider {
    let text = file == .manifest ? example.manifest : example.fixtures
    let changed = text.replacing(right, with: wrong, maxReplacements: 1)
    #expect(changed != text, "\(example.id) does not contain “\(right)”")
    return file == .manifest
      ? ExampleProvider(manifest: changed, fixtures: example.fixtures)
      : ExampleProvider(manifest: example.manifest, fixtures: changed)
  }
}
