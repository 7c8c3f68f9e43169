/// A telephone number in E.164: a plus sign, a digit from 1 on, at most 15 digits in all. Fewer
/// than 7 digits reach nobody from abroad.
enum PhoneSyntax {
  static func matches(_ text: String) -> Bool {
    guard text.utf8.first == UInt8(ascii: "+") else { return false }
    let digits = text.utf8.dropFirst()
    return (7...15).contains(digits.count) && digits.allSatisfy(\.isDigit)
      && digits.first != UInt8(ascii: "0")
  }
}

/// A person’s profile: `http` or `https`, a LinkedIn host, and a path `/in/…` or `/pub/…`. The host
/// of the simulated world, `linkedin.example`, is one too.
enum ProfileSyntax {
  static func matches(_ text: String) -> Bool {
    let lower = text.lowercased()
    guard let scheme = ["https://", "http://"].first(where: lower.hasPrefix) else { return false }
    let rest = lower.dropFirst(scheme.count)
    guard let slash = rest.firstIndex(of: "/") else { return false }
    let host = rest[..<slash]
    guard
      ["linkedin.com", "linkedin.example"].contains(where: {
        host == $0 || host.hasSuffix(".\($0)")
      })
    else { return false }
    let path = rest[slash...]
    guard let root = ["/in/", "/pub/"].first(where: path.hasPrefix) else { return false }
    let name = path.dropFirst(root.count)
    return name.first.map { $0 != "/" && $0 != "?" && $0 != "#" } ?? false
      && name.allSatisfy { !$0.isWhitespace && $0 != "<" && $0 != ">" && $0 != "\"" }
  }
}

/// A number of employees: `250`, a band such as `51-200`, or an open one such as `10001+`. A dash of
/// any length, and commas between thousands, are understood.
enum CompanySizeSyntax {
  static func matches(_ text: String) -> Bool {
    let plain = text.filter { $0 != "," }
    guard !plain.isEmpty, plain.utf8.count <= 40, !text.hasPrefix(","), !text.hasSuffix(",") else {
      return false
    }
    if plain.hasSuffix("+") { return number(plain.dropLast()) != nil }
    let ends = plain.split(
      maxSplits: 1, omittingEmptySubsequences: false, whereSeparator: { "-–—".contains($0) })
    guard let low = ends.first.flatMap(number) else { return false }
    guard let last = ends.dropFirst().first else { return true }
    return number(last).map { low <= $0 } ?? false
  }

  private static func number(_ text: some StringProtocol) -> Int? {
    let digits = text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
    guard !digits.isEmpty, digits.count <= 9, String(digits).utf8.allSatisfy(\.isDigit) else {
      return nil
    }
    return Int(String(digits))
  }
}

/// A job title: something with a letter in it, on one line, of at most 200 characters.
enum JobTitleSyntax {
  static func matches(_ text: String) -> Bool {
    text.count <= 200 && text.contains(where: \.isLetter)
      && !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
  }
}
