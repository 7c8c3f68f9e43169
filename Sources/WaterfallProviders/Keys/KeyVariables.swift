public import WaterfallCore

/// The environment variables that hold keys.
public struct KeyVariables: Sendable {
  private let variables: [String: String]

  /// `variables` may hold any others too.
  public init(_ variables: [String: String]) { self.variables = variables }

  /// What the variable of this provider holds; nil where it is unset or empty.
  public func text(of provider: ProviderID, _ source: KeySource) -> String? {
    let suffix = Self.suffix(of: provider)
    let text =
      switch source {
      case .own: variables["WATERFALL_KEY_\(suffix)"]
      case .managed: variables["WATERFALL_MANAGED_KEY_\(suffix)"]
      }
    return text.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The providers with such a variable, by id. O(variables).
  public func providers(_ source: KeySource) -> [ProviderID] {
    let prefix = Self.prefix(source)
    return variables.compactMap { name, value in
      guard name.hasPrefix(prefix), !value.isEmpty else { return nil }
      let id = ProviderID(name.dropFirst(prefix.count).lowercased())
      // A name in small letters is no variable of ours.
      return Self.name(of: id, source) == name && !id.rawValue.isEmpty ? id : nil
    }.sorted()
  }

  /// Variables that would be keys if they were written in capitals, by name. O(variables).
  func miswritten(_ source: KeySource) -> [(name: String, provider: ProviderID)] {
    let prefix = Self.prefix(source)
    return variables.compactMap { name, value in
      let capitals = name.uppercased()
      guard name != capitals, capitals.hasPrefix(prefix), !value.isEmpty else { return nil }
      let id = ProviderID(capitals.dropFirst(prefix.count).lowercased())
      return id.rawValue.isEmpty ? nil : (name, id)
    }.sorted { $0.name < $1.name }
  }

  /// `WATERFALL_KEY_HUNTER`, or `WATERFALL_MANAGED_KEY_HUNTER`.
  public static func name(of provider: ProviderID, _ source: KeySource) -> String {
    prefix(source) + suffix(of: provider)
  }

  /// The commands that set a key, for messages.
  public static func waysToSet(_ provider: ProviderID, _ source: KeySource) -> String {
    "\(setCommand(provider, source)), or export \(name(of: provider, source))=…"
  }

  static func setCommand(_ provider: ProviderID, _ source: KeySource) -> String {
    "waterfall keys set \(provider)\(source == .managed ? " --managed" : "")"
  }

  /// An environment without the variables that hold keys, also those that are not written in
  /// capitals: for processes that have no business with them. O(variables).
  public static func removed(from variables: [String: String]) -> [String: String] {
    variables.filter { name, _ in
      let capitals = name.uppercased()
      return !KeySource.allCases.contains { capitals.hasPrefix(prefix($0)) }
    }
  }

  private static func prefix(_ source: KeySource) -> String {
    source == .own ? "WATERFALL_KEY_" : "WATERFALL_MANAGED_KEY_"
  }

  private static func suffix(of provider: ProviderID) -> String { provider.rawValue.uppercased() }
}

extension KeyOrigin {
  /// The command that puts another key in the place of this one, for messages.
  public var wayToReplace: String {
    switch place {
    case .variable(let name): "export \(name)=…"
    case .file: KeyVariables.setCommand(provider, source)
    case .command: "\(KeyVariables.setCommand(provider, source)) --command …"
    }
  }
}
