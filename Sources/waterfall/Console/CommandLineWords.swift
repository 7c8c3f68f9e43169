import ArgumentParser
import WaterfallCore

/// What is wrong with a command line, said as everything else is said.
struct CommandLineWords {
  let text: String

  /// `error` is what the parser threw for `arguments`, which do not contain the tool's name.
  init(_ error: any Error, arguments: [String]) {
    if let error = Self.unknownCommand(arguments) {
      text = error.sentence
      return
    }
    if let number = arguments.first(where: { $0.hasPrefix("-") && Double($0) != nil }) {
      text =
        UserError(
          .usage, "“\(number)” is no amount, and no option either", remedy: "Amounts are above 0."
        ).sentence
      return
    }
    let words = Waterfall.fullMessage(for: error)
    if let error = Self.keyAsArgument(arguments, in: words) {
      text = error.sentence
      return
    }
    let message = words.hasPrefix("Error: ") ? String(words.dropFirst("Error: ".count)) : words
    text = message.prefix(1).lowercased() + message.dropFirst()
  }

  /// The first word that should name a command and does not.
  private static func unknownCommand(_ arguments: [String]) -> UserError? {
    var commands: [any ParsableCommand.Type] = Waterfall.configuration.subcommands
    var path: [String] = []
    for argument in arguments {
      if argument.hasPrefix("-") || commands.isEmpty { return nil }
      if path.isEmpty, argument == "help" { continue }
      guard let next = commands.first(where: { name(of: $0) == argument }) else {
        let names = commands.map(name)
        let remedy =
          Suggestion.sentence(for: argument, among: names)
          ?? "The commands here are \(names.joined(separator: ", "))."
        let command = (path + [argument]).joined(separator: " ")
        return UserError(.usage, "there is no command “\(command)”", remedy: remedy)
      }
      path.append(argument)
      commands = next.configuration.subcommands
    }
    return nil
  }

  /// What stands where a key must not be given is not repeated: most likely it is one.
  private static func keyAsArgument(_ arguments: [String], in words: String) -> UserError? {
    let rest = arguments.dropFirst(2)
    let isRepeated = rest.contains { argument in
      let isOption = argument.hasPrefix("--") && !argument.contains("=")
      let parts = argument.split(separator: "=")
      return !isOption && parts.contains { words.contains("\($0)'") }
    }
    guard arguments.starts(with: ["keys", "set"]), isRepeated else { return nil }
    if rest.contains(where: { $0.hasPrefix("--command") }) {
      return UserError(
        .usage, "the command has to be one argument",
        remedy: "Put it into quotes: --command 'pass show hunter'.")
    }
    return UserError(
      .usage, "a key is no argument, where other users could see it",
      remedy: "Give the provider alone; the key is read from standard input. One that was typed "
        + "here is in the history of your shell now.")
  }

  private static func name(of command: any ParsableCommand.Type) -> String {
    command.configuration.commandName ?? String(describing: command).lowercased()
  }
}
