extension Redaction.Pattern {
  /// Whether a word or a number that the key begins or ends with goes on outside of `range`.
  func isInsideWord(_ range: Range<Int>, in text: [UInt8]) -> Bool {
    let (first, last) = (
      Self.scalar(from: 0, in: bytes), Self.scalar(before: bytes.count, in: bytes)
    )
    return Self.isWord(first) && Self.isWord(neighbour(before: range.lowerBound, in: text))
      || Self.isWord(last) && Self.isWord(neighbour(after: range.upperBound, in: text))
  }

  /// What stands before the key, read as the key itself is: the letters of an escape are none.
  private func neighbour(before end: Int, in text: [UInt8]) -> Unicode.Scalar? {
    switch form {
    case .percent where end >= 3 && text[end - 3] == UInt8(ascii: "%"):
      if let byte = hexadecimal(text, end - 2, 2) { return Self.ascii(byte) }
    case .json where end >= 6 && text[end - 6] == UInt8(ascii: "\\"):
      if text[end - 5] == UInt8(ascii: "u"), let code = hexadecimal(text, end - 4, 4) {
        return Unicode.Scalar(code)
      }
    default: break
    }
    if form == .json, end >= 2, text[end - 2] == UInt8(ascii: "\\") { return nil }
    return Self.scalar(before: end, in: text)
  }

  private func neighbour(after start: Int, in text: [UInt8]) -> Unicode.Scalar? {
    switch form {
    case .percent where start < text.count && text[start] == UInt8(ascii: "%"):
      hexadecimal(text, start + 1, 2).flatMap(Self.ascii)
    case .json where start + 1 < text.count && text[start] == UInt8(ascii: "\\"):
      text[start + 1] == UInt8(ascii: "u")
        ? hexadecimal(text, start + 2, 4).flatMap { Unicode.Scalar($0) } : nil
    default: Self.scalar(from: start, in: text)
    }
  }

  private static func isWord(_ scalar: Unicode.Scalar?) -> Bool {
    guard let scalar else { return false }
    return scalar.properties.isAlphabetic || scalar.properties.numericType != nil
  }

  /// A byte of a percent-encoded text; of one that is not ASCII nobody knows what it is, and a key
  /// beside it is taken out.
  private static func ascii(_ byte: UInt32) -> Unicode.Scalar? {
    byte < 0x80 ? Unicode.Scalar(byte) : nil
  }

  private static func scalar(from start: Int, in text: [UInt8]) -> Unicode.Scalar? {
    String(decoding: text[start..<min(start + 4, text.count)], as: UTF8.self).unicodeScalars.first
  }

  private static func scalar(before end: Int, in text: [UInt8]) -> Unicode.Scalar? {
    var start = end
    repeat { start -= 1 } while start > 0 && end - start < 4 && text[start] & 0xC0 == 0x80
    guard start >= 0 else { return nil }
    return String(decoding: text[start..<end], as: UTF8.self).unicodeScalars.last
  }
}
