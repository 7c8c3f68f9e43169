import ArgumentParser
import CSVCodec
import Foundation
import WaterfallCore
import WaterfallLedger
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
    case let error as UserError:
      fail(error)
    case let error as CSVError:
      fail(UserError(error, in: "the sheet"))
    case let error as AmountError:
      fail(UserError(.input, error.description))
    case let error as LedgerError:
      fail(UserError(.fault, error.description, remedy: Self.report))
    case ConsoleFailure.failed(let reason):
      fail(UserError(.io, "cannot write to standard output: \(reason)"))
    default:
      // Help, the version, and what is wrong with the command line.
      if Waterfall.exitCode(for: error) != .failure { Waterfall.exit(withError: error) }
      fail(UserError(.fault, "\(error)", remedy: Self.report))
    }
  }

  private static let report = "This is a defect of waterfall; please report it."

  private func fail(_ error: UserError) -> Never {
    complain("waterfall: \(error.description)")
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
