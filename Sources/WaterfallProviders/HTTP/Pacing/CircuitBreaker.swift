import Synchronization
import WaterfallCore

/// Leaves a provider in peace that fails again and again, and probes it now and then.
///
/// Closed, everything is asked. After `patience` failures in a row (fewer for a key that is not
/// accepted or a quota that is used up) it opens: attempts become skips. After a while one attempt
/// is let through as a probe; its success closes the breaker, its failure doubles the while.
final class CircuitBreaker: Sendable {
  private struct State {
    var failures = 0
    var openUntil: ContinuousClock.Instant?
    var pause = CircuitBreaker.firstPause
    /// A probe is let through or under way; after this time it counts as lost, and another one is
    /// let through.
    var probeUntil: ContinuousClock.Instant?
  }

  static let patience = 10
  static let patienceForRefusals = 3
  static let firstPause = Duration.seconds(20)
  static let longestPause = Duration.seconds(600)
  static let longestProbe = Duration.seconds(120)
  /// Whoever is let through may turn out not to ask, for want of credits or of a budget.
  static let longestHesitation = Duration.seconds(5)

  private let now: HTTPAccess.Clock
  private let state = Mutex(State())

  init(now: @escaping HTTPAccess.Clock = { ContinuousClock.now }) { self.now = now }

  /// Whether the provider may be asked now. While it is open, that is true for one probe at a time,
  /// which `begin` has to follow soon: else the next one is let through.
  func admits() -> Bool {
    state.withLock { state in
      guard let until = state.openUntil else { return true }
      let now = now()
      guard now >= max(until, state.probeUntil ?? until) else { return false }
      state.probeUntil = now + Self.longestHesitation
      return true
    }
  }

  /// An attempt begins. True for the probe.
  @discardableResult func begin() -> Bool {
    state.withLock { state in
      guard let until = state.openUntil else { return false }
      let now = now()
      guard now >= until else { return false }
      state.probeUntil = now + Self.longestProbe
      return true
    }
  }

  /// Whether attempts that have begun and were not sent yet had better not be, but for the probe.
  var isOpen: Bool { state.withLock { $0.openUntil != nil } }

  /// How an attempt ended.
  func record(_ outcome: Outcome) { record(weight: Self.weight(of: outcome)) }

  /// How the members of a batch ended. They shared one exchange, and count as one attempt.
  func record(batch outcomes: some Sequence<Outcome>) {
    if let weight = outcomes.lazy.map(Self.weight).min() { record(weight: weight) }
  }

  private func record(weight: Int) {
    state.withLock { state in
      guard weight > 0 else {
        state = State()
        return
      }
      if state.probeUntil != nil {
        state.probeUntil = nil
        state.pause = min(state.pause * 2, Self.longestPause)
        state.openUntil = now() + state.pause
        return
      }
      state.failures += weight
      guard state.openUntil == nil, state.failures >= Self.patience else { return }
      state.openUntil = now() + state.pause
    }
  }

  /// What an outcome says against the provider itself; 0 where it answered, or where only this
  /// question was at fault.
  private static func weight(of outcome: Outcome) -> Int {
    switch outcome {
    case .hit, .miss, .failure(.refused), .failure(.malformed): 0
    case .failure(.credentials), .failure(.quota):
      (patience + patienceForRefusals - 1) / patienceForRefusals
    case .failure, .unknown: 1
    }
  }
}
