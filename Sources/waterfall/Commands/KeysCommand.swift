import ArgumentParser
import KeyStore
import WaterfallCore
import WaterfallProviders
import WaterfallReports

/// `waterfall keys`: which keys there are, and the file that holds them.
struct KeysCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys", abstract: "Keep, list and remove the keys of providers.",
    subcommands: [Set.self, List.self, Remove.self])

  struct Set: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Keep a provider's key in the key file.",
      discussion: """
        The key is read from standard input: on a terminal it is asked for and not shown. It is \
        never an argument, which other users could see in the list of processes.
        """)

    @Argument(help: "Whose key it is.")
    var provider: String

    @Flag(help: "The operator's key: credits are charged. Without this, it is your own.")
    var managed = false

    @Option(
      help: ArgumentHelp(
        "Keep no key, but a command that prints it.", valueName: "command"))
    var command: String?

    @OptionGroup var manifests: ManifestOptions

    func run() throws {
      let (console, environment) = (Console.standard, Environment.current)
      let manifest = try manifests.catalog().manifest(provider)
      let id = manifest.id
      guard manifest.takesKey else {
        throw UserError(
          .input, "\(id) takes no key", remedy: "Nothing to set: it is asked without one.")
      }
      let source: KeySource = managed ? .managed : .own
      let entry: KeyFile.Entry
      if let command {
        entry = .command(try KeyText.command(command, place: "--command"))
      } else {
        let key = Secret(try KeyInput(console: console).key(of: id, source), of: id)
        if manifest.takesPair {
          try KeyText.checkPair(
            key, of: id, source, place: KeyInput.place,
            way: "Give both with a colon between: identifier:secret.")
        }
        entry = .key(key)
      }
      var isNew = true
      try environment.keyFile.update { file throws(UserError) in
        isNew = file[id, source] == nil
        file[id, source] = entry
      }
      let what = if case .command = entry { "command for the " } else { "" }
      console.say(
        "the \(what)\(source.title) of \(id) is \(isNew ? "kept in" : "replaced in") "
          + environment.keyFile.path)
      if case .key(let key) = entry, key.reveal().count < Redaction.shortestKey {
        console.say(
          "note: the key has fewer than \(Redaction.shortestKey) characters, which is short for one; "
            + "if it is not whole, set it again")
      }
      if KeyVariables(environment.variables).text(of: id, source) != nil {
        console.say(
          "note: \(KeyVariables.name(of: id, source)) is set and comes before the key file")
      }
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the keys there are: whose, and where they come from.")

    @OptionGroup var manifests: ManifestOptions
    @OptionGroup var document: DocumentOptions

    func run() throws {
      let origins = try Environment.current.keyRing().origins
      let known = try manifests.catalog().all.map(\.id.rawValue)
      let list = KeyList(origins)
      try document.print(text: list.text, json: list.json)
      for id in Swift.Set(origins.map(\.provider.rawValue)).subtracting(known).sorted() {
        let remedy =
          Suggestion.sentence(for: id, among: known)
          ?? "If it is one of your own manifests, name that: --providers PATH."
        Console.standard.say("note: no provider is called \(id). \(remedy)")
      }
    }
  }

  struct Remove: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Remove a provider's key from the key file.")

    @Argument(help: "Whose key it is.")
    var provider: String

    @Flag(help: "The operator's key. Without this, your own.")
    var managed = false

    @OptionGroup var manifests: ManifestOptions

    func run() throws {
      let environment = Environment.current
      // A key can go whether or not its provider is known; a path that is wrong is said all the same.
      _ = try manifests.catalog()
      let (id, source) = (ProviderID(provider), managed ? KeySource.managed : .own)
      let variable = KeyVariables.name(of: id, source)
      let isSet = KeyVariables(environment.variables).text(of: id, source) != nil
      try environment.keyFile.update { file throws(UserError) in
        guard file[id, source] != nil else {
          let names = file.providers(source).map(\.rawValue)
          throw UserError(
            .input, "there is no \(source.title) of \(id) in the key file", place: file.name,
            remedy: isSet
              ? "It comes from the environment: unset \(variable)."
              : Suggestion.sentence(for: provider, among: names)
                ?? "“waterfall keys list” shows what there is.")
        }
        file[id, source] = nil
      }
      Console.standard.say("the \(source.title) of \(id) is removed")
      if isSet { Console.standard.say("note: \(variable) is still set") }
    }
  }
}
