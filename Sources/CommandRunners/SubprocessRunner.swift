import Dispatch
import Foundation
public import WaterfallCore
public import WaterfallProviders

/// Starts programs, each in a session of its own: the Ctrl-C that asks a run to stop in good order
/// does not reach them, and whatever they start is ended with them.
///
/// Writing to a program that has ended shows as an error only where the process ignores the signal
/// SIGPIPE, as the tool does.
public final class SubprocessRunner: CommandRunner {
  /// How long a program may take to end by itself once its input is closed, and then again once it
  /// is asked to, before it is made to.
  private let patience: Duration
  private let underWay = DispatchGroup()
  private let living = LivingPrograms()

  public init(patience: Duration = .seconds(2)) { self.patience = patience }

  public func start(
    _ program: CommandProgram, listener: @escaping @Sendable (CommandEvent) -> Void
  ) -> any RunningCommand {
    let running = RunningProgram()
    let session = ProgramSession(program, patience: patience, running, among: living)
    underWay.enter()
    Task.detached { [underWay] in
      let (ending, said) = await session.run(listener)
      listener(.ended(ending, said: said))
      underWay.leave()
    }
    return running
  }

  public func schedule(after delay: Duration, _ work: @escaping @Sendable () -> Void) {
    Task.detached {
      try? await Task.sleep(for: delay)
      work()
    }
  }

  public func waitForAll(atMost limit: Duration) {
    let (seconds, attoseconds) = limit.components
    let nanoseconds = Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000)
    _ = underWay.wait(timeout: .now() + .nanoseconds(nanoseconds))
  }

  public func killAll() { living.killAll() }
}

/// The end of a program that its provider holds: lines go in, until it is stopped.
final class RunningProgram: RunningCommand {
  let lines: AsyncStream<[UInt8]>
  private let input: AsyncStream<[UInt8]>.Continuation
  /// Nothing comes here: it only ends.
  private let stopping: AsyncStream<Never>
  private let stopped: AsyncStream<Never>.Continuation

  init() {
    (lines, input) = AsyncStream.makeStream(of: [UInt8].self)
    (stopping, stopped) = AsyncStream.makeStream(of: Never.self)
  }

  func write(_ text: [UInt8]) { input.yield(text) }

  func stop() {
    input.finish()
    stopped.finish()
  }

  /// Returns once it is stopped. For one task.
  func waitForStop() async { for await _ in stopping {} }
}

// MARK: Finding programs

extension SubprocessRunner {
  public func locate(
    _ program: String, in folder: String, searchPath: String
  ) throws(UserError) -> String {
    let isPath = program.contains("/")
    let candidates =
      isPath
      ? [URL(filePath: program, relativeTo: URL(filePath: folder + "/")).standardizedFileURL.path]
      : searchPath.split(separator: ":").map { "\($0)/\(program)" }
    let files = candidates.filter(isFile)
    if let found = files.first(where: { access($0, X_OK) == 0 }) {
      try ScriptHead(found)?.check(in: folder, searchPath: searchPath)
      return found
    }
    if let file = files.first {
      throw UserError(
        .input, "the program \(file) may not be executed", remedy: "Allow it: chmod +x \(file)")
    }
    if isPath {
      throw UserError(
        .input, "there is no program \(candidates[0])",
        remedy: "Mend “run” in the manifest; the path is relative to it.")
    }
    throw UserError(
      .input, "there is no program “\(program)” in the folders of PATH",
      remedy: "Install it; or write ./\(program) for one beside the manifest.")
  }

  private func isFile(_ path: String) -> Bool {
    var isFolder = ObjCBool(false)
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && !isFolder.boolValue
  }
}
