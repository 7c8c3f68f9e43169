public import WaterfallCore

/// What is wrong, or looks wrong, with a manifest and its fixtures, beyond what its reader refuses.
///
/// Findings stand in the order of the files: the manifest first. It takes some 30 ms for each jq
/// program that has to be compiled, which is one where all is well, and those of the operations
/// where there are fixtures.
public struct ManifestLint: Sendable, Equatable {
  /// The checks; their raw values are their names in documents.
  public enum Check: String, Sendable, CaseIterable {
    /// The file cannot be read as a manifest, or as fixtures.
    case unreadable
    /// A `TODO` of the skeleton is still there.
    case placeholder
    /// A jq expression does not compile.
    case jq
    /// An error’s body would pass for an answer.
    case errorAsAnswer = "error-as-answer"
    /// A response that says “not found” is read as a hit.
    case missAsHit = "miss-as-hit"
    /// A plain hit is not called valid.
    case rejectedHit = "rejected-hit"
    /// A rule stands behind another one that takes all its responses.
    case unreachableRule = "unreachable-rule"
    /// An input set stands behind a smaller one that every row has as well.
    case unreachableInputs = "unreachable-inputs"
    /// Something is asked again until it is ready, and no rule says that it is not.
    case neverPending = "never-pending"
    /// A finder’s verdict is read, and no response has one.
    case unusedVerdict = "unused-verdict"
    /// jq that is never true, or never yields anything, whatever the fixtures show.
    case deadJQ = "dead-jq"
    /// A word for a verdict that no response has.
    case unshownVerdict = "unshown-verdict"
    /// A request does not say what it is asked about.
    case unsentInput = "unsent-input"
    /// Takes a key, without a word of dollars.
    case missingCost = "missing-cost"
    /// Dollars and credits that do not fit together.
    case dollars
    /// The provider’s own word on its cost is not the price.
    case reportedCost = "reported-cost"
    /// Times that contradict each other.
    case timeouts
    /// Simulated answers take longer than real ones may.
    case latency
    /// Windows of requests of which one never matters.
    case limits
    /// Sent without encryption.
    case plainHTTP = "plain-http"
    /// Asked again after an unknown outcome, without a key against being billed twice.
    case billedTwice = "billed-twice"
    /// There is nothing to test the `http` section with.
    case missingFixtures = "missing-fixtures"
  }

  /// The name of the manifest’s file.
  public let file: String
  /// nil where the manifest cannot be read.
  public private(set) var provider: ProviderID?
  public private(set) var findings: [Finding] = []

  public var errors: Int { findings.count { $0.severity == .error } }
  public var warnings: Int { findings.count { $0.severity == .warning } }

  /// Looks at a manifest, and at its fixtures where there are some.
  public init(_ text: NamedText, fixtures fixturesText: NamedText? = nil) {
    file = text.name
    findings = [text, fixturesText].compactMap { $0 }.flatMap(Self.placeholders)
    let manifest: Manifest
    do { manifest = try Manifest(parsing: text.text, file: text.name) } catch {
      findings.append(Finding(error, check: Check.unreadable.rawValue))
      return
    }
    provider = manifest.id
    var fixtures: Fixtures?
    do {
      if let fixturesText {
        fixtures = try Fixtures(parsing: fixturesText.text, file: fixturesText.name)
      }
    } catch {
      findings.append(Finding(error, check: Check.unreadable.rawValue))
    }
    let context = LintContext(
      manifest: manifest, fixtures: fixtures, places: YAMLPlaces(text.text, file: text.name),
      fixturePlaces: YAMLPlaces(fixtures?.text ?? "", file: fixtures?.file ?? ""))
    findings += context.findings(hasFixtures: fixturesText != nil)
    sort()
  }

  /// By file, line and column; the manifest before its fixtures.
  private mutating func sort() {
    let order = findings.enumerated().map { index, finding in
      let position = finding.position
      return (
        finding: finding,
        key: (
          position?.file == file ? 0 : 1, position?.line ?? 0, position?.column ?? 0, index
        )
      )
    }
    findings = order.sorted { $0.key < $1.key }.map(\.finding)
  }

  /// The lines of a skeleton that nobody has filled in yet, comments included.
  private static func placeholders(_ text: NamedText) -> [Finding] {
    text.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap {
      index, line in
      guard let word = line.firstRange(of: "TODO") else { return nil }
      let column = line.distance(from: line.startIndex, to: word.lowerBound) + 1
      return Finding(
        .error, Check.placeholder.rawValue, "“\(line[word.lowerBound...])” is left to do",
        place: "\(text.name):\(index + 1):\(column)",
        remedy: "Write it, and remove the TODO")
    }
  }
}
