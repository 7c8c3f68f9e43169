/// How many terminal cells a text takes.
enum DisplayWidth {
  /// One for each grapheme cluster, two for East Asian wide ones and emoji, none for marks that
  /// stand alone. `text` has no control characters. O(length).
  static func of(_ text: String) -> Int {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
    return text.reduce(0) { $0 + of($1) }
  }

  static func of(_ character: Character) -> Int {
    let scalars = character.unicodeScalars
    guard let first = scalars.first else { return 0 }
    if isWide(first) || scalars.contains("\u{FE0F}") { return 2 }
    switch first.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: return 1
    }
  }

  /// `text`, or as much of its start as fits before an ellipsis. `limit` is at least 1.
  static func truncate(_ text: String, to limit: Int) -> String {
    guard of(text) > limit else { return text }
    var (start, width) = ("", 0)
    for character in text {
      width += of(character)
      if width > limit - 1 { break }
      start.append(character)
    }
    return start + "…"
  }

  /// The wide blocks of Unicode's East Asian Width (UAX #11), coarsely, and emoji.
  private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x1100: false
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F,
      0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6,
      0x20000...0x3FFFD:
      true
    default: scalar.properties.isEmojiPresentation
    }
  }
}
