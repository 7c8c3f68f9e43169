import ArgumentParser
import Foundation
import WaterfallCore
import WaterfallProviders
import WaterfallRuns

/// `waterfall sandbox`: becomes `waterfall-server sandbox`, so that the tool itself carries no
/// server.
struct SandboxCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sandbox",
    abstract: "Serve the providers' dialects on this machine, out of a simulated world.")

  @Argument(
    parsing: .captureForPassthrough,
    help: ArgumentHelp("What “waterfall sandbox --help” lists.", valueName: "options"))
  var options: [String] = []

  func run() throws {
    let folder = Bundle.main.executableURL?.resolvingSymlinksInPath().deletingLastPathComponent()
    let server = (folder ?? URL(filePath: ".")).appending(path: "waterfall-server").path
    // Under the tool's own name, which its help and its errors then show.
    let arguments = ["waterfall", "sandbox"] + options
    // It asks nobody, and needs nobody's key.
    let variables = KeyVariables.removed(from: Environment.current.variables)
    execve(server, Self.copies(of: arguments), Self.copies(of: variables.map { "\($0)=\($1)" }))
    let reason = errno
    throw UserError(
      .input,
      reason == ENOENT
        ? "the server is not installed" : "the server cannot be started: \(systemWords(reason))",
      place: server,
      remedy: "Build it with “make server”, and keep it beside waterfall.")
  }

  private static func copies(of texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
    texts.map { strdup($0) } + [nil]
  }
}
