import Synchronization
import WaterfallCore

/// What happened in a run, in order: commits, bytes written, questions asked.
final class Journey: Sendable {
  enum Event: Equatable, Sendable {
    /// The batch, counted from 0, and the rows done with it.
    case commit(Int)
    case write(bytes: Int)
    case sync
    case ask(AttemptID)
  }

  private let log = Mutex<[Event]>([])

  func add(_ event: Event) { log.withLock { $0.append(event) } }

  var events: [Event] { log.withLock { $0 } }

  var asked: [AttemptID] {
    events.compactMap { if case .ask(let id) = $0 { id } else { nil } }
  }
}
