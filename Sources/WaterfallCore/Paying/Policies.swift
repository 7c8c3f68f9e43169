/// Whose credential is used for an attempt.
public enum KeySource: String, Sendable, CaseIterable, Codable {
  /// The operator's credential: credits are charged.
  case managed
  /// The user's own credential: no credits are charged; the attempt is still recorded.
  case own
}

/// When a step is charged.
public enum ChargePolicy: String, Sendable, CaseIterable, Codable {
  /// Only when the provider returns a value.
  case found
  /// Whenever the provider answers, with or without a value.
  case called
}

/// Whether a rejected hit is refunded.
public enum RefundPolicy: String, Sendable, CaseIterable, Codable {
  case always
  /// As the provider itself does, which its manifest says.
  case provider
  case never
}

/// A verifier's answer that some verifiers do not charge.
public enum FreeVerdict: String, Sendable, CaseIterable, Codable {
  /// It could not tell.
  case unknown
  /// The domain accepts mail for every name.
  case catchAll = "catch_all"

  /// What kind of free answer a verdict could be; nil for a definite one. No verdict at all counts
  /// as one that could not tell.
  public init?(_ verdict: Verdict?) {
    switch verdict?.kind {
    case .unverified, nil: self = .unknown
    case .risky where verdict?.reason == .catchAll: self = .catchAll
    case .valid, .invalid, .risky: return nil
    }
  }
}
