public import WaterfallCore

/// What the key file says: a key, or a command that prints it, by provider.
///
/// ```yaml
/// own:
///   hunter: 0f9c…
///   prospeo: {command: pass show prospeo}
/// managed:
///   apollo: 77ab…
/// ```
public struct KeyFile: Sendable {
  public enum Entry: Sendable {
    case key(Secret)
    /// Run by a shell; the first line that it prints is the key.
    case command(String)
  }

  /// The keys of the file itself.
  static let sections = KeySource.allCases.map(\.rawValue).sorted(by: >)
  static let entryKeys = ["command"]

  /// The file's name, as messages give it.
  public let name: String
  private var entries: [KeySource: [ProviderID: Entry]] = [:]

  /// A file without keys, which is also what a file that is not there says.
  public init(name: String) { self.name = name }

  public var isEmpty: Bool { entries.values.allSatisfy(\.isEmpty) }

  public subscript(provider: ProviderID, source: KeySource) -> Entry? {
    get { entries[source]?[provider] }
    set { entries[source, default: [:]][provider] = newValue }
  }

  /// The providers that have such an entry, by id.
  public func providers(_ source: KeySource) -> [ProviderID] {
    (entries[source] ?? [:]).keys.sorted()
  }
}

// MARK: Reading

extension KeyFile {
  /// Throws `UserError` with line and column for anything that is not understood. No message
  /// repeats what is written in the file, which may be a key in the wrong place.
  public init(parsing text: String, name: String) throws(UserError) {
    self.init(name: name)
    if Self.isBlank(text) { return }
    let document = try YAMLValue(
      parsing: text, file: name, example: "own: {}", isSecret: true)
    for section in try document.mapping(of: Self.sections).entries {
      guard let source = KeySource(rawValue: section.name) else { continue }
      for entry in try section.value.mapping().entries {
        guard entry.name.isPlainName else {
          throw entry.key.error(
            "a key of \(section.name) is no name of a provider",
            remedy: "Write the provider’s id with a colon: “hunter: …”")
        }
        let provider = ProviderID(entry.name)
        self[provider, source] = try Self.entry(entry.value, of: provider)
      }
    }
  }

  /// Nothing but spaces and comments: no keys yet. A file too large to be a key file is left to the
  /// parser, which refuses it.
  private static func isBlank(_ text: String) -> Bool {
    guard text.utf8.count <= YAMLValue.largestText else { return false }
    let lines = text.split(whereSeparator: \.isNewline).map { CanonicalText.trimmed($0) }
    return lines.allSatisfy { $0.isEmpty || $0.hasPrefix("#") }
  }

  private static func entry(
    _ value: YAMLValue, of provider: ProviderID
  ) throws(UserError) -> Entry {
    if value.isScalar {
      let key = try KeyText.key(
        try value.text(), place: value.place,
        remedy: "Write the key alone, on one line, or remove the entry.")
      return .key(Secret(key, of: provider))
    }
    let command = try value.mapping(of: entryKeys).required("command")
    return .command(try KeyText.command(try command.text(), place: command.place))
  }
}

// MARK: Writing

extension KeyFile {
  /// The file as YAML. Reading it again gives the same entries.
  public var text: String {
    var text = "# Keys of providers, written by “waterfall keys”. Nobody else may read this file.\n"
    for section in Self.sections {
      guard let source = KeySource(rawValue: section), !providers(source).isEmpty else { continue }
      text += "\(section):\n"
      for provider in providers(source) {
        switch self[provider, source] {
        case .key(let secret): text += "  \(provider): \(Self.quoted(secret.reveal()))\n"
        case .command(let command):
          text += "  \(provider):\n    command: \(Self.quoted(command))\n"
        case nil: continue
        }
      }
    }
    return text
  }

  /// In double quotes and in ASCII: then no letter means anything to YAML.
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case " "..."~": quoted.unicodeScalars.append(scalar)
      default:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
      }
    }
    return quoted + "\""
  }
}
