public import WaterfallCore

/// One position of a waterfall, as the engine sees it: whom to ask and what it costs. Conditions
/// and inputs are the driver's to test.
public struct Step: Sendable, Equatable {
  public let provider: ProviderID
  /// From the pinned price book; the most that one attempt can cost.
  public let price: Credits
  public let keySource: KeySource
  public let chargePolicy: ChargePolicy
  /// Whether a rejected hit is refunded: the refund policy, applied to this provider.
  public let refundsRejected: Bool
  /// Verifiers only: verdicts that cost nothing.
  public let freeVerdicts: Set<FreeVerdict>

  public init(
    provider: ProviderID, price: Credits, keySource: KeySource = .managed,
    chargePolicy: ChargePolicy = .found, refundsRejected: Bool = true,
    freeVerdicts: Set<FreeVerdict> = []
  ) {
    self.provider = provider
    self.price = price
    self.keySource = keySource
    self.chargePolicy = chargePolicy
    self.refundsRejected = refundsRejected
    self.freeVerdicts = freeVerdicts
  }
}

/// The ordered steps of a column, and what makes a hit good enough.
public struct Waterfall: Sendable, Equatable {
  public let steps: [Step]
  /// Asked about every hit that the local validator does not reject.
  public let verifier: Step?
  public let acceptance: AcceptanceRule

  public init(steps: [Step], verifier: Step? = nil, acceptance: AcceptanceRule = .notInvalid) {
    self.steps = steps
    self.verifier = verifier
    self.acceptance = acceptance
  }

  /// The step that is asked in a role at a position.
  public func step(_ position: Int, _ role: AttemptID.Role) -> Step {
    switch role {
    case .finder: steps[position]
    case .verifier: verifier ?? steps[position]
    }
  }
}
