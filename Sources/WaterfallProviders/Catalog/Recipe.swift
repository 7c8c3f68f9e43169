public import WaterfallCore

/// The default waterfall of a field: who is asked in which order, and what is accepted.
public struct Recipe: Sendable, Equatable {
  public let field: Field
  /// Finders, in the order asked.
  public let steps: [ProviderID]
  /// Who judges what they find; nil where local rules do.
  public let verifier: ProviderID?
  public let accept: AcceptanceRule
}

/// The keys of a recipe file.
enum RecipeKeys {
  static let document = ["recipes"]
  static let recipe = ["steps", "verify", "accept"]
}

extension Recipe {
  /// Reads a recipe file; the providers that it names are looked up among `manifests`.
  static func all(
    in text: String, file: String, manifests: [ProviderID: Manifest]
  ) throws(UserError) -> [Field: Recipe] {
    let document = try YAMLValue(
      parsing: text, file: file, example: "recipes: {}")
    let section = try document.mapping(of: RecipeKeys.document).required("recipes")
    var recipes: [Field: Recipe] = [:]
    for entry in try section.mapping(of: Field.allCases.map(\.rawValue)).entries {
      let field: Field = try entry.key.word("field")
      recipes[field] = try Recipe(entry.value, field, manifests)
    }
    return recipes
  }

  private init(
    _ value: YAMLValue, _ field: Field, _ manifests: [ProviderID: Manifest]
  ) throws(UserError) {
    let keys = try value.mapping(of: RecipeKeys.recipe)
    var steps: [ProviderID] = []
    for item in try keys.required("steps").items() {
      let finders = manifests.values.filter { $0.finds[field] != nil }
      let id = try item.provider(among: finders, "finder of \(field)")
      guard !steps.contains(id) else { throw item.error("\(id) is asked twice") }
      steps.append(id)
    }
    guard !steps.isEmpty else { throw value.error("\(value.title).steps is an empty list") }
    self.field = field
    self.steps = steps
    self.verifier = try keys.optional("verify") { item throws(UserError) in
      let verifiers = manifests.values.filter { $0.verifies[field] != nil }
      return try item.provider(among: verifiers, "verifier of \(field)")
    }
    self.accept =
      try keys.optional("accept") { item throws(UserError) in
        try item.word("acceptance rule")
      } ?? .valid
  }
}

extension YAMLValue {
  fileprivate func provider(
    among manifests: [Manifest], _ kind: String
  ) throws(UserError) -> ProviderID {
    let text = try text()
    guard let found = manifests.first(where: { $0.id.rawValue == text }) else {
      throw unknownWord(text, kind, among: manifests.map(\.id.rawValue).sorted())
    }
    return found.id
  }
}
