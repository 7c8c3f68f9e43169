/// Something that a check found in a file, and that its author can mend.
public struct Finding: Error, Sendable, Equatable {
  public enum Severity: String, Sendable, CaseIterable {
    /// The file does not do what it should.
    case error
    /// It may be meant, and is most likely not.
    case warning
  }

  public let severity: Severity
  /// The name of the check, for scripts: lower-case words with hyphens between them.
  public let check: String
  /// A sentence without a full stop, which names the thing.
  public let message: String
  /// `file:line:column`, or as much of it as is known.
  public let place: String?
  /// What to do, as a sentence.
  public let remedy: String?

  public init(
    _ severity: Severity, _ check: String, _ message: String, place: String? = nil,
    remedy: String? = nil
  ) {
    self.severity = severity
    self.check = check
    self.message = message
    self.place = place
    self.remedy = remedy
  }

  /// A file that cannot be read at all.
  public init(_ error: UserError, check: String) {
    self.init(.error, check, error.message, place: error.place, remedy: error.remedy)
  }
}

extension Finding: CustomStringConvertible {
  /// `place: error: message. Remedy.`, as compilers write it.
  public var description: String {
    let text = (place.map { "\($0): " } ?? "") + "\(severity.rawValue): \(message)"
    guard let remedy else { return text }
    return "\(text). \(remedy)" + (".?!".contains(remedy.last ?? " ") ? "" : ".")
  }
}

extension Finding {
  /// The parts of `place`, for documents: the file's name, and line and column where they are known.
  public var position: (file: String, line: Int?, column: Int?)? {
    guard let place else { return nil }
    var parts = place.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count >= 3, let column = Int(parts[parts.count - 1]),
      let line = Int(parts[parts.count - 2])
    else { return (place, nil, nil) }
    parts.removeLast(2)
    return (parts.joined(separator: ":"), line, column)
  }
}
