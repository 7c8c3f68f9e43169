/// What the journal keeps of one step of one cell: the answer, and what it did to the money.
public struct AttemptRecord: Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    /// The provider was asked.
    case asked(Outcome)
    /// The same question was already answered: by this attempt, which was the one asked.
    case shared(Outcome, with: AttemptID)
    /// The step was passed over.
    case skipped(SkipReason)
  }

  public let id: AttemptID
  public let provider: ProviderID
  public let kind: Kind
  public let keySource: KeySource
  /// The final judgement on a hit, or a verifier's answer; nil otherwise.
  public let verdict: Verdict?
  /// Whether the hit was accepted, and so became the fill. Always false for verifiers.
  public let isAccepted: Bool
  public let question: QuestionKey
  /// Microseconds; 0 for what was not asked.
  public let latency: Int64
  public let exchanges: Int32
  /// The step's price in the pinned price book.
  public let price: Credits
  public let captured: Credits
  public let refunded: Credits
  /// What the provider's answer cost beyond the price, borne by the house.
  public let overrun: Credits
  /// What an own key saved: the price that a managed key would have been charged, net of refunds.
  public let saved: Credits
  public let money: Money?
  /// The sequence number of the hold or zero entry; 0 where the attempt has none.
  public let opening: Int64

  public init(
    id: AttemptID, provider: ProviderID, kind: Kind, keySource: KeySource = .managed,
    verdict: Verdict? = nil, isAccepted: Bool = false,
    question: QuestionKey = QuestionKey(high: 0, low: 0), latency: Int64 = 0, exchanges: Int32 = 0,
    price: Credits = .zero, captured: Credits = .zero, refunded: Credits = .zero,
    overrun: Credits = .zero, saved: Credits = .zero, money: Money? = nil, opening: Int64 = 0
  ) {
    self.id = id
    self.provider = provider
    self.kind = kind
    self.keySource = keySource
    self.verdict = verdict
    self.isAccepted = isAccepted
    self.question = question
    self.latency = latency
    self.exchanges = exchanges
    self.price = price
    self.captured = captured
    self.refunded = refunded
    self.overrun = overrun
    self.saved = saved
    self.money = money
    self.opening = opening
  }

  /// The outcome of what was asked, here or by the attempt shared; nil for a skip.
  public var outcome: Outcome? {
    switch kind {
    case .asked(let outcome), .shared(let outcome, _): outcome
    case .skipped: nil
    }
  }

  /// The value returned, accepted or not.
  public var value: String? {
    if case .hit(let value) = outcome { value } else { nil }
  }
}
