import WaterfallCore

/// A manifest under lint, with what its checks share.
struct LintContext {
  let manifest: Manifest
  let fixtures: Fixtures?
  let places: YAMLPlaces
  let fixturePlaces: YAMLPlaces

  typealias Path = [YAMLPlaces.Step]

  /// One operation of the `http` section.
  struct Operation {
    let role: AttemptID.Role
    let field: Field
    let plan: HTTPOperation
    let price: Credits
    let cost: ProviderCost?
    /// The offer’s input sets; empty for verifiers.
    let sets: [[InputName]]

    private var section: String { role == .finder ? "finds" : "verifies" }
    /// `finds.work_email`.
    var name: String { "\(section).\(field)" }
    /// Where its price stands, and its fixtures.
    var offerPath: Path { [.key(section), .key(field.rawValue)] }
    var path: Path { ["http"] + offerPath }

    var isPaid: Bool { price > .zero || (cost?.dollars ?? .zero) > .zero }
    /// Whether every request that asks for an answer is a GET.
    var isOnlyRead: Bool {
      (plan.requests + [plan.batch?.request].compactMap { $0 }).allSatisfy { $0.method == "GET" }
    }
  }

  var operations: [Operation] {
    guard let http = manifest.http else { return [] }
    return Field.allCases.flatMap { field in
      [
        http.finds[field].map {
          Operation(
            role: .finder, field: field, plan: $0, price: manifest.finds[field]?.price ?? .zero,
            cost: manifest.finds[field]?.cost, sets: manifest.finds[field]?.inputs ?? [])
        },
        http.verifies[field].map {
          Operation(
            role: .verifier, field: field, plan: $0,
            price: manifest.verifies[field]?.price ?? .zero, cost: manifest.verifies[field]?.cost,
            sets: [])
        },
      ].compactMap { $0 }
    }
  }

  func findings(hasFixtures: Bool) -> [Finding] {
    var findings = priceFindings + latencyFindings + inputFindings
    guard manifest.http != nil else { return findings }
    let broken = jqFindings
    findings += broken + ruleFindings + requestFindings + timeFindings + limitFindings
    findings += encryptionFindings + repetitionFindings
    if broken.isEmpty { findings += answerFindings + deadFindings }
    if !hasFixtures {
      findings.append(
        warning(
          .missingFixtures, "there are no fixtures to test the http section with", ["http"],
          "Write fixtures/\(manifest.id).yaml beside the manifest, with the provider’s answers"))
    }
    return findings
  }

  func error(
    _ check: ManifestLint.Check, _ message: String, _ path: Path, _ remedy: String?
  ) -> Finding {
    Finding(.error, check.rawValue, message, place: places.place(path), remedy: remedy)
  }

  func warning(
    _ check: ManifestLint.Check, _ message: String, _ path: Path, _ remedy: String?
  ) -> Finding {
    Finding(.warning, check.rawValue, message, place: places.place(path), remedy: remedy)
  }
}
