import Synchronization
import WaterfallCore

/// Where providers leave their answers, from whatever thread. The driver empties it.
final class Mailbox: Sendable {
  struct Letter: Sendable {
    /// The number under which the driver asked. A second reply finds nobody who waits for it.
    let ask: Int64
    let news: News
  }

  enum News: Sendable {
    /// The provider works on it, and gave its work this name.
    case accepted(job: String)
    case answered(Answer)
  }

  private let letters = Mutex<[Letter]>([])
  private let isDriverWaiting = Atomic<Bool>(false)
  private let arrival: @Sendable () -> Void

  /// `arrival` is called after the first letter that comes in while the driver waits.
  init(arrival: @escaping @Sendable () -> Void) { self.arrival = arrival }

  func post(_ letter: Letter) {
    letters.withLock { $0.append(letter) }
    if isDriverWaiting.exchange(false, ordering: .sequentiallyConsistent) { arrival() }
  }

  /// The driver is about to wait: from now on the next letter is announced. It looks once more into
  /// the box before it does.
  func setDriverWaiting(_ isWaiting: Bool) {
    isDriverWaiting.store(isWaiting, ordering: .sequentiallyConsistent)
  }

  /// The answer to this question, if it is the only letter there.
  func takeOnlyLetter(for ask: Int64) -> Answer? {
    letters.withLock { letters in
      guard letters.count == 1, letters[0].ask == ask, case .answered(let answer) = letters[0].news
      else { return nil }
      letters.removeLast()
      return answer
    }
  }

  /// Moves all letters into `box`, which is emptied first; its storage goes round and round.
  func drain(into box: inout [Letter]) {
    box.removeAll(keepingCapacity: true)
    letters.withLock { swap(&$0, &box) }
  }
}
