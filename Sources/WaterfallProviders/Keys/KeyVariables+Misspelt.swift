import WaterfallCore

extension KeyVariables {
  /// A sentence for each variable whose provider is not in the catalog: it is silent otherwise, and
  /// the run is charged for what the key was meant to save. Own keys come first, then by name.
  public func warnings(_ catalog: ProviderCatalog) -> [String] {
    let known = catalog.all.map(\.id.rawValue)
    return [KeySource.own, .managed].flatMap { source in
      providers(source).filter { !known.contains($0.rawValue) }.map { id in
        let meant = Suggestion.nearest(to: id.rawValue, among: known).map {
          "; did you mean \(Self.name(of: ProviderID($0), source))?"
        }
        return "\(Self.name(of: id, source)) is the key of no provider"
          + (meant ?? ": “waterfall providers list” names them all")
      }
    }
  }
}
