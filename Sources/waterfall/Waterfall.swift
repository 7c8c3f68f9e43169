import ArgumentParser
import KeyStore

/// The door: parses the command line, runs a command, and turns whatever it throws into words on
/// standard error and an exit status.
@main enum Main {
  static func main() {
    DyingProcess.leaveNothing()
    ignoreSignalsOfWrites()
    do {
      try Environment.current.check()
      var command = try Waterfall.parseAsRoot()
      try RepeatedOptions(of: type(of: command))
        .refuse(in: Array(CommandLine.arguments.dropFirst()))
      try command.run()
    } catch {
      Console.standard.leave(after: error)
    }
  }
}

struct Waterfall: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "waterfall",
    abstract: "Fills the missing column of a CSV table by asking data providers in order.",
    discussion: """
      Providers are asked row by row until one returns a valid value. Only that one is charged; \
      invalid values are refunded, your own keys are never charged, and every credit can be \
      followed to the answer that caused it. With --simulate nothing is asked for real.
      """,
    version: Version.text,
    subcommands: [
      Enrich.self, Resume.self, Runs.self, RunInfoCommand.self, Explain.self, Bench.self,
      ProvidersCommand.self, KeysCommand.self, CreditsCommand.self, SandboxCommand.self,
    ])
}

enum Version {
  static let text = "0.1.0"
}
