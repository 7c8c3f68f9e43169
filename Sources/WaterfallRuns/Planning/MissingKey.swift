import WaterfallCore

/// What to say where a provider needs a key and there is none.
enum MissingKey {
  static func words(for provider: ProviderID) -> String {
    "there is no key (set WATERFALL_KEY_\(provider.rawValue.uppercased()), or run: waterfall keys "
      + "set \(provider))"
  }
}
