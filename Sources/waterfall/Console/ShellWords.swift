import Foundation

/// Commands for the user to type or to paste.
enum ShellWords {
  /// `word` as a shell takes it for one word, whatever stands in it.
  static func quoted(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: "-_./:=,+@%".utf8.contains(byte)
      }
    }
    return isPlain && !word.isEmpty ? word : "'\(word.replacing("'", with: #"'\''"#))'"
  }

  /// The whole command that does once more what `arguments` did, which do not contain the tool's
  /// name: with --yes, where it has left a file.
  static func enrichAgain(_ arguments: ArraySlice<String>, _ files: RunFiles) -> String {
    var words = Array(arguments)
    if files.output != "-", !words.contains("--yes") {
      words.insert("--yes", at: words.firstIndex(of: "--") ?? words.endIndex)
    }
    return (["waterfall"] + words.map(quoted)).joined(separator: " ")
  }
}
