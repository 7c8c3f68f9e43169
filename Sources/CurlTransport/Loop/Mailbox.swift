import Synchronization
import WaterfallProviders

/// What other threads want from the loop, in the order in which they said so.
final class Mailbox: Sendable {
  enum Letter: Sendable {
    case send(Exchange)
    case cancel(HTTPExchangeID)
    case schedule(deadline: Int64, work: @Sendable () -> Void)
  }

  private struct State {
    var letters: [Letter] = []
    var number: UInt64 = 0
    var isAsleep = false
    var isClosed = false
  }

  private let state = Mutex(State())
  private let pipe: WakePipe

  init(pipe: WakePipe) { self.pipe = pipe }

  /// Posts a new exchange. False where the mailbox is closed: nobody will take it.
  func post(
    _ request: HTTPRequest, _ completion: @escaping Exchange.Completion
  ) -> (id: HTTPExchangeID, isTaken: Bool) {
    let (id, isTaken, wakes) = state.withLock { state in
      state.number += 1
      let id = HTTPExchangeID(number: state.number)
      guard !state.isClosed else { return (id, false, false) }
      state.letters.append(.send(Exchange(id, request, completion)))
      return (id, true, Self.rouse(&state))
    }
    if wakes { pipe.wake() }
    return (id, isTaken)
  }

  func post(_ letter: Letter) {
    let wakes = state.withLock { state in
      guard !state.isClosed else { return false }
      state.letters.append(letter)
      return Self.rouse(&state)
    }
    if wakes { pipe.wake() }
  }

  func close() {
    let wakes = state.withLock { state in
      state.isClosed = true
      return Self.rouse(&state)
    }
    if wakes { pipe.wake() }
  }

  /// Only a loop that sleeps is woken, and only once.
  private static func rouse(_ state: inout State) -> Bool {
    defer { state.isAsleep = false }
    return state.isAsleep
  }

  // MARK: For the loop

  /// Takes all letters out, in exchange for an empty array with room. True when it is closed.
  func take(into letters: inout [Letter]) -> Bool {
    state.withLock { state in
      state.isAsleep = false
      swap(&state.letters, &letters)
      return state.isClosed
    }
  }

  /// Announces a wait. False where there are letters to take first.
  func fallAsleep() -> Bool {
    state.withLock { state in
      state.isAsleep = state.letters.isEmpty && !state.isClosed
      return state.isAsleep
    }
  }
}
