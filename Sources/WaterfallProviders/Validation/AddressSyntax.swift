/// An e-mail address as a web form takes it: the “valid e-mail address” of the HTML standard
/// (html.spec.whatwg.org, input type=email), which has no quotes, comments or non-ASCII letters.
/// Beyond it, the domain must have two labels, since a work address is on the Internet, and the
/// part before the sign and the whole keep to the 64 and 254 octets of RFC 5321.
enum EmailSyntax {
  static func matches(_ text: String) -> Bool {
    guard text.utf8.count <= 254, let sign = text.utf8.firstIndex(of: UInt8(ascii: "@")) else {
      return false
    }
    let local = text.utf8[..<sign]
    guard (1...64).contains(local.count), local.allSatisfy(isLocal) else { return false }
    return DomainSyntax.matches(text.utf8[text.utf8.index(after: sign)...], allowingNumbers: true)
  }

  private static let signs = Set(".!#$%&'*+/=?^_`{|}~-".utf8)

  private static func isLocal(_ byte: UInt8) -> Bool {
    byte.isLetterOrDigit || signs.contains(byte)
  }
}

/// A domain by its labels: letters, digits and hyphens, no hyphen at either end, 63 octets each and
/// 253 in all (RFC 1035, RFC 1123), at least two of them, and a last one that is not a number
/// (RFC 3696), so that an IPv4 address is none.
enum DomainSyntax {
  static func matches(_ text: String) -> Bool {
    matches(text.utf8[...], allowingNumbers: false)
  }

  static func matches(_ text: Substring.UTF8View, allowingNumbers: Bool) -> Bool {
    guard text.count <= 253 else { return false }
    let labels = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard labels.count >= 2, labels.allSatisfy(isLabel) else { return false }
    return allowingNumbers || labels.last?.contains { !$0.isDigit } ?? false
  }

  private static func isLabel(_ label: Substring.UTF8View) -> Bool {
    let hyphen = UInt8(ascii: "-")
    return (1...63).contains(label.count) && label.first != hyphen && label.last != hyphen
      && label.allSatisfy { $0.isLetterOrDigit || $0 == hyphen }
  }
}

extension UInt8 {
  var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
  var isLetterOrDigit: Bool {
    isDigit || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
  }
}
