import Foundation
import WaterfallCore
import WaterfallRuns

/// The terminal: data on standard output, talk on standard error. Nothing else in the tool prints.
struct Console {
  static let standard = Console()

  /// The keys that this process has used: whatever is said, they are not.
  static let redaction = Redaction()

  /// Whether only errors are said.
  var isQuiet = false

  /// Whether talk is read by a person: progress is drawn only then.
  var drawsProgress: Bool { !isQuiet && isatty(STDERR_FILENO) == 1 }

  /// Writes data to standard output, with a line end if it has none.
  func data(_ text: String) throws {
    try write(text.hasSuffix("\n") ? text : text + "\n", to: STDOUT_FILENO)
  }

  /// Says something on standard error, unless it is to be quiet.
  func say(_ text: String) {
    if !isQuiet { complain(text) }
  }

  /// Says on standard error what has to be heard even in quiet.
  func complain(_ text: String) {
    // Talk that nobody listens to is no reason to stop.
    try? write(Self.redaction.cleaned(text) + "\n", to: STDERR_FILENO)
  }

  /// Asks something; the answer is typed on the same line.
  func prompt(_ text: String) { try? write(text, to: STDERR_FILENO) }

  /// Draws over the last line of the terminal.
  func draw(_ text: String) {
    try? write("\r\u{1B}[2K" + Self.redaction.cleaned(text), to: STDERR_FILENO)
  }

  private func write(_ text: String, to descriptor: Int32) throws {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        throw errno == EPIPE
          ? ConsoleFailure.nobodyReads : .failed(systemWords(errno))
      }
      bytes = bytes.dropFirst(count)
    }
  }
}

enum ConsoleFailure: Error {
  case nobodyReads
  case failed(String)
}

/// A reader that goes away, or a file that may not grow any more (`ulimit -f`), shows as an error of
/// the write, not as a signal that kills us.
func ignoreSignalsOfWrites() {
  signal(SIGPIPE, SIG_IGN)
  signal(SIGXFSZ, SIG_IGN)
}
