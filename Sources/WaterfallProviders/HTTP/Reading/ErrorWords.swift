import CJQ
import WaterfallCore

/// What a provider itself says of an error, for people: found where providers write it, in one line
/// and short.
///
/// A key may stand in it, and is taken out before the words are cut.
enum ErrorWords {
  private static let longest = 120
  /// How deep, and in which order, words are looked for.
  private static let deepest = 4
  private static let members = [
    "error", "errors", "message", "error_message", "errorMessage", "detail", "details", "reason",
    "description", "msg", "title", "code", "type",
  ]

  /// nil where the body is no JSON object, or has no words where errors stand.
  static func of(_ body: [UInt8], _ redaction: Redaction) -> String? {
    guard let value = JQInput.parse(body) else { return nil }
    return words(in: JSON(taking: value), depth: 0).map(redaction.cleaned).flatMap(excerpt)
  }

  /// What a sandbox itself says of a request, for which it is asked in a provider's place; nil for
  /// everybody's answers else, and for those in a provider's words.
  static func ofSandbox(_ response: HTTPResponse, _ redaction: Redaction) -> String? {
    let isOwn = response.headers.contains {
      $0.name.lowercased() == SandboxHeader.lowerComplaint
    }
    guard isOwn else { return nil }
    return excerpt(redaction.cleaned(String(decoding: response.body, as: UTF8.self)))
  }

  private static func words(in value: JSON, depth: Int) -> String? {
    guard depth < deepest else { return nil }
    switch value {
    case .string(let text) where depth > 0:
      return text.contains { !$0.isWhitespace } ? text : nil
    case .number where depth > 1: return value.scalarText
    case .list(let items) where depth > 0:
      return items.lazy.compactMap { words(in: $0, depth: depth + 1) }.first
    case .object(let found):
      return members.lazy.compactMap { name in
        found[name].flatMap { words(in: $0, depth: depth + 1) }
      }.first
    default: return nil
    }
  }

  /// In one line, with what cannot be seen made visible. nil where not even one word is short enough.
  static func excerpt(_ text: String) -> String? {
    let words = text.split(whereSeparator: \.isWhitespace).map(visible)
    var line = ""
    for word in words {
      guard line.count + word.count + 1 <= longest else {
        return line.isEmpty ? nil : line + " …"
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return line.isEmpty ? nil : line
  }

  private static func visible(_ word: Substring) -> String {
    var text = String.UnicodeScalarView()
    for scalar in word.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: text.append("\u{FFFD}")
      default: text.append(scalar)
      }
    }
    return String(text)
  }
}
