/// Looks at a text as SQLite's tokenizer would, to see whether it can stand between parentheses
/// without leaving them.
///
/// Everything else about the text is left to SQLite.
struct ExpressionScan {
  private let bytes: [UInt8]
  private var index = 0
  private var depth = 0
  private var isBlank = true

  /// What is wrong, in words that follow “--where …”; nil if the text keeps to itself.
  static func problem(in expression: String) -> String? {
    var scan = ExpressionScan(bytes: Array(expression.utf8))
    return scan.problem()
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func problem() -> String? {
    while index < bytes.count {
      if let problem = takeToken() { return problem }
    }
    if depth > 0 { return "has an opening parenthesis that is not closed" }
    return isBlank ? "is empty" : nil
  }

  private mutating func takeToken() -> String? {
    let byte = bytes[index]
    let next = index + 1 < bytes.count ? bytes[index + 1] : 0
    switch (byte, next) {
    case (0, _): return "has a NUL character"
    case (UInt8(ascii: "-"), UInt8(ascii: "-")): skip(pastByte: UInt8(ascii: "\n"))
    case (UInt8(ascii: "/"), UInt8(ascii: "*")): return skipComment()
    case (UInt8(ascii: "'"), _), (UInt8(ascii: "\""), _), (UInt8(ascii: "`"), _):
      isBlank = false
      return skipQuoted(byte)
    case (UInt8(ascii: "["), _):
      isBlank = false
      return skip(pastByte: UInt8(ascii: "]")) ? nil : "has a [ that is not closed"
    default: return takeByte(byte)
    }
    return nil
  }

  private mutating func takeByte(_ byte: UInt8) -> String? {
    index += 1
    switch byte {
    case UInt8(ascii: " "), 0x09...0x0D: return nil
    case UInt8(ascii: ";"): return "has a ; though it must be a single expression"
    case UInt8(ascii: "("): depth += 1
    case UInt8(ascii: ")"):
      depth -= 1
      if depth < 0 { return "has a closing parenthesis too many" }
    default: break
    }
    isBlank = false
    return nil
  }

  /// Whether the byte was found. Without it everything is skipped.
  @discardableResult
  private mutating func skip(pastByte byte: UInt8) -> Bool {
    guard let end = bytes[index...].firstIndex(of: byte) else {
      index = bytes.count
      return false
    }
    index = end + 1
    return true
  }

  private mutating func skipComment() -> String? {
    index += 2
    while skip(pastByte: UInt8(ascii: "*")) {
      if index < bytes.count, bytes[index] == UInt8(ascii: "/") {
        index += 1
        return nil
      }
    }
    return "has a comment that is not closed"
  }

  /// A doubled quote is a quote within, which reads as the end of one text and the start of the
  /// next; for the question here that is the same.
  private mutating func skipQuoted(_ quote: UInt8) -> String? {
    index += 1
    guard skip(pastByte: quote) else {
      return "has a \(Character(Unicode.Scalar(quote))) that is not closed"
    }
    return nil
  }
}
