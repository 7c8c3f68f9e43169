import WaterfallCore

/// The `command` section of a manifest: a program that answers questions, line by line.
public struct CommandSection: Sendable, Equatable {
  /// The program and its arguments. A program with a slash in its name is looked for in the
  /// manifest's folder, another one in `PATH`.
  public let run: [String]
  /// Questions under way at once, at most.
  public let inFlight: Int
  /// How long an answer is waited for, from sending its question on.
  public let timeout: Duration
  /// How long the program may take to say that it is ready; nil where it is asked at once.
  public let startTimeout: Duration?
  /// Environment variables that the program gets beside the usual ones.
  public let environment: [String]
  /// The environment variable in which the program gets its key; nil where it needs none.
  public let key: String?
  public let onUnknown: OnUnknown
  /// How often the program is started again when it ended by itself.
  public let restarts: Int

  /// What becomes of a question that was sent and never answered.
  public enum OnUnknown: String, Sendable, CaseIterable {
    /// It may be asked again: asking twice costs nothing twice.
    case `repeat`
    /// It is given up, without a charge.
    case void
  }

  /// What every program gets of the environment.
  public static let usualEnvironment = ["PATH", "HOME", "LANG", "TMPDIR"]
}

/// The keys of the section.
enum CommandKeys {
  static let section = [
    "run", "in_flight", "timeout", "start_timeout", "environment", "key", "on_unknown", "restarts",
  ]
}

extension YAMLValue {
  func commandSection() throws(UserError) -> CommandSection {
    let keys = try mapping(of: CommandKeys.section)
    let environment = try keys["environment"]?.variables() ?? []
    return CommandSection(
      run: try keys.required("run").words(),
      inFlight: try keys["in_flight"]?.whole(in: 1...1000) ?? 16,
      timeout: .microseconds(try keys["timeout"]?.duration() ?? 30_000_000),
      startTimeout: try keys.optional("start_timeout") { value throws(UserError) in
        .microseconds(try value.duration())
      },
      environment: environment,
      key: try keys.optional("key") { value throws(UserError) in
        let name = try value.variable()
        guard !environment.contains(name), !CommandSection.usualEnvironment.contains(name) else {
          throw value.error(
            "\(name) is a variable of the environment already", remedy: "Give it another name")
        }
        return name
      },
      onUnknown: try keys.optional("on_unknown") { value throws(UserError) in
        try value.word("handling of unknown outcomes")
      } ?? .void,
      restarts: try keys["restarts"]?.whole(in: 0...100) ?? 3)
  }

  /// A program and its arguments.
  private func words() throws(UserError) -> [String] {
    var words: [String] = []
    for item in try items() {
      let word = try item.text()
      guard !word.utf8.contains(0) else { throw item.error("\(item.title) has a zero byte") }
      words.append(word)
    }
    guard !words.isEmpty else {
      throw error("\(title) is an empty list", remedy: "Name a program and its arguments")
    }
    return words
  }

  private func variables() throws(UserError) -> [String] {
    var names: [String] = []
    for item in try items() {
      let name = try item.variable()
      guard !names.contains(name) else { throw item.error("“\(name)” is listed twice") }
      names.append(name)
    }
    return names
  }

  /// The name of an environment variable that is no key of ours.
  private func variable() throws(UserError) -> String {
    let text = try text()
    let isName = text.utf8.enumerated().allSatisfy { position, byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "_"):
        true
      default: position > 0 && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      }
    }
    guard isName else {
      throw error(
        "“\(text)” is no name of an environment variable",
        remedy: "Write letters, digits and underscores, from a letter on")
    }
    guard !text.hasPrefix("WATERFALL_KEY_"), !text.hasPrefix("WATERFALL_MANAGED_KEY_") else {
      throw error(
        "\(text) holds the key of a provider",
        remedy: "Name the variable in which the program wants its own key under “key”")
    }
    return text
  }
}
