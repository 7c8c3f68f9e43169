extension JSONValue {
  public enum Style: Sendable {
    /// One member or element to a line, indented by two spaces.
    case pretty
    /// One line, without spaces.
    case compact
  }

  /// The document as text, without a newline at its end. O(size).
  public func text(_ style: Style = .pretty) -> String {
    var text = ""
    write(to: &text, style, depth: 0)
    return text
  }

  private func write(to text: inout String, _ style: Style, depth: Int) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .unsigned(let value): text += String(value)
    case .decimal(let value): text += value.description
    case .string(let value): Self.writeString(value, to: &text)
    case .array(let elements):
      Self.writeList("[", elements, "]", to: &text, style, depth) { element, text in
        element.write(to: &text, style, depth: depth + 1)
      }
    case .members(let members):
      Self.writeList("{", members, "}", to: &text, style, depth) { member, text in
        Self.writeString(member.name, to: &text)
        text += style == .pretty ? ": " : ":"
        member.value.write(to: &text, style, depth: depth + 1)
      }
    }
  }

  private static func writeList<Element>(
    _ open: String, _ elements: [Element], _ close: String, to text: inout String, _ style: Style,
    _ depth: Int, _ body: (Element, inout String) -> Void
  ) {
    text += open
    for (index, element) in elements.enumerated() {
      if index > 0 { text += "," }
      if style == .pretty { text += "\n" + String(repeating: "  ", count: depth + 1) }
      body(element, &text)
    }
    if style == .pretty, !elements.isEmpty { text += "\n" + String(repeating: "  ", count: depth) }
    text += close
  }

  /// Escapes what JSON demands, and besides what could steer a terminal that shows the document.
  private static func writeString(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where VisibleText.steersTerminals(scalar):
        for unit in UTF16.encode(scalar) ?? .init() { text += escape(unit) }
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }

  private static func escape(_ unit: UInt16) -> String {
    let digits = String(unit, radix: 16)
    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
  }
}
