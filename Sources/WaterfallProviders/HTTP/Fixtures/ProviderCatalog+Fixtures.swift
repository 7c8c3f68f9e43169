public import WaterfallCore

extension ProviderCatalog {
  /// The fixtures of a bundled provider; nil where it has none.
  public static func bundledFixtures(of id: ProviderID) throws(UserError) -> Fixtures? {
    guard let file = bundledFixturesText(of: id) else { return nil }
    return try Fixtures(parsing: file.text, file: file.name)
  }

  /// Their text; nil where it has none.
  public static func bundledFixturesText(of id: ProviderID) -> NamedText? {
    let path = "fixtures/\(id).yaml"
    return embedded { $0 == path }.first
  }
}
