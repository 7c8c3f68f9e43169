import WaterfallCore

extension KeyVariables {
  /// A sentence for each variable whose provider is not in the catalog, that is not written in
  /// capitals, or whose provider takes no key: it is silent otherwise, and the run is charged for
  /// what the key was meant to save.
  /// Own keys come first, then by name.
  public func warnings(_ catalog: ProviderCatalog) -> [String] {
    let known = catalog.all.map(\.id.rawValue)
    return [KeySource.own, .managed].flatMap { source in
      providers(source).filter { !known.contains($0.rawValue) }.map { id in
        Self.warning(Self.name(of: id, source), id, source, known)
      }
        + miswritten(source).map { name, id in Self.warning(name, id, source, known) }
        + providers(source).filter { catalog.manifests[$0]?.takesKey == false }.map { id in
          "\(Self.name(of: id, source)) is not used: \(id) takes no key"
        }
    }
  }

  private static func warning(
    _ name: String, _ id: ProviderID, _ source: KeySource, _ known: [String]
  ) -> String {
    let meant = Suggestion.nearest(to: id.rawValue, among: known).map {
      "; did you mean \(Self.name(of: ProviderID($0), source))?"
    }
    return "\(name) is the key of no provider"
      + (meant ?? ": “waterfall providers list” names them all")
  }
}
