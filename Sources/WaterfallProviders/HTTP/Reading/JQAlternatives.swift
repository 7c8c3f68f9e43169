/// The alternatives of an expression such as `.email // .emails[0] // null`.
enum JQAlternatives {
  /// Those that read the answer; none where the expression is no plain list of alternatives. Any
  /// other operator that binds less, and any word of the language that may contain one, makes it
  /// none: nothing is said of what is not understood.
  static func of(_ expression: String) -> [String] {
    var parts = [""]
    var depth = 0
    var rest = expression[...]
    while let character = rest.first {
      if depth == 0, rest.hasPrefix("//"), !rest.hasPrefix("//=") {
        parts.append("")
        rest = rest.dropFirst(2)
        continue
      }
      switch character {
      // A text may hold anything; a comment too.
      case "\"", "#": return []
      case "(", "[", "{": depth += 1
      case ")", "]", "}": depth -= 1
      case "|", ",", ";", "=": if depth == 0 { return [] }
      default: break
      }
      parts[parts.count - 1].append(character)
      rest = rest.dropFirst()
    }
    let words = expression.split { !$0.isLetter && $0 != "_" && $0 != "." && $0 != "$" }
    guard parts.count > 1, depth == 0, keywords.isDisjoint(with: words.map(String.init)) else {
      return []
    }
    return parts.map { CanonicalText.trimmed($0) }.filter { $0.contains(".") || $0.contains("$") }
  }

  private static let keywords: Set<String> = [
    "as", "def", "if", "then", "elif", "else", "end", "reduce", "foreach", "try", "catch", "label",
  ]
}
