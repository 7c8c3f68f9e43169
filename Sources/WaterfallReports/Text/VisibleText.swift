/// Makes the characters visible that would otherwise act on a terminal or hide from its reader.
enum VisibleText {
  /// `text` with its control characters, direction marks and line separators spelt out: `\n`,
  /// `\t`, `\u{1b}`. Other text is returned as it is. O(length).
  static func of(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: steersTerminals) else { return text }
    var visible = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": visible += "\\n"
      case "\r": visible += "\\r"
      case "\t": visible += "\\t"
      case _ where steersTerminals(scalar):
        visible += "\\u{\(String(scalar.value, radix: 16))}"
      default: visible.unicodeScalars.append(scalar)
      }
    }
    return visible
  }

  /// Control characters of both sets, line and paragraph separators, marks and overrides of
  /// direction, byte order marks, and tag characters.
  static func steersTerminals(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20...0x7E, 0xA0...0x61B: false
    case 0x00...0x1F, 0x7F...0x9F, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069,
      0xFEFF, 0xE0000...0xE007F:
      true
    default: false
    }
  }
}
