/// How many questions a provider can make use of at once: what more it had, would wait in its gate.
extension HTTPSection {
  /// What its limits allow in this time is worth having at hand.
  private static let foresight = Duration.seconds(10)

  /// At least 1. What may be asked again hurts nobody when it is stopped or lost: then only the time
  /// counts that a run takes to stop, and some more at hand saves commits.
  var room: Int {
    let operations = [HTTPOperation](finds.values) + verifies.values
    let isHarmless =
      idempotencyHeader != nil || operations.allSatisfy { $0.onUnknown == .repeat }
    let concurrency = concurrency ?? HTTPProvider.usualConcurrency
    let exchanges = limits.reduce(concurrency * (isHarmless ? 16 : 2)) { most, limit in
      min(most, limit.requests * max(1, Int(Self.foresight / limit.per)))
    }
    let questions = operations.lazy.compactMap(\.batch?.most).max() ?? 1
    return max(1, exchanges) * questions
  }
}
