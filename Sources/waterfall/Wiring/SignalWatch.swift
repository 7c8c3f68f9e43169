import Dispatch
import Foundation
import WaterfallRuns

/// Turns SIGINT and SIGTERM into a request to stop in good order. A second one leaves at once: the
/// journal makes that safe.
final class SignalWatch {
  private let sources: [any DispatchSourceSignal]

  init(stop: StopSignal, console: Console) {
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        guard !stop.isRaised else { _exit(ExitStatus.interrupted.rawValue) }
        stop.raise()
        let start = console.drawsProgress ? "\n" : ""
        console.say(
          "\(start)stopping: rows in flight are being finished and stored; "
            + "press Ctrl-C once more to leave at once")
      }
      source.resume()
      return source
    }
  }

  deinit {
    for source in sources { source.cancel() }
  }
}
