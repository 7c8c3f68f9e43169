import Dispatch
import Foundation
import WaterfallCore
import WaterfallProviders

/// Takes a key from standard input: from a terminal without showing it, or from a pipe.
struct KeyInput {
  let console: Console

  static let place = "standard input"
  /// What a terminal takes as one line; it drops the rest without a word.
  private static let longestLine = 4095

  /// Throws `UserError` for whatever is no key; the text is never repeated.
  func key(of provider: ProviderID, _ source: KeySource) throws(UserError) -> String {
    let isTerminal = isatty(STDIN_FILENO) == 1
    let bytes = try isTerminal ? ask(provider, source) : readAll()
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw UserError(.input, "the key is not UTF-8 text", place: Self.place)
    }
    return try KeyText.key(
      text, place: Self.place,
      remedy: "Give the key alone, on one line: type it when asked, or pipe it into the command.")
  }

  /// Until the end, or until it is longer than any key: spaces at its end are none of its own.
  private func readAll() throws(UserError) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while bytes.count <= 4 * KeyText.longest {
      let count = read(STDIN_FILENO, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw UserError(
          .io, "the key cannot be read (\(String(cString: strerror(errno))))", place: Self.place)
      }
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    return bytes
  }

  /// One line from the terminal, which does not show it.
  private func ask(_ provider: ProviderID, _ source: KeySource) throws(UserError) -> [UInt8] {
    guard let silence = TerminalSilence() else {
      throw UserError(
        .io, "the terminal cannot be kept from showing the key", place: Self.place,
        remedy: "Pipe the key into the command.")
    }
    console.prompt("The \(source.title) of \(provider) (it is not shown): ")
    defer {
      silence.end()
      console.prompt("\n")
    }
    var bytes: [UInt8] = []
    var byte: UInt8 = 0
    while true {
      let count = read(STDIN_FILENO, &byte, 1)
      if count < 0, errno == EINTR { continue }
      guard count == 1, byte != UInt8(ascii: "\n") else { break }
      bytes.append(byte)
    }
    guard bytes.count < Self.longestLine else {
      throw UserError(
        .input, "the key is longer than a line of a terminal can be", place: Self.place,
        remedy: "Pipe it into the command.")
    }
    return bytes
  }
}

/// While it lasts, the terminal does not show what is typed. A signal that ends the process brings
/// the terminal back first.
private struct TerminalSilence {
  private let before: termios
  private let sources: [any DispatchSourceSignal]

  init?() {
    var state = termios()
    guard tcgetattr(STDIN_FILENO, &state) == 0 else { return nil }
    let before = state
    state.c_lflag &= ~tcflag_t(ECHO)
    guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &state) == 0 else { return nil }
    // A stopped process would leave the shell with a silent terminal.
    signal(SIGTSTP, SIG_IGN)
    self.before = before
    sources = [SIGINT, SIGTERM, SIGHUP, SIGQUIT].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        var before = before
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
        Console.standard.prompt("\n")
        _exit(ExitStatus.interrupted.rawValue)
      }
      source.resume()
      return source
    }
  }

  func end() {
    var before = before
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
    for source in sources { source.cancel() }
  }
}
