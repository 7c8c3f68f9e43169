public import WaterfallCore

/// Starts programs and talks with them by lines. What starts processes lives among the drivers.
public protocol CommandRunner: Sendable {
  /// The path of a program: of a name with a slash in `folder`, of another one in the folders of
  /// `searchPath`, which colons separate.
  ///
  /// Throws `UserError` where there is none, or where it may not be executed.
  func locate(
    _ program: String, in folder: String, searchPath: String
  ) throws(UserError) -> String

  /// Starts a program. `listener` is told what it does, one event after the other, the last one
  /// being `ended`; on a thread of the runner's own, and never before this call returns. It must
  /// not block.
  func start(
    _ program: CommandProgram, listener: @escaping @Sendable (CommandEvent) -> Void
  ) -> any RunningCommand

  /// Calls `work` once, no earlier than `delay` from now, on a thread of the runner's own.
  func schedule(after delay: Duration, _ work: @escaping @Sendable () -> Void)

  /// Waits until every program has ended, but no longer than `limit`. They have to be stopped
  /// before.
  func waitForAll(atMost limit: Duration)

  /// Ends every program at once and by force, for a process that leaves without a word. Waits for
  /// nothing.
  func killAll()
}

/// A program that was started.
public protocol RunningCommand: Sendable {
  /// Hands a text over to the program's standard input, after all before it. Never waits; what the
  /// program does not take is lost.
  func write(_ text: [UInt8])

  /// Closes the program's standard input, and ends it by force if that does not make it end. Does
  /// not wait for it.
  func stop()
}

/// What is started, where, and with what.
public struct CommandProgram: Sendable {
  /// Absolute.
  public let path: String
  public let arguments: [String]
  /// Where it runs.
  public let folder: String
  /// All of its environment but the secret.
  public let environment: [String: String]
  /// A key, and the variable that it goes into.
  public let secret: Environment?

  public struct Environment: Sendable {
    public let variable: String
    public let secret: Secret
  }

  public init(
    path: String, arguments: [String], folder: String, environment: [String: String],
    secret: Environment? = nil
  ) {
    self.path = path
    self.arguments = arguments
    self.folder = folder
    self.environment = environment
    self.secret = secret
  }
}

/// What a program does.
public enum CommandEvent: Sendable, Equatable {
  /// The longest line taken, in bytes.
  public static let longestLine = 1 << 20

  /// A line of its standard output, without the line end.
  case line([UInt8])
  /// A line that was too long to be taken.
  case longLine
  /// It has ended. `said` are the last lines of its standard error, as text.
  case ended(CommandEnding, said: [String])
}

public enum CommandEnding: Sendable, Equatable {
  case exited(Int32)
  case killed(signal: Int32)
  /// It could not be started, for a reason that follows a colon.
  case notStarted(String)
}
