public import WaterfallCore

/// What a provider can be asked for, at which price, and how.
public struct ProviderOffer: Sendable, Equatable {
  /// What is charged: by the finder’s policy, or the verdicts that a verifier gives for nothing.
  public enum Charge: Sendable, Equatable {
    case finder(ChargePolicy)
    case verifier(free: Set<FreeVerdict>)
  }

  /// A way to ask, or what it takes.
  public enum Way: String, Sendable, CaseIterable {
    case http
    /// A key is needed.
    case key
    /// The answer is waited for.
    case async
    /// Many questions go into one exchange.
    case batch
    case simulated
    case lookup
  }

  public let provider: ProviderID
  public let field: Field
  public let price: Credits
  public let charge: Charge
  /// What the operator pays; nil where the manifest does not say.
  public let dollars: Money?
  /// Alternative sets of inputs, best first; none for a verifier, who is told the value.
  public let inputs: [[InputName]]
  public let ways: Set<Way>

  public init(
    provider: ProviderID, field: Field, price: Credits, charge: Charge, dollars: Money?,
    inputs: [[InputName]], ways: Set<Way>
  ) {
    self.provider = provider
    self.field = field
    self.price = price
    self.charge = charge
    self.dollars = dollars
    self.inputs = inputs
    self.ways = ways
  }

  var role: String { isFinder ? "finder" : "verifier" }

  private var isFinder: Bool {
    if case .finder = charge { true } else { false }
  }

  /// When it is charged, in a word or two.
  var chargeWords: String {
    switch charge {
    case .finder where price == .zero: "never"
    case .finder(.found): "when found"
    case .finder(.called): "when called"
    case .verifier(let free) where free.isEmpty: "always"
    case .verifier(let free) where free.count > 1: "when definite"
    case .verifier(let free): "but \(free.first?.rawValue ?? "")"
    }
  }

  var wayWords: String {
    Way.allCases.filter(ways.contains).map(\.rawValue).joined(separator: " ")
  }

  /// `linkedin_url, or full_name + domain`.
  var inputWords: String {
    isFinder
      ? inputs.map { $0.map(\.rawValue).joined(separator: " + ") }.joined(separator: ", or ")
      : "the value"
  }

  var members: [JSONValue.Member] {
    var policy: JSONValue = .null
    var free: JSONValue = .null
    switch charge {
    case .finder(let charge): policy = .string(charge.rawValue)
    case .verifier(let verdicts):
      free = .array(verdicts.map(\.rawValue).sorted().map { .string($0) })
    }
    return [
      .init("field", .string(field.rawValue)),
      .init("role", .string(role)),
      .init("price", .amount(price)),
      .init("charge", policy),
      .init("free", free),
      .init("dollars", .optional(dollars) { .decimal(ExactDecimal($0)) }),
      .init("inputs", .array(inputs.map { .array($0.map { .string($0.rawValue) }) })),
      .init("ways", .array(Way.allCases.filter(ways.contains).map { .string($0.rawValue) })),
    ]
  }
}
