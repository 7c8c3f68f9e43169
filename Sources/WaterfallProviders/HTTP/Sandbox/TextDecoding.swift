/// Undoes what `TextEncoding` does.
enum TextDecoding {
  /// nil for a percent sign without two hexadecimal digits, and for bytes that are no UTF-8.
  static func percent(_ text: Substring, plusIsSpace: Bool = false) -> String? {
    let plain = text.utf8.allSatisfy { byte in
      byte != UInt8(ascii: "%") && !(plusIsSpace && byte == UInt8(ascii: "+"))
    }
    if plain { return String(text) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    var rest = text.utf8.makeIterator()
    while let byte = rest.next() {
      switch byte {
      case UInt8(ascii: "%"):
        guard let high = rest.next().flatMap(digit), let low = rest.next().flatMap(digit) else {
          return nil
        }
        bytes.append(high << 4 | low)
      case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
      default: bytes.append(byte)
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }

  /// The parameters of a query or of a form, in their order; nil where one is not well encoded.
  static func parameters(_ text: Substring) -> [(name: String, value: String)]? {
    var parameters: [(name: String, value: String)] = []
    for part in text.utf8.split(separator: UInt8(ascii: "&")).map(Substring.init) {
      let end = part.utf8.firstIndex(of: UInt8(ascii: "=")) ?? part.endIndex
      let rest = end == part.endIndex ? part[end...] : part[part.utf8.index(after: end)...]
      guard let name = percent(part[..<end], plusIsSpace: true),
        let value = percent(rest, plusIsSpace: true)
      else { return nil }
      parameters.append((name, value))
    }
    return parameters
  }

  /// Base64 (RFC 4648 §4) with or without padding; nil for anything else.
  static func base64(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var group: UInt32 = 0
    var bits = 0
    for byte in text.utf8 where byte != UInt8(ascii: "=") {
      guard let value = sextet(byte) else { return nil }
      group = group << 6 | value
      bits += 6
      guard bits >= 8 else { continue }
      bits -= 8
      bytes.append(UInt8(truncatingIfNeeded: group >> UInt32(bits)))
    }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func sextet(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0")) + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
