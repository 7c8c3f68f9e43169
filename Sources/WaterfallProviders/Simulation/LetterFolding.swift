/// Letters as an address spells them: lower-case ASCII letters and digits.
enum LetterFolding {
  /// The base letters of U+00C0 … U+017F; `*` for a sign that is no letter.
  private static let latin = Array(
    ("aaaaaaaceeeeiiiidnooooo*ouuuuytsaaaaaaaceeeeiiiidnooooo*ouuuuyty"
      + "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllll"
      + "nnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs").utf8)

  /// What becomes of one scalar.
  enum Folded {
    case letter(UInt8)
    case space
    /// Punctuation and marks: left out.
    case nothing
    /// A letter of another script.
    case foreign
  }

  /// Folds an ASCII byte: 0 for what is left out.
  @inline(__always) static func ascii(_ byte: UInt8) -> UInt8 {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): byte
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
    case UInt8(ascii: " "), 9, 10, 13: UInt8(ascii: " ")
    default: 0
    }
  }

  static func fold(_ scalar: Unicode.Scalar) -> Folded {
    if scalar.isASCII {
      let byte = ascii(UInt8(truncatingIfNeeded: scalar.value))
      return byte == 0 ? .nothing : byte == UInt8(ascii: " ") ? .space : .letter(byte)
    }
    if (0xc0...0x17f).contains(scalar.value) {
      let letter = latin[Int(scalar.value) - 0xc0]
      return letter == UInt8(ascii: "*") ? .nothing : .letter(letter)
    }
    if scalar.properties.isWhitespace { return .space }
    return scalar.properties.isAlphabetic ? .foreign : .nothing
  }
}
