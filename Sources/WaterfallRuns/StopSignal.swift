import Synchronization

/// A request to stop a run in good order, raised from any thread or a signal handler's queue.
public final class StopSignal: Sendable {
  private let flag = Atomic<Bool>(false)

  public init() {}

  public func raise() { flag.store(true, ordering: .relaxed) }

  public var isRaised: Bool { flag.load(ordering: .relaxed) }
}
