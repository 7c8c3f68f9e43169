/// Something that the user can understand, and mostly mend: what is wrong, where, and the remedy.
///
/// The door turns it into words on standard error and an exit status.
public struct UserError: Error, Sendable, Equatable {
  public enum Code: Sendable {
    /// Something in the input or the request that the user can mend.
    case input
    /// The command line itself is wrong.
    case usage
    /// A file, a disk or another device failed.
    case io
    /// The run is paused and can be resumed.
    case paused
    /// Our own fault.
    case fault
  }

  public let code: Code
  /// A sentence without a full stop, which names the thing.
  public let message: String
  /// File, line and column, row, or key, where there is one: `waterfall.yaml:3:7`.
  public let place: String?
  /// What to do, as a sentence.
  public let remedy: String?

  public init(_ code: Code, _ message: String, place: String? = nil, remedy: String? = nil) {
    self.code = code
    self.message = message
    self.place = place
    self.remedy = remedy
  }
}

extension UserError: CustomStringConvertible {
  /// `place: message. Remedy.`
  public var description: String {
    (place.map { "\($0): " } ?? "") + message + (remedy.map { ". \($0)" } ?? "")
  }
}
