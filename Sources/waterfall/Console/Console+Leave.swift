import ArgumentParser
import Foundation
import WaterfallCore
import WaterfallRuns

/// The one place where errors become words and an exit status.
extension Console {
  func leave(after error: any Error) -> Never {
    switch error {
    case let status as LeaveWith:
      exit(status.status.rawValue)
    case let error as UserError where error == .brokenPipe:
      exit(ExitStatus.done.rawValue)
    case ConsoleFailure.nobodyReads:
      exit(ExitStatus.done.rawValue)
    case is UserError:
      fail(UserError(describing: error))
    default:
      leave(afterParsing: error)
    }
  }

  /// Help, the version, what is wrong with the command line, or what nobody foresaw.
  private func leave(afterParsing error: any Error) -> Never {
    switch Waterfall.exitCode(for: error) {
    case .failure:
      fail(UserError(describing: error))
    case .validationFailure:
      let arguments = Array(CommandLine.arguments.dropFirst())
      complain("waterfall: \(CommandLineWords(error, arguments: arguments).text)")
      exit(ExitStatus.usage.rawValue)
    default:
      Waterfall.exit(withError: error)
    }
  }

  private func fail(_ error: UserError) -> Never {
    complain("waterfall: \(error.sentence)")
    exit(ExitStatus(error.code).rawValue)
  }
}

/// Thrown by a command that has said everything and only wants its status.
struct LeaveWith: Error {
  let status: ExitStatus
}

extension ExitStatus {
  init(_ code: UserError.Code) {
    switch code {
    case .input: self = .input
    case .usage: self = .usage
    case .io: self = .io
    case .paused: self = .paused
    case .fault: self = .fault
    }
  }
}
