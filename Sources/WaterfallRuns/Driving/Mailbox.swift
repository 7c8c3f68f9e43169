import Synchronization
import WaterfallCore

/// Where providers leave their answers, from whatever thread. The driver empties it.
final class Mailbox: Sendable {
  struct Letter: Sendable {
    let row: Int64
    let answer: Answer
  }

  private let letters = Mutex<[Letter]>([])
  private let arrival: @Sendable () -> Void

  /// `arrival` is called after each letter that comes in while the driver may be waiting.
  init(arrival: @escaping @Sendable () -> Void) { self.arrival = arrival }

  func post(_ letter: Letter, isDriverWaiting: Bool) {
    letters.withLock { $0.append(letter) }
    if isDriverWaiting { arrival() }
  }

  /// Moves all letters into `box`, which is emptied first; its storage goes round and round.
  func drain(into box: inout [Letter]) {
    box.removeAll(keepingCapacity: true)
    letters.withLock { swap(&$0, &box) }
  }
}
