/// Runs the commands of the key file. What starts processes lives among the drivers.
public protocol KeyCommands: Sendable {
  /// Runs a command to its end, or until its time is over. Blocks meanwhile.
  func run(_ command: String) -> KeyCommandResult
}

/// How a command of the key file went.
public struct KeyCommandResult: Sendable {
  public enum Ending: Sendable, Equatable {
    case exited(Int32)
    case killed(signal: Int32)
    /// It took longer than this, in seconds, and was ended.
    case overdue(after: Double)
    /// It could not be started, for a reason that follows a colon.
    case notStarted(String)
  }

  public let ending: Ending
  /// The beginning of its standard output.
  public let output: [UInt8]
  /// The end of its standard error.
  public let errors: [UInt8]

  public init(_ ending: Ending, output: [UInt8] = [], errors: [UInt8] = []) {
    self.ending = ending
    self.output = output
    self.errors = errors
  }

  /// The first line of the output, without the spaces around it; nil where it is not UTF-8.
  var firstLine: String? {
    let line = output.prefix { $0 != UInt8(ascii: "\n") }
    return String(validating: line, as: UTF8.self).map { CanonicalText.trimmed($0) }
  }

  /// What the command said on standard error, in one line fit for a message.
  var complaint: String {
    let lines = String(decoding: errors, as: UTF8.self).split(whereSeparator: \.isNewline)
      .map { CanonicalText.trimmed($0) }.filter { !$0.isEmpty }
    let text = lines.suffix(5).joined(separator: " / ")
    return String(
      String.UnicodeScalarView(
        text.unicodeScalars.map {
          $0.properties.generalCategory == .control ? "\u{FFFD}" : $0
        }))
  }
}
