import ArgumentParser
import Foundation
import WaterfallCore

/// Parses the command line, serves, and turns whatever is thrown into words and an exit status.
@main enum Main {
  static func main() async {
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
    guard let error = error as? UserError else { Server.exit(withError: error) }
    let text = error.description
    let end = text.hasSuffix(".") || text.hasSuffix("?") ? "" : "."
    FileHandle.standardError.write(Data("waterfall-server: \(text)\(end)\n".utf8))
    exit(status(error.code))
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
  static let configuration = CommandConfiguration(
    commandName: "waterfall-server", abstract: "The servers of waterfall.",
    subcommands: [Sandbox.self])
}
