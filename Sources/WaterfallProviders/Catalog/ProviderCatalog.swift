public import WaterfallCore

/// The text of a YAML file and the name that messages give it.
public struct NamedText: Sendable, Equatable {
  public let name: String
  public let text: String

  public init(name: String, text: String) {
    self.name = name
    self.text = text
  }
}

/// The providers that can be asked, and the default waterfall of each field.
public struct ProviderCatalog: Sendable {
  public private(set) var manifests: [ProviderID: Manifest] = [:]
  public private(set) var recipes: [Field: Recipe] = [:]
  /// Bundled manifests that the user’s own replaced, by id in ascending order.
  public private(set) var overridden: [ProviderID] = []

  /// A catalog of these texts alone, which is how a run reads what it pinned.
  public init(manifests: [NamedText], recipes: [NamedText] = []) throws(UserError) {
    try insert(manifests)
    for recipe in recipes { try read(recipe) }
  }

  /// The providers and recipes that every binary carries. Throws only if one of them is broken.
  public static func bundled() throws(UserError) -> ProviderCatalog {
    try ProviderCatalog(manifests: bundledManifests, recipes: bundledRecipes)
  }

  /// The texts of the bundled manifests, by file name in ascending order.
  public static var bundledManifests: [NamedText] { embedded { !$0.contains("/") } }

  /// The texts of the bundled recipes.
  public static var bundledRecipes: [NamedText] { embedded { $0.hasPrefix("recipes/") } }

  static func embedded(_ isWanted: (String) -> Bool) -> [NamedText] {
    EmbeddedTexts.files.filter { isWanted($0.path) }
      .map { NamedText(name: "providers/\($0.path)", text: $0.text) }
  }

  /// Adds the user’s manifests, each of which replaces a bundled one of the same id.
  public func adding(_ texts: [NamedText]) throws(UserError) -> ProviderCatalog {
    var catalog = self
    let before = Set(manifests.keys)
    let added = try ProviderCatalog(manifests: texts)
    catalog.manifests.merge(added.manifests) { _, new in new }
    catalog.overridden = Set(overridden).union(before.intersection(added.manifests.keys)).sorted()
    return catalog
  }

  private mutating func insert(_ texts: [NamedText]) throws(UserError) {
    for named in texts {
      let manifest = try Manifest(parsing: named.text, file: named.name)
      if let other = manifests[manifest.id] {
        throw UserError(
          .input, "two manifests have the id \(manifest.id)",
          place: "\(other.file) and \(named.name)", remedy: "Give one of them another id")
      }
      manifests[manifest.id] = manifest
    }
  }

  private mutating func read(_ named: NamedText) throws(UserError) {
    let found = try Recipe.all(in: named.text, file: named.name, manifests: manifests)
    for (field, recipe) in found {
      guard recipes[field] == nil else {
        throw UserError(.input, "there are two recipes for \(field)", place: named.name)
      }
      recipes[field] = recipe
    }
  }
}

// MARK: Looking up

extension ProviderCatalog {
  /// All manifests by ascending id.
  public var all: [Manifest] { manifests.values.sorted { $0.id < $1.id } }

  /// The manifests that find `field`, by ascending id.
  public func finders(of field: Field) -> [Manifest] { all.filter { $0.finds[field] != nil } }

  /// The manifests that judge values of `field`, by ascending id.
  public func verifiers(of field: Field) -> [Manifest] {
    all.filter { $0.verifies[field] != nil }
  }

  /// The manifest with this id. Throws `UserError` with a suggestion where there is none.
  public func manifest(_ id: String, place: String? = nil) throws(UserError) -> Manifest {
    guard let found = manifests[ProviderID(id)] else {
      throw UserError(
        .input, "there is no provider “\(id)”", place: place,
        remedy: Suggestion.sentence(for: id, among: all.map(\.id.rawValue))
          ?? "“waterfall providers list” names them all; a manifest of your own is named with "
          + "--providers FILE")
    }
    return found
  }

  /// The manifest with this id, which must find `field`.
  public func finder(
    _ id: String, of field: Field, place: String? = nil
  ) throws(UserError) -> Manifest {
    let found = try manifest(id, place: place)
    guard found.finds[field] == nil else { return found }
    throw Self.notOffered(found, "does not find \(field)", finders(of: field), place)
  }

  /// The manifest with this id, which must judge values of `field`.
  public func verifier(
    _ id: String, of field: Field, place: String? = nil
  ) throws(UserError) -> Manifest {
    let found = try manifest(id, place: place)
    guard found.verifies[field] == nil else { return found }
    throw Self.notOffered(found, "does not verify \(field)", verifiers(of: field), place)
  }

  private static func notOffered(
    _ manifest: Manifest, _ words: String, _ others: [Manifest], _ place: String?
  ) -> UserError {
    let names = others.map(\.id.rawValue).joined(separator: ", ")
    return UserError(
      .input, "\(manifest.id) \(words)", place: place,
      remedy: others.isEmpty ? "No provider does" : "These do: \(names)")
  }

  /// The default waterfall of a field.
  public func recipe(for field: Field) throws(UserError) -> Recipe {
    guard let recipe = recipes[field] else {
      throw UserError(
        .input, "there is no default waterfall for \(field)",
        remedy: "Name its providers: --column \(field)=\(Self.example(finders(of: field)))")
    }
    return recipe
  }

  private static func example(_ finders: [Manifest]) -> String {
    finders.prefix(2).map(\.id.rawValue).joined(separator: ",")
  }
}

extension Field {
  /// The field with this name. Throws `UserError` with a suggestion where there is none.
  public static func named(_ name: String, place: String? = nil) throws(UserError) -> Field {
    if let field = Field(rawValue: name) { return field }
    let known = Field.allCases.map(\.rawValue)
    throw UserError(
      .input, "there is no field “\(name)”", place: place,
      remedy: Suggestion.sentence(for: name, among: known)
        ?? "The fields are \(known.joined(separator: ", "))")
  }
}
