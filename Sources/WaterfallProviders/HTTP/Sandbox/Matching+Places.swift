import CJQ
import WaterfallCore

extension Matching {
  /// Parameters of a query or a form: each of the template's once, and no other.
  mutating func match(
    _ templates: [RequestTemplate.Parameter], _ found: [(name: String, value: String)]
  ) throws(Mismatch) {
    for (index, parameter) in found.enumerated() {
      let isKnown = templates.contains { $0.name == parameter.name }
      let isTwice = found[..<index].contains { $0.name == parameter.name }
      if !isKnown || isTwice {
        throw Mismatch(place: [parameter.name], found: parameter.value, wanted: nil)
      }
    }
    for template in templates {
      guard let value = found.first(where: { $0.name == template.name })?.value else {
        if mayLack(template.value) { continue }
        throw Mismatch(place: [template.name], found: nil, wanted: wanted(template.value))
      }
      do { try match(template.value, value) } catch { throw error.within(template.name) }
    }
  }

  mutating func match(_ body: RequestTemplate.Body?, _ bytes: [UInt8]) throws(Mismatch) {
    switch body {
    case nil:
      if !bytes.isEmpty { throw Mismatch(place: ["body"], found: Self.text(bytes), wanted: nil) }
    case .form(let templates):
      guard let text = String(validating: bytes, as: UTF8.self),
        let found = TextDecoding.parameters(text[...])
      else { throw Mismatch(place: ["form"], found: Self.text(bytes), wanted: "a form") }
      do { try match(templates, found) } catch { throw error.within("form") }
    case .json(let template):
      guard let document = JQInput.parse(bytes).map({ JSON(taking: $0) }) else {
        throw Mismatch(place: ["json"], found: Self.text(bytes), wanted: "JSON")
      }
      // A document of which nothing is left is sent as an empty object.
      if document == .object([:]), mayLack(template) { return }
      do { try match(template, document) } catch { throw error.within("json") }
    }
  }

  private static func text(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.prefix(80), as: UTF8.self)
  }

  // MARK: JSON

  /// Whether nothing may stand for the template.
  private func mayLack(_ template: JSONTemplate) -> Bool {
    switch template {
    case .string(let template): template.names != ["items"] && mayLack(template)
    case .literal: false
    case .list(let list): !list.isEmpty && list.allSatisfy { mayLack($0) }
    case .object(let members): !members.isEmpty && members.allSatisfy { mayLack($0.value) }
    }
  }

  mutating func match(_ template: JSONTemplate, _ value: JSON) throws(Mismatch) {
    switch (template, value) {
    case (.string(let template), .list(let list)) where template.names == ["items"]:
      items = list
    case (.string(let template), .string(let text)):
      try match(template, text)
    case (.literal(let literal), _):
      guard Self.isEqual(literal, value) else {
        throw Mismatch(found: value.words, wanted: literal)
      }
    case (.list(let templates), .list(let values)):
      try match(templates[...], values[...], at: 0)
    case (.object(let members), .object(let values)):
      try match(members, values)
    default:
      throw Mismatch(found: value.words, wanted: words(of: template))
    }
  }

  private mutating func match(
    _ members: [JSONTemplate.Member], _ values: [String: JSON]
  ) throws(Mismatch) {
    for (name, value) in values where !members.contains(where: { $0.name == name }) {
      throw Mismatch(place: [name], found: value.words, wanted: nil)
    }
    for member in members {
      guard let value = values[member.name] else {
        if mayLack(member.value) { continue }
        throw Mismatch(place: [member.name], found: nil, wanted: words(of: member.value))
      }
      do { try match(member.value, value) } catch { throw error.within(member.name) }
    }
  }

  /// Items that may lack are passed over where that helps.
  private mutating func match(
    _ templates: ArraySlice<JSONTemplate>, _ values: ArraySlice<JSON>, at place: Int
  ) throws(Mismatch) {
    guard let template = templates.first else {
      guard let extra = values.first else { return }
      throw Mismatch(place: ["\(place)"], found: extra.words, wanted: nil)
    }
    let before = self
    do {
      try matchFirst(template, templates.dropFirst(), values, at: place)
    } catch {
      guard mayLack(template) else { throw error }
      self = before
      try match(templates.dropFirst(), values, at: place)
    }
  }

  private mutating func matchFirst(
    _ template: JSONTemplate, _ rest: ArraySlice<JSONTemplate>, _ values: ArraySlice<JSON>,
    at place: Int
  ) throws(Mismatch) {
    guard let value = values.first else {
      throw Mismatch(place: ["\(place)"], found: nil, wanted: words(of: template))
    }
    do { try match(template, value) } catch { throw error.within("\(place)") }
    try match(rest, values.dropFirst(), at: place + 1)
  }

  private static func isEqual(_ literal: String, _ value: JSON) -> Bool {
    switch value {
    case .null: literal == "null"
    case .bool(let flag): literal == (flag ? "true" : "false")
    case .number(let number): Double(literal) == number
    case .string, .list, .object: false
    }
  }

  private func words(of template: JSONTemplate) -> String {
    switch template {
    case .string(let template): wanted(template)
    case .literal(let text): text
    case .list: "a list"
    case .object: "an object"
    }
  }
}

extension JSON {
  /// For messages.
  fileprivate var words: String {
    switch self {
    case .null: "null"
    case .list: "a list"
    case .object: "an object"
    case .bool, .number, .string: scalarText ?? ""
    }
  }
}
