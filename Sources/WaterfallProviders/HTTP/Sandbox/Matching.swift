import WaterfallCore

/// What a request says at one place, and what it should say.
struct Mismatch: Error, Equatable {
  /// From the outermost to the innermost: `json`, `data`, `0`, `first_name`.
  var place: [String] = []
  let found: String?
  let wanted: String?

  /// The error with the place around it.
  func within(_ name: String) -> Mismatch {
    var error = self
    error.place.insert(name, at: 0)
    return error
  }

  /// `json.email has “a”, and should have “b”`.
  var words: String {
    let place = place.joined(separator: ".")
    switch (found, wanted) {
    case (let found?, let wanted?): return "\(place) has “\(found)”, and should have “\(wanted)”"
    case (let found?, nil): return "\(place) should not be there; it has “\(found)”"
    case (nil, let wanted?): return "\(place) is missing; it should have “\(wanted)”"
    case (nil, nil): return "\(place) is not what the manifest has"
    }
  }
}

/// What is known while a request is matched, and what was learnt from it.
struct Matching {
  /// What the templates' names stand for; nil where only the request says it.
  let expected: TemplateValues?
  private(set) var bindings: [Binding] = []
  /// The elements under the leaf `{items}`.
  var items: [JSON]?

  struct Binding: Equatable {
    let name: String
    let filter: Template.Filter?
    let value: String
  }

  init(expected: TemplateValues? = nil) { self.expected = expected }

  /// Names whose values are the request's own even where the row is known.
  private static let free: Set<String> = ["value", "job", "item"]

  /// Whether only the request can say what stands for the name.
  private func isFree(_ name: String) -> Bool {
    expected?[name] == nil && (expected == nil || Self.free.contains(name))
  }

  /// Whether the place of a template may be missing.
  func mayLack(_ template: Template) -> Bool {
    template.names.contains { expected == nil || !isFree($0) && expected?[$0] == nil }
  }

  /// What the place of a template has to have, for messages.
  func wanted(_ template: Template) -> String {
    template.parts.reduce(into: "") { text, part in
      switch part {
      case .text(let literal): text += literal
      case .hole(let name, let filter):
        text += known(name, filter) ?? "{\(name)}"
      }
    }
  }

  /// Takes `text` for the template rendered, and binds its holes.
  mutating func match(_ template: Template, _ text: String) throws(Mismatch) {
    if expected != nil, mayLack(template) { throw Mismatch(found: text, wanted: nil) }
    if template.parts.count == 1 {
      switch template.parts[0] {
      case .text(let literal): if literal == text { return }
      case .hole(let name, let filter):
        if let known = known(name, filter) {
          if known == text { return }
        } else if bind(name, filter, text) {
          return
        }
      }
    } else {
      let before = bindings
      if match(template.parts[...], text[...]) { return }
      bindings = before
    }
    throw Mismatch(found: text, wanted: wanted(template))
  }

  private func known(_ name: String, _ filter: Template.Filter?) -> String? {
    expected?[name].map { filter?.apply($0) ?? $0 }
  }

  /// The shortest texts that fit, from the left.
  private mutating func match(_ parts: ArraySlice<Template.Part>, _ text: Substring) -> Bool {
    guard let part = parts.first else { return text.isEmpty }
    let rest = parts.dropFirst()
    switch part {
    case .text(let literal):
      return Self.hasPrefix(text, literal).map { match(rest, $0) } ?? false
    case .hole(let name, let filter):
      if let known = known(name, filter) {
        return Self.hasPrefix(text, known).map { match(rest, $0) } ?? false
      }
      if rest.isEmpty { return bind(name, filter, String(text)) }
      let before = bindings
      // By code units, as the text was put together: a combining letter may follow a hole.
      for end in text.unicodeScalars.indices.dropFirst() {
        if bind(name, filter, String(text[..<end])), match(rest, text[end...]) { return true }
        bindings = before
      }
      return false
    }
  }

  private static func hasPrefix(_ text: Substring, _ prefix: String) -> Substring? {
    guard text.utf8.starts(with: prefix.utf8) else { return nil }
    return Substring(text.utf8.dropFirst(prefix.utf8.count))
  }

  /// False for a value that cannot be under that name: empty, not the filter's, or another one
  /// than elsewhere.
  private mutating func bind(_ name: String, _ filter: Template.Filter?, _ value: String) -> Bool {
    guard !value.isEmpty, filter?.canYield(value) ?? true else { return false }
    if let other = bindings.first(where: { $0.name == name && $0.filter == filter }) {
      return other.value == value
    }
    bindings.append(Binding(name: name, filter: filter, value: value))
    return true
  }

  /// The value of a name: as it is where some place has it so, else behind its filter.
  subscript(name: String) -> String? {
    bindings.first { $0.name == name && $0.filter == nil }?.value
      ?? bindings.first { $0.name == name }?.value
  }
}

extension Template.Filter {
  /// Whether the filter could have made this of something.
  func canYield(_ text: String) -> Bool {
    switch self {
    case .slug: true
    case .sha256:
      text.utf8.count == 64
        && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    case .digits: text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    case .lower: text.lowercased() == text
    }
  }
}
