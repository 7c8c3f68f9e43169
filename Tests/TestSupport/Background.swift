import Foundation
import Synchronization

/// Work on a thread of its own, beside the test. A task would wait until a thread of the pool is
/// free, which may be the very one that waits for it; and so does the clock of `.timeLimit`.
public final class Background<Value: Sendable>: Sendable {
  public struct Overdue: Error {}

  private let result = Mutex<Result<Value, any Error>?>(nil)
  private let isOver = DispatchSemaphore(value: 0)

  public init(_ work: @escaping @Sendable () throws -> Value) {
    Thread.detachNewThread { [self] in
      let outcome = Result(catching: work)
      result.withLock { $0 = outcome }
      isOver.signal()
    }
  }

  /// What the work returned, to be asked for once. Throws its error, and `Overdue` where it does not
  /// come to an end; the time is for a machine that stands still for a while.
  public func value(within limit: Duration = .seconds(300)) throws -> Value {
    let seconds = Double(limit.components.seconds)
    guard isOver.wait(timeout: .now() + seconds) == .success, let result = result.withLock({ $0 })
    else { throw Overdue() }
    return try result.get()
  }
}
