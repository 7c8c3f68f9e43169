/// How an attempt ended.
public enum Outcome: Sendable, Equatable {
  /// The provider returned a value. A verifier's hit is its verdict on the candidate.
  case hit(String)
  /// The provider says that it has none.
  case miss
  /// The provider provably did not answer.
  case failure(FailureReason)
  /// Sent, and whether it was done or billed cannot be proved yet.
  case unknown
}

/// Why a provider provably did not answer.
public enum FailureReason: String, Sendable, CaseIterable, Codable {
  case refused
  case unavailable
  case malformed
  case rateLimited = "rate_limited"
  case credentials
  case quota
  case notSent = "not_sent"
  /// Sent, never answered, and resolved without a proof that anything was done.
  case unresolved

  /// The reason in a sentence: “it failed: …”.
  public var words: String {
    switch self {
    case .refused: "it refused the request"
    case .unavailable: "it was unavailable"
    case .malformed: "its answer was malformed"
    case .rateLimited: "its rate limit was exhausted"
    case .credentials: "it did not accept the key"
    case .quota: "its own quota was used up"
    case .notSent: "the request could not be sent"
    case .unresolved: "it never answered, and nothing shows that it did the work"
    }
  }
}

/// Everything a provider's reply says about one attempt.
public struct Answer: Sendable, Equatable {
  public var outcome: Outcome
  /// From the first byte sent to the last byte read, over all exchanges, in microseconds.
  public var latency: Int64
  /// Round trips, retries included; 0 for a provider without a network.
  public var exchanges: Int32
  /// The verdict of a verifier on the candidate; for a finder, its own word on its value, if any.
  public var verdict: Verdict?
  /// What the provider says that this attempt cost, where it says so, in credits.
  public var reportedCost: Credits?
  /// What the provider bills in currency, where known.
  public var money: Money?

  public init(
    _ outcome: Outcome, latency: Int64 = 0, exchanges: Int32 = 0, verdict: Verdict? = nil,
    reportedCost: Credits? = nil, money: Money? = nil
  ) {
    self.outcome = outcome
    self.latency = latency
    self.exchanges = exchanges
    self.verdict = verdict
    self.reportedCost = reportedCost
    self.money = money
  }
}
