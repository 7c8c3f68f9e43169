import Hashing
import WaterfallCore

/// A text with holes: `{first_name}`, or `{linkedin_url|slug}` with a filter. `{{` and `}}` stand
/// for braces.
struct Template: Sendable, Equatable {
  enum Part: Sendable, Equatable {
    case text(String)
    case hole(name: String, filter: Filter?)
  }

  /// How a value is changed before it is put in.
  enum Filter: String, Sendable, CaseIterable {
    /// The part of a profile's URL that names the person or company.
    case slug
    /// The SHA-256 of the trimmed value in lower case, in hexadecimal.
    case sha256
    case digits
    case lower

    func apply(_ value: String) -> String {
      switch self {
      case .slug: Self.slug(of: value)
      case .sha256: SHA256.digest(CanonicalText.trimmed(value).lowercased()).hexadecimal
      case .digits: String(value.unicodeScalars.filter { ("0"..."9").contains($0) })
      case .lower: value.lowercased()
      }
    }

    /// `https://www.linkedin.com/in/ada-lovelace/?x=1` → `ada-lovelace`, in plain letters where the
    /// URL has them encoded; anything without such a path stays as it is.
    private static func slug(of url: String) -> String {
      let path = url.prefix { $0 != "?" && $0 != "#" }
      let parts = path.split(separator: "/")
      guard let kind = parts.lastIndex(where: { ["in", "company", "pub", "school"].contains($0) }),
        kind + 1 < parts.count
      else { return url }
      return TextDecoding.percent(parts[kind + 1]) ?? String(parts[kind + 1])
    }
  }

  let parts: [Part]

  /// The names of its holes.
  var names: [String] {
    parts.compactMap { if case .hole(let name, _) = $0 { name } else { nil } }
  }

  /// The text, with each value passed through `encode`; nil where a value is not defined, or a filter
  /// leaves nothing of it.
  func render(_ values: TemplateValues, encode: (String) -> String = { $0 }) -> String? {
    if parts.count == 1, case .text(let text) = parts[0] { return text }
    var result = ""
    for part in parts {
      switch part {
      case .text(let text): result += text
      case .hole(let name, let filter):
        guard let value = values[name] else { return nil }
        let filtered = filter?.apply(value)
        // A phone number without digits, say, is none.
        guard filtered?.isEmpty != true else { return nil }
        result += encode(filtered ?? value)
      }
    }
    return result
  }
}

extension Template {
  /// What is wrong with a template's text.
  struct SyntaxError: Error, Equatable {
    let message: String
    let remedy: String?
  }

  /// Throws `SyntaxError` for an open brace without an end, an unknown filter, or a name that is
  /// none.
  init(parsing text: String) throws(SyntaxError) {
    var parts: [Part] = []
    var literal = ""
    var rest = text[...]
    while let character = rest.popFirst() {
      switch character {
      case "{" where rest.first == "{", "}" where rest.first == "}":
        rest.removeFirst()
        literal.append(character)
      case "{":
        guard let end = rest.firstIndex(of: "}") else {
          throw SyntaxError(
            message: "“\(text)” has an open brace without an end",
            remedy: "Close it, or write {{ for a brace")
        }
        if !literal.isEmpty { parts.append(.text(literal)) }
        literal = ""
        parts.append(try Self.hole(rest[..<end], in: text))
        rest = rest[rest.index(after: end)...]
      case "}":
        throw SyntaxError(
          message: "“\(text)” has a closing brace without an open one",
          remedy: "Write }} for a brace")
      default:
        literal.append(character)
      }
    }
    if !literal.isEmpty || parts.isEmpty { parts.append(.text(literal)) }
    self.parts = parts
  }

  private static func hole(_ text: Substring, in whole: String) throws(SyntaxError) -> Part {
    let words = text.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    let isName = words[0].split(separator: ".", omittingEmptySubsequences: false).allSatisfy {
      String($0).isPlainName || $0 == "1" || $0 == "2"
    }
    guard isName, words.count <= 2 else {
      throw SyntaxError(message: "“{\(text)}” is no name of a value", remedy: nil)
    }
    guard words.count == 2 else { return .hole(name: words[0], filter: nil) }
    guard let filter = Filter(rawValue: words[1]) else {
      let known = Filter.allCases.map(\.rawValue)
      throw SyntaxError(
        message: "“\(words[1])” is no filter",
        remedy: Suggestion.sentence(for: words[1], among: known)
          ?? "The filters are \(known.joined(separator: ", "))")
    }
    return .hole(name: words[0], filter: filter)
  }
}

/// The values that templates can use.
struct TemplateValues: Sendable {
  private var values: [(name: String, value: String)] = []

  init() {}

  /// The inputs of `set` only, since only they are sent.
  init(_ inputs: Inputs, using set: [InputName]) {
    for name in set {
      if let value = inputs[name] { values.append((name.rawValue, value)) }
    }
  }

  /// nil for a name that is not defined. O(number of values), which is small.
  subscript(name: String) -> String? {
    get { values.first { $0.name == name }?.value }
    set {
      values.removeAll { $0.name == name }
      if let newValue { values.append((name, newValue)) }
    }
  }

  var all: [(name: String, value: String)] { values }
}
