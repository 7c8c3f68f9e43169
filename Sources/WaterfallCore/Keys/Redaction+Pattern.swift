extension Redaction {
  /// One form in which a key may stand in a text.
  struct Pattern: Equatable {
    enum Form: Equatable {
      case raw
      /// Bytes may be written as `%2F`, and a space as `+`.
      case percent
      /// Characters may be escaped by a backslash, or as `\u002f`.
      case json
      /// The digits of a base64 text that the key alone decides. Its neighbours decide a part of
      /// the digit before or after it.
      case base64(before: Bool, after: Bool)
    }

    let bytes: [UInt8]
    let form: Form
    let label: String
    /// Whether it is a key only where no letter or digit goes on before or after it.
    var standsAlone = false

    /// Every form of a key.
    static func all(for key: [UInt8], label: String, standsAlone: Bool) -> [Pattern] {
      let plain: [Form] = [.raw, .percent, .json]
      let encoded = (0..<3).compactMap { base64(of: key, after: $0, label: label) }
      return plain.map {
        Pattern(bytes: key, form: $0, label: label, standsAlone: standsAlone)
      } + encoded
    }

    /// Where the key stands, if it does from `start` on.
    func match(in text: [UInt8], at start: Int) -> Range<Int>? {
      var position = start
      for byte in bytes {
        guard let next = consume(byte, in: text, at: position) else { return nil }
        position = next
      }
      if standsAlone, isInsideWord(start..<position, in: text) { return nil }
      guard case .base64(let before, let after) = form else { return start..<position }
      let first = before ? Base64.digitBefore(start, in: text) : start
      return first..<(after ? Base64.digit(in: text, at: position)?.end ?? position : position)
    }

    private func consume(_ byte: UInt8, in text: [UInt8], at position: Int) -> Int? {
      guard position < text.count else { return nil }
      switch form {
      case .raw:
        return text[position] == byte ? position + 1 : nil
      case .percent:
        if text[position] == UInt8(ascii: "%") {
          return hexadecimal(text, position + 1, 2) == UInt32(byte) ? position + 3 : nil
        }
        let isSpace = byte == UInt8(ascii: " ") && text[position] == UInt8(ascii: "+")
        return text[position] == byte || isSpace ? position + 1 : nil
      case .json:
        guard text[position] == UInt8(ascii: "\\") else {
          return text[position] == byte ? position + 1 : nil
        }
        guard position + 1 < text.count else { return nil }
        if text[position + 1] == UInt8(ascii: "u") {
          return hexadecimal(text, position + 2, 4) == UInt32(byte) ? position + 6 : nil
        }
        return text[position + 1] == byte ? position + 2 : nil
      case .base64:
        guard let digit = Base64.digit(in: text, at: position) else { return nil }
        return digit.value == byte ? digit.end : nil
      }
    }

    /// The pattern of a key that stands behind `count` other bytes, modulo 3. Nil where so few
    /// digits are the key's own that they would be found anywhere.
    private static func base64(of key: [UInt8], after count: Int, label: String) -> Pattern? {
      let digits = Base64.digits(of: Array(repeating: 0, count: count) + key)
      let bits = 8 * (count + key.count)
      let own = ((8 * count + 5) / 6)..<(bits / 6)
      guard own.count >= 4 else { return nil }
      let form = Form.base64(before: count > 0, after: !bits.isMultiple(of: 6))
      return Pattern(bytes: Array(digits[own]), form: form, label: label)
    }
  }
}

/// The digits of base64 as numbers below 64, in both alphabets.
private enum Base64 {
  /// The digits of `bytes`, the last one filled up with zeros.
  static func digits(of bytes: [UInt8]) -> [UInt8] {
    var digits: [UInt8] = []
    var (buffer, bits): (UInt32, UInt32) = (0, 0)
    for byte in bytes {
      buffer = (buffer << 8 | UInt32(byte)) & 0xFFFF
      bits += 8
      while bits >= 6 {
        bits -= 6
        digits.append(UInt8(truncatingIfNeeded: buffer >> bits) & 63)
      }
    }
    if bits > 0 { digits.append(UInt8(truncatingIfNeeded: buffer << (6 - bits)) & 63) }
    return digits
  }

  /// The digit at `position`, also where it is percent-encoded or has a backslash before it.
  static func digit(in text: [UInt8], at position: Int) -> (value: UInt8, end: Int)? {
    guard position < text.count else { return nil }
    if let value = value(of: text[position]) { return (value, position + 1) }
    if text[position] == UInt8(ascii: "%"), let code = hexadecimal(text, position + 1, 2),
      let value = value(of: UInt8(truncatingIfNeeded: code))
    {
      return (value, position + 3)
    }
    let slash = UInt8(ascii: "/")
    if text[position] == UInt8(ascii: "\\"), position + 1 < text.count, text[position + 1] == slash
    {
      return (63, position + 2)
    }
    return nil
  }

  /// Where the digit before `position` begins; `position` where there is none.
  static func digitBefore(_ position: Int, in text: [UInt8]) -> Int {
    for length in [3, 2, 1] where position >= length {
      if let found = digit(in: text, at: position - length), found.end == position {
        return position - length
      }
    }
    return position
  }

  private static func value(of letter: UInt8) -> UInt8? {
    switch letter {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): letter - 65
    case UInt8(ascii: "a")...UInt8(ascii: "z"): letter - 71
    case UInt8(ascii: "0")...UInt8(ascii: "9"): letter + 4
    case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
    case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
    default: nil
    }
  }
}

/// The number of so many hexadecimal digits.
func hexadecimal(_ text: [UInt8], _ start: Int, _ count: Int) -> UInt32? {
  guard start + count <= text.count else { return nil }
  return UInt32(String(decoding: text[start..<(start + count)], as: UTF8.self), radix: 16)
}
