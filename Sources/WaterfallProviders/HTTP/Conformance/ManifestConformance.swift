public import WaterfallCore

/// Whether a manifest reads its fixtures as their names say, and can make every request it needs.
///
/// Every response is rendered with sample values and read as an exchange's would be. Then the
/// operations are rehearsed whole, from the question to the answer, over a transport that serves
/// the fixtures: submissions, polls, repetitions and batches included. Nothing is sent anywhere.
public struct ManifestConformance: Sendable, Equatable {
  /// What was tried of one operation.
  public struct Operation: Sendable, Equatable {
    public let role: AttemptID.Role
    public let field: Field
    /// Requests that were made for its input sets, polls and batches.
    public internal(set) var requests = 0
    /// Responses that were read.
    public internal(set) var responses = 0
    public internal(set) var findings = 0
  }

  public let provider: ProviderID
  public private(set) var operations: [Operation] = []
  public private(set) var findings: [Finding] = []

  /// The name of the checks here.
  public static let check = "fixtures"

  /// Tries everything. Takes some 30 ms for each jq program that has to be compiled.
  ///
  /// Throws `UserError` for a manifest without an `http` section.
  public init(_ manifest: Manifest, _ fixtures: Fixtures) throws(UserError) {
    let transport = RehearsalTransport(tokenURL: manifest.http?.auth?.tokenURL)
    let stage = RehearsalStage(
      manifest: manifest, fixtures: fixtures, transport: transport,
      provider: try HTTPProvider(manifest, access: transport.access),
      places: YAMLPlaces(fixtures.text, file: fixtures.file),
      manifestPlaces: YAMLPlaces(manifest.text, file: manifest.file))
    self.provider = manifest.id
    for (role, fields) in [
      (AttemptID.Role.finder, Set(manifest.finds.keys)), (.verifier, Set(manifest.verifies.keys)),
    ] {
      for field in Field.allCases where fields.contains(field) {
        var rehearsal = OperationRehearsal(stage, role, field)
        rehearsal.run()
        operations.append(rehearsal.summary)
        findings += rehearsal.findings
      }
    }
    findings += stage.superfluousFixtures + stage.missingErrors
  }
}

/// What every operation of a provider is rehearsed with.
struct RehearsalStage {
  let manifest: Manifest
  let fixtures: Fixtures
  let transport: RehearsalTransport
  let provider: HTTPProvider
  /// Of the fixtures.
  let places: YAMLPlaces
  let manifestPlaces: YAMLPlaces

  func finding(
    _ message: String, _ path: [YAMLPlaces.Step], _ remedy: String?, inManifest: Bool = false
  ) -> Finding {
    Finding(
      .error, ManifestConformance.check, message,
      place: (inManifest ? manifestPlaces : places).place(path), remedy: remedy)
  }

  fileprivate var superfluousFixtures: [Finding] {
    let lists: [(YAMLPlaces.Step, Dictionary<Field, Fixtures.Operation>.Keys, Set<Field>)] = [
      ("finds", fixtures.finds.keys, Set(manifest.finds.keys)),
      ("verifies", fixtures.verifies.keys, Set(manifest.verifies.keys)),
    ]
    return lists.flatMap { section, found, offered in
      Field.allCases.filter { found.contains($0) && !offered.contains($0) }.map { field in
        finding(
          "the fixtures answer for \(field), which \(manifest.id) does not offer",
          [section, .key(field.rawValue)], "Leave them out")
      }
    }
  }

  /// The kinds of errors that the fixtures have to show.
  fileprivate var missingErrors: [Finding] {
    let isPaid =
      manifest.finds.values.contains { $0.price > .zero }
      || manifest.verifies.values.contains { $0.price > .zero }
    return Fixtures.errorKinds.filter { kind in
      switch kind {
      case "credentials" where manifest.http?.auth == nil: false
      case "quota" where !isPaid: false
      default: !fixtures.errors.contains { $0.kind == kind }
      }
    }.map { kind in
      finding(
        "no response shows the error “\(kind)”", ["errors"],
        "Add “\(kind):” under “errors:”, as the provider writes it")
    }
  }
}

extension HTTPAuth {
  var tokenURL: String? {
    if case .oauth2(let url, _) = place { url } else { nil }
  }
}
