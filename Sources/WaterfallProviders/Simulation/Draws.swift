import WaterfallCore

/// What chance decides about one attempt before its value: faults and latency.
struct AttemptDraws: Sendable {
  private let faultTotal: Double
  private let failures: [Double]
  private let logMedian: Double
  private let spread: Double
  private let timeoutLatency: Int64

  init(_ latency: LatencyProfile, _ faults: FaultRates) {
    faultTotal = faults.total
    failures = faults.failures
    logMedian = logarithm(Double(latency.p50))
    // The 95 % quantile of a log-normal is exp(μ + 1.6449·σ).
    spread = (logarithm(Double(latency.p95)) - logMedian) / 1.6448536
    timeoutLatency = min(latency.p95 * 10, Self.longest)
  }

  /// No simulated attempt takes longer: a minute.
  static let longest: Int64 = 60_000_000

  /// How long the attempt takes, in microseconds.
  @inline(__always) func latency(_ key: UInt64) -> Int64 {
    let log = logMedian + spread * Chance.normal(Chance.key(key, 1))
    return min(max(Int64(exponential(min(log, 20))), 1), Self.longest)
  }

  /// The fault that the attempt ends in, if any. A timeout takes ten times p95.
  @inline(__always) func fault(_ key: UInt64) -> Answer? {
    guard faultTotal > 0 else { return nil }
    let luck = Chance.uniform(Chance.key(key, 2))
    return luck < faultTotal ? fault(key, luck) : nil
  }

  private func fault(_ key: UInt64, _ luck: Double) -> Answer {
    var below = 0.0
    for (reason, share) in zip(FaultRates.reasons, failures) {
      below += share
      if luck < below {
        return Answer(.failure(reason), latency: latency(key), exchanges: 1)
      }
    }
    return Answer(.unknown, latency: timeoutLatency, exchanges: 1)
  }
}
