public import WaterfallCore

/// How a provider behaves in the simulated world.
public struct Simulation: Sendable, Equatable {
  public let finds: [Field: FinderBehaviour]
  public let verifies: [Field: VerifierBehaviour]
}

extension Manifest {
  /// The same provider, whose simulation answers every attempt.
  public var withoutSimulatedFaults: Manifest {
    guard let simulation else { return self }
    var (finds, verifies) = (simulation.finds, simulation.verifies)
    for field in finds.keys { finds[field]?.faults = .none }
    for field in verifies.keys { verifies[field]?.faults = .none }
    var manifest = self
    manifest.simulation = Simulation(finds: finds, verifies: verifies)
    return manifest
  }
}

/// How a simulated finder answers for one field.
public struct FinderBehaviour: Sendable, Equatable {
  /// Hits ÷ attempts that were answered.
  public let hitRate: Double
  /// Hits with a value judged valid ÷ hits.
  public let validShare: Double
  /// Hits at a catch-all domain, judged risky, ÷ hits. Work e-mail addresses only.
  public let riskyShare: Double
  /// Wrong values that are the one that other providers return too ÷ wrong values.
  public let commonWrongShare: Double
  /// Wrong values that are fixed lines ÷ wrong values. Mobile numbers only.
  public let landlineShare: Double
  public let latency: LatencyProfile
  public internal(set) var faults: FaultRates
}

/// How a simulated verifier judges the values of one field.
public struct VerifierBehaviour: Sendable, Equatable {
  /// Definite answers ÷ attempts that were answered; the rest is “could not tell”.
  public let definite: Double
  /// Good values called invalid ÷ good values judged definitely.
  public let falseInvalid: Double
  /// Bad values called valid ÷ bad values judged definitely.
  public let falseValid: Double
  public let catchAll: CatchAllHandling
  /// Whether it ever calls a value valid; one that does not says that it cannot tell.
  public let confirms: Bool
  public let latency: LatencyProfile
  public internal(set) var faults: FaultRates

  /// What it says about an address at a domain that accepts mail for every name.
  public enum CatchAllHandling: String, Sendable, CaseIterable {
    /// It names the domain a catch-all.
    case report
    /// It cannot tell.
    case unknown
    /// It finds out whether the mailbox exists.
    case resolve
  }
}

/// Half of the answers take no longer than `p50`, nineteen of twenty no longer than `p95`; both in
/// microseconds. Between and beyond, latency is log-normal.
public struct LatencyProfile: Sendable, Equatable {
  public let p50: Int64
  public let p95: Int64
}

/// The share of attempts that end in each kind of fault; together at most 1.
public struct FaultRates: Sendable, Equatable {
  /// By reason, in the order of `FaultRates.reasons`.
  public let failures: [Double]
  /// Sent and never answered: the outcome is unknown.
  public let timeout: Double

  /// The failures that can be simulated, in the order in which chance walks through them.
  public static let reasons: [FailureReason] = [
    .unavailable, .rateLimited, .malformed, .credentials, .quota,
  ]
  public static let none = FaultRates(
    failures: [Double](repeating: 0, count: reasons.count), timeout: 0)

  /// All faults together.
  public var total: Double { failures.reduce(timeout, +) }
}
