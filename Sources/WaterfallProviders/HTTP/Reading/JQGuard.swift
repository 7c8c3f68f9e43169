/// Keeps jq programs to the answer that they read: nothing of the environment, of files, of other
/// inputs, or of the clock.
enum JQGuard {
  static let refused: Set<String> = [
    "env", "$ENV", "$__loc__", "$__prog_args", "input", "inputs", "input_filename",
    "input_line_number", "debug", "stderr", "import", "include", "halt", "halt_error", "now",
    // The latter knows the zone of $TZ.
    "localtime", "strflocaltime", "strftime", "modulemeta", "get_search_list", "get_jq_origin",
    "get_prog_origin",
    // A space or a comment may stand after the dollar sign.
    "ENV", "__loc__", "__prog_args",
  ]

  /// What in the program reaches outside; nil where nothing does. Text within strings is only
  /// text, but what is interpolated there is code.
  static func problem(in program: String) -> (message: String, remedy: String)? {
    if hasUnclearComment(program) {
      return (
        "a comment of a jq program may not end in a backslash or have a carriage return in it",
        "Versions of jq disagree about where it ends: leave it out"
      )
    }
    for word in words(of: program) where refused.contains(word) {
      return (
        "a jq program may not use “\(word)”",
        "Use the answer, $status, $headers and $inputs only"
      )
    }
    return nil
  }

  /// jq 1.7 goes on with a comment after a backslash at its end, 1.6 does not; what is read here as
  /// a text or as a comment must not be code for another.
  private static func hasUnclearComment(_ program: String) -> Bool {
    program.unicodeScalars.split(separator: "\n").contains { line in
      line.contains("#") && (line.last == "\\" || line.contains("\r"))
    }
  }

  /// The names that the program uses, without those of members (`.input`).
  private static func words(of program: String) -> [String] {
    var words: [String] = []
    /// Open strings and interpolations; for an interpolation, the parentheses open in it.
    var nesting: [Int?] = []
    var characters = program.unicodeScalars[...]
    var previous: Unicode.Scalar = " "
    while let character = characters.popFirst() {
      defer { previous = character }
      if nesting.last == .some(nil) {
        readString(character, &characters, &nesting)
        continue
      }
      switch character {
      case "\"": nesting.append(nil)
      case "#": characters = characters.drop { $0 != "\n" }
      case "(": if let depth = nesting.last ?? nil { nesting[nesting.count - 1] = depth + 1 }
      case ")":
        guard let depth = nesting.last ?? nil else { break }
        if depth == 0 { nesting.removeLast() } else { nesting[nesting.count - 1] = depth - 1 }
      case "a"..."z", "A"..."Z", "_", "$":
        let rest = characters.prefix { isNamePart($0) }
        characters = characters.dropFirst(rest.count)
        let word = String(character) + String(String.UnicodeScalarView(rest))
        if previous != "." { words.append(word) }
      default: break
      }
    }
    return words
  }

  private static func readString(
    _ character: Unicode.Scalar, _ rest: inout Substring.UnicodeScalarView, _ nesting: inout [Int?]
  ) {
    if character == "\"" { nesting.removeLast() }
    guard character == "\\", let next = rest.popFirst() else { return }
    if next == "(" { nesting.append(0) }
  }

  private static func isNamePart(_ character: Unicode.Scalar) -> Bool {
    switch character {
    case "a"..."z", "A"..."Z", "0"..."9", "_": true
    default: false
    }
  }
}
