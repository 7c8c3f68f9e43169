import WaterfallCore

/// Commands for the user to type or to paste.
enum ShellWords {
  /// The whole command that does once more what `arguments` did, which do not contain the tool's
  /// name: with --yes, where it has left a file.
  static func enrichAgain(_ arguments: ArraySlice<String>, _ files: RunFiles) -> String {
    var words = Array(arguments)
    if files.output != "-", !words.contains("--yes") {
      words.insert("--yes", at: words.firstIndex(of: "--") ?? words.endIndex)
    }
    return (["waterfall"] + words.map(ShellWord.quoted)).joined(separator: " ")
  }
}
