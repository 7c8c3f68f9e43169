import ArgumentParser

@main struct Waterfall: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "waterfall", version: "0.1.0")
}
