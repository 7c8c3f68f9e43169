/// A word of a condition that SQLite took for a column, and that the sheet does not have.
struct UnknownWord {
  /// As it was written, without its quotes.
  let text: String
  /// Whether it rather looks like a text: in double quotes, or on the right of a comparison.
  let isLikelyText: Bool

  /// - Parameter name: What SQLite calls it: for `a.b` both words.
  init(_ name: String, in expression: String) {
    let isQuoted = expression.contains("\"\(name)\"")
    let isWhole = isQuoted || name.hasSuffix(".") || expression.contains("[\(name)]")
    text = isWhole ? name : name.split(separator: ".").last.map { String($0) } ?? name
    isLikelyText = isQuoted || Self.followsComparison(text, in: expression)
  }

  /// Whether every place where the word stands alone comes after `=`, `<>`, LIKE, IN ( and so on.
  private static func followsComparison(_ word: String, in expression: String) -> Bool {
    var places = 0
    var rest = expression[...]
    while let found = rest.firstRange(of: word) {
      let before = expression[..<found.lowerBound]
      let after = expression[found.upperBound...]
      rest = after
      guard !(before.last.map(isPartOfWord) ?? false), !(after.first.map(isPartOfWord) ?? false)
      else { continue }
      places += 1
      guard endsWithComparison(before) else { return false }
    }
    return places > 0
  }

  private static func endsWithComparison(_ text: Substring) -> Bool {
    var text = text
    while text.last?.isWhitespace == true { text.removeLast() }
    if let last = text.last, "=<>".contains(last) { return true }
    if text.last == "(" {
      text.removeLast()
      return lastWord(of: text) == "in"
    }
    return ["like", "glob", "is", "not"].contains(lastWord(of: text))
  }

  private static func lastWord(of text: Substring) -> String {
    let trimmed = text.reversed().drop(while: \.isWhitespace).prefix(while: isPartOfWord)
    return String(trimmed.reversed()).lowercased()
  }

  private static func isPartOfWord(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_"
  }
}
