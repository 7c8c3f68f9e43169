import Foundation
public import WaterfallProviders

/// Runs commands by `/bin/sh -c`, without a terminal, and with an empty standard input: what is read
/// there may be a sheet.
public struct ShellCommands: KeyCommands {
  let environment: [String: String]
  let limit: Duration
  /// How long a command that was asked to end may take for it.
  private static let farewell = Duration.milliseconds(500)
  private static let mostOutput = 65_536
  private static let mostErrors = 4_096

  /// - Parameter limit: how long a command may take.
  public init(environment: [String: String], limit: Duration = .seconds(30)) {
    self.environment = environment
    self.limit = limit
  }

  public func run(_ command: String) -> KeyCommandResult {
    guard let output = Pipe(), let errors = Pipe() else { return Self.notStarted(errno) }
    defer {
      output.close()
      errors.close()
    }
    let process: ChildProcess
    let arguments = ["/bin/sh", "-c", command]
    switch ChildProcess.start(
      arguments, environment: environment, output: output, errors: errors)
    {
    case .success(let started): process = started
    case .failure(let failure): return Self.notStarted(failure.code)
    }
    return follow(process, output, errors)
  }

  private static func notStarted(_ code: Int32) -> KeyCommandResult {
    KeyCommandResult(.notStarted(String(cString: strerror(code))))
  }

  /// Reads until the command has ended, whoever else holds its output open, or is overdue.
  private func follow(
    _ process: ChildProcess, _ output: Pipe, _ errors: Pipe
  ) -> KeyCommandResult {
    let deadline = ContinuousClock.now + limit
    var (text, complaints): ([UInt8], [UInt8]) = ([], [])
    var ending: KeyCommandResult.Ending?
    repeat {
      ending = process.ending
      if ending == nil, ContinuousClock.now >= deadline {
        process.end(within: Self.farewell)
        let seconds = Double(limit.components.seconds) + Double(limit.components.attoseconds) / 1e18
        ending = .overdue(after: seconds)
      }
      if ending == nil { Pipe.wait(for: [output, errors], milliseconds: 10) }
      text += output.takeAll().prefix(Self.mostOutput - text.count)
      complaints = (complaints + errors.takeAll()).suffix(Self.mostErrors)
    } while ending == nil
    return KeyCommandResult(
      ending ?? .notStarted("unknown"), output: text, errors: complaints)
  }
}
