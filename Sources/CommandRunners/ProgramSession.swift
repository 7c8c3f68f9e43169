import Subprocess
import Synchronization
import SystemPackage
import WaterfallCore
import WaterfallProviders

/// One program from its start to its end. What it is told goes in and what it says comes out in
/// tasks of their own, so that neither waits for the other; and its end waits for none of them.
struct ProgramSession: Sendable {
  private let program: CommandProgram
  private let patience: Duration
  private let running: RunningProgram
  private let living: LivingPrograms

  init(
    _ program: CommandProgram, patience: Duration, _ running: RunningProgram,
    among living: LivingPrograms
  ) {
    self.program = program
    self.patience = patience
    self.running = running
    self.living = living
  }

  /// Runs the program and returns how it ended, with the last lines of its standard error.
  ///
  /// The talk is over when `running` is stopped, or when the program closes its standard input or
  /// output: then the program gets the end of its input, and is made to end if it does not.
  func run(
    _ listener: @escaping @Sendable (CommandEvent) -> Void
  ) async -> (CommandEnding, [String]) {
    let complaints = Complaints()
    do {
      let result = try await Subprocess.run(
        configuration, input: .inputWriter, output: .sequence, error: .sequence
      ) { execution in
        let process = WatchedProcess(id: execution.processIdentifier.value)
        living.add(process)
        await withTaskGroup { talk in
          talk.addTask { await write(to: execution.standardInputWriter) }
          talk.addTask {
            // Who does not read keeps the writer waiting: only its end lets go of it.
            await running.waitForStop()
            await process.end(patience)
          }
          talk.addTask {
            await Self.readLines(of: execution.standardOutput, mostBytes: CommandEvent.longestLine)
            {
              listener($0.map(CommandEvent.line) ?? .longLine)
            }
            running.stop()
          }
          talk.addTask {
            await Self.readLines(of: execution.standardError, mostBytes: Complaints.longestLine) {
              complaints.add($0)
            }
          }
        }
        living.remove(process)
      }
      switch result.terminationStatus {
      case .exited(let status): return (.exited(status), complaints.lines)
      case .signaled(let signal): return (.killed(signal: signal), complaints.lines)
      }
    } catch {
      return (.notStarted(Self.words(for: error, program)), complaints.lines)
    }
  }

  private var configuration: Subprocess.Configuration {
    var environment = program.environment.map { Array("\($0.key)=\($0.value)\0".utf8) }
    if let entry = program.secret {
      environment.append(Array("\(entry.variable)=\(entry.secret.reveal())\0".utf8))
    }
    var options = PlatformOptions()
    options.createSession = true
    return Subprocess.Configuration(
      executable: .path(FilePath(program.path)), arguments: Arguments(program.arguments),
      environment: .custom(environment), workingDirectory: FilePath(program.folder),
      platformOptions: options)
  }

  private static func words(for error: any Error, _ program: CommandProgram) -> String {
    guard let error = error as? SubprocessError, let cause = error.underlyingError else {
      return "\(program.path) cannot be executed"
    }
    return "\(program.path): \(cause)"
  }

  // MARK: The three streams

  /// Until the talk is over; then the program gets the end of its input.
  private func write(to writer: StandardInputWriter) async {
    for await line in running.lines {
      guard let count = try? await writer.write(line), count == line.count else { break }
    }
    running.stop()
    try? await writer.finish()
  }

  /// Until its end. A line that is too long is dropped, and handed on as nil.
  private static func readLines(
    of stream: SubprocessOutputSequence, mostBytes: Int, _ take: ([UInt8]?) -> Void
  ) async {
    var splitter = LineSplitter(mostBytes: mostBytes)
    do {
      for try await buffer in stream {
        buffer.withUnsafeBytes { splitter.split($0, take) }
      }
    } catch {
      // The program is gone, or as good as that: what came is all there is.
    }
    splitter.finish(take)
  }
}

/// The last lines of a program's standard error.
private final class Complaints: Sendable {
  static let longestLine = 16_384
  private static let most = 20

  private let kept = Mutex<[String]>([])

  func add(_ line: [UInt8]?) {
    let text = line.map { String(decoding: $0, as: UTF8.self) } ?? "(a very long line)"
    kept.withLock { lines in
      if lines.count == Self.most { lines.removeFirst() }
      lines.append(text)
    }
  }

  var lines: [String] { kept.withLock { $0 } }
}
