import ArgumentParser
import Foundation
import KeyStore
import WaterfallCore

/// Parses the command line, serves, and turns whatever is thrown into words and an exit status.
@main enum Main {
  static func main() async {
    DyingProcess.leaveNothing()
    signal(SIGPIPE, SIG_IGN)
    do {
      var command = try Server.parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      leave(after: error)
    }
  }

  private static func leave(after error: any Error) -> Never {
    if let error = error as? UserError { end(error.description, status(error.code)) }
    // Help and the version are no errors.
    guard Server.exitCode(for: error) == .validationFailure else { Server.exit(withError: error) }
    let message = Server.message(for: error)
    end(message.prefix(1).lowercased() + message.dropFirst(), 64)
  }

  /// Says it as the tool says its errors.
  private static func end(_ text: String, _ status: Int32) -> Never {
    let end = text.last.map { ".?!".contains($0) } == true ? "" : "."
    FileHandle.standardError.write(Data("\(Server.name): \(text)\(end)\n".utf8))
    exit(status)
  }

  /// As the tool itself has them.
  private static func status(_ code: UserError.Code) -> Int32 {
    switch code {
    case .input, .paused: 1
    case .usage: 64
    case .fault: 70
    case .io: 74
    }
  }
}

struct Server: ParsableCommand {
  /// What the user has called: “waterfall sandbox” becomes this program and hands its name on.
  static let name =
    CommandLine.arguments.first == "waterfall" ? "waterfall" : "waterfall-server"

  static let configuration = CommandConfiguration(
    commandName: name, abstract: "The servers of waterfall.", subcommands: [Sandbox.self])
}
