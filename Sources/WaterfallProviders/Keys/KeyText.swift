public import WaterfallCore

/// What a key, or a command that prints one, may look like.
public enum KeyText {
  /// In bytes.
  public static let longest = 4096

  /// The key without the spaces around it.
  ///
  /// Throws `UserError` for a text that is no key; it never repeats the text. `remedy` is what to do
  /// at that place, where there is nothing more to the point to say.
  public static func key(
    _ text: String, place: String? = nil, remedy: String? = nil
  ) throws(UserError) -> String {
    try checked(text, "the key", place, remedy)
  }

  /// The command without the spaces around it. Throws `UserError` for a text that is none.
  public static func command(_ text: String, place: String? = nil) throws(UserError) -> String {
    try checked(text, "the command", place, "Name a command that prints the key, on one line.")
  }

  /// Looks whether a key has the two parts that its provider wants, `identifier:secret`.
  ///
  /// Throws `UserError` for one that lacks a part, with `way` as the remedy; it never repeats the key.
  public static func checkPair(
    _ key: Secret, of provider: ProviderID, _ source: KeySource, place: String, way: String
  ) throws(UserError) {
    let halves = key.reveal().split(
      separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let what: String
    if halves.count < 2 {
      what = "has no colon, and the provider wants an identifier and a secret"
    } else if halves[0].isEmpty {
      what = "has no identifier before its colon"
    } else if halves[1].isEmpty {
      what = "has no secret after its colon"
    } else {
      return
    }
    throw UserError(
      .input, "the \(source.title) of \(provider) \(what)", place: place, remedy: way)
  }

  private static func checked(
    _ text: String, _ what: String, _ place: String?, _ remedy: String?
  ) throws(UserError) -> String {
    func flaw(_ words: String) -> UserError {
      UserError(.input, "\(what) \(words)", place: place, remedy: remedy)
    }
    let trimmed = CanonicalText.trimmed(text)
    guard !trimmed.isEmpty else {
      throw flaw(text.isEmpty ? "is empty" : "is nothing but blanks")
    }
    guard trimmed.utf8.count <= longest else { throw flaw("is longer than 4 KiB") }
    for scalar in trimmed.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .lineSeparator, .paragraphSeparator: throw flaw("has more than one line")
      case .control where scalar == "\n" || scalar == "\r": throw flaw("has more than one line")
      case .control, .format:
        throw UserError(
          .input, "\(what) has a character that cannot be seen (\(code(of: scalar)))",
          place: place, remedy: "Copy it again, without what stands around it.")
      default: continue
      }
    }
    return trimmed
  }

  private static func code(of scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}

extension KeySource {
  /// What messages call such a key.
  public var title: String { self == .own ? "own key" : "managed key" }
}
