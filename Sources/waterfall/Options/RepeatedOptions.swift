import ArgumentParser
import Foundation
import WaterfallCore

/// Options that take one value, and were given twice. The parser would let the last one win, and say
/// nothing: not good enough for a tool that spends.
struct RepeatedOptions {
  /// What the parser tells of one option.
  private struct Option: Decodable {
    struct Name: Decodable {
      let kind: String
      let name: String

      var spelling: String { (kind == "long" ? "--" : "-") + name }
    }

    let kind: String
    let isRepeating: Bool
    let names: [Name]?

    /// What errors call it: `--output` rather than `-o`.
    var title: String? {
      let names = names ?? []
      return (names.first { $0.kind == "long" } ?? names.first)?.spelling
    }
  }

  private struct Dump: Decodable {
    struct Command: Decodable {
      let arguments: [Option]?
    }

    let command: Command
  }

  /// By each of their names: the options of a command that take a value.
  private let options: [String: Option]

  init(of command: any ParsableCommand.Type) throws {
    let dump = try JSONDecoder().decode(Dump.self, from: Data(command._dumpHelp().utf8))
    var options: [String: Option] = [:]
    for option in dump.command.arguments ?? [] where option.kind == "option" {
      for name in option.names ?? [] { options[name.spelling] = option }
    }
    self.options = options
  }

  /// Throws `UserError` for the first option that takes one value and has two.
  ///
  /// `arguments`, without the tool's name, are those that the command was parsed from: so the word
  /// after an option is its value.
  func refuse(in arguments: [String]) throws(UserError) {
    var seen: Set<String> = []
    var rest = arguments[...]
    while let word = rest.popFirst(), word != "--" {
      let name = String(word.prefix { $0 != "=" })
      guard let option = options[name], let title = option.title else { continue }
      if name == word { rest = rest.dropFirst() }
      if !option.isRepeating, !seen.insert(title).inserted { throw Self.error(title) }
    }
  }

  private static func error(_ option: String) -> UserError {
    let remedy =
      switch option {
      case "--where": "Join the two with AND."
      case "--providers": "Join the two with a comma."
      case "--column": "Start a benchmark for each field."
      default: "Give it once."
      }
    return UserError(
      .usage, "this option is given twice, and takes one value", place: option, remedy: remedy)
  }
}
