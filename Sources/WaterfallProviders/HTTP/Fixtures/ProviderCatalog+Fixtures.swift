public import WaterfallCore

extension ProviderCatalog {
  /// The fixtures of a bundled provider; nil where it has none.
  public static func bundledFixtures(of id: ProviderID) throws(UserError) -> Fixtures? {
    let path = "fixtures/\(id).yaml"
    guard let file = embedded({ $0 == path }).first else { return nil }
    return try Fixtures(parsing: file.text, file: file.name)
  }
}
