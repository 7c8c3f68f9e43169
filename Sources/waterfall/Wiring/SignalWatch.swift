import Dispatch
import Foundation
import Synchronization
import WaterfallRuns

/// Turns SIGINT and SIGTERM into a request to stop in good order. A second one leaves at once: the
/// journal makes that safe.
///
/// Signals that come together are one: who ends a process and its group, as GNU timeout does, sends
/// two at once.
final class SignalWatch {
  /// How long after the first signal others still belong to it.
  private static let together = Duration.milliseconds(200)

  private let sources: [any DispatchSourceSignal]
  /// What is said about a signal. Whoever reads it may be slow: the next signal is not to wait for
  /// that.
  private let words = DispatchQueue(label: "words about signals")

  /// - Parameter leaving: is called before the second signal ends the process; it may not wait.
  init(stop: StopSignal, console: Console, leaving: @escaping @Sendable () -> Void) {
    let first = FirstSignal()
    // Of its own, so that no signal waits for the run's work.
    let queue = DispatchQueue(label: "signals", qos: .userInteractive)
    let words = words
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler {
        if let passed = first.passed() {
          guard passed > Self.together else { return }
          leaving()
          _exit(ExitStatus.interrupted.rawValue)
        }
        let start = console.drawsProgress ? "\n" : ""
        words.async {
          console.say(
            "\(start)stopping: rows in flight are being finished and stored; "
              + "press Ctrl-C once more to leave at once")
        }
        stop.raise()
      }
      source.resume()
      return source
    }
  }

  deinit {
    for source in sources { source.cancel() }
  }

  /// Watches while `body` runs. When it returns, what there was to say of a signal that stopped it
  /// has been said.
  func during<Result>(_ body: () throws -> Result) rethrows -> Result {
    defer { words.sync {} }
    return try body()
  }
}

/// When the first signal came.
private final class FirstSignal: Sendable {
  private let time = Mutex<ContinuousClock.Instant?>(nil)

  /// The time since the first signal; nil for the first one itself.
  func passed() -> Duration? {
    time.withLock { time in
      let now = ContinuousClock.now
      if let time { return now - time }
      time = now
      return nil
    }
  }
}
