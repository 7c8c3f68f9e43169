/// What a socket is watched for, and what it is ready for.
struct Readiness: OptionSet {
  let rawValue: UInt8
  static let read = Readiness(rawValue: 1)
  static let write = Readiness(rawValue: 2)
}

/// Waits for sockets. Level-triggered: what is ready and not dealt with is told again.
protocol Poller: AnyObject {
  /// Watches a socket for these alone. `isNew` is false where it is watched already.
  func watch(_ descriptor: Int32, for interest: Readiness, isNew: Bool)

  /// No longer watches a socket, which has to be open still.
  func forget(_ descriptor: Int32)

  /// Waits until something is ready, at most so many milliseconds (-1: as long as it takes), and
  /// calls `body` for each socket that is. A socket that broke is ready for all it is watched for.
  /// Returns for how many; there may be more.
  @discardableResult
  func wait(milliseconds: Int32, _ body: (Int32, Readiness) -> Void) -> Int
}

/// The poller of this system.
func makeSystemPoller() throws -> any Poller {
  #if os(Linux)
    return try EpollPoller()
  #else
    return PollPoller()
  #endif
}
