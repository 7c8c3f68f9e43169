public import WaterfallCore

/// A finder that answers from the simulated world as its manifest’s `simulation` section says.
///
/// It replies before `ask` returns, keeps no state, and answers the same question in the same
/// world in the same way, always. Complexity: O(length of the inputs).
public struct SimulatedProvider: Provider {
  public let id: ProviderID
  private let world: SimulatedWorld
  /// By `Field.position`.
  private let finders: [Finder?]

  /// Throws `UserError` where the manifest has no simulated finder.
  public init(_ manifest: Manifest, world: SimulatedWorld) throws(UserError) {
    guard let simulation = manifest.simulation, !simulation.finds.isEmpty else {
      throw UserError(
        .input, "\(manifest.id) cannot be simulated as a finder", place: manifest.file,
        remedy: "Add its figures under “simulation.finds:”")
    }
    self.id = manifest.id
    self.world = world
    self.finders = Field.allCases.map { field in
      simulation.finds[field].map {
        Finder(field, $0, manifest.finds[field]?.cost, id: manifest.id)
      }
    }
  }

  public var isHarmless: Bool { true }

  public func ask(_ question: Question, reply: @escaping @Sendable (Answer) -> Void) {
    reply(answer(to: question))
  }

  /// The answer itself. A field that the provider does not offer is refused.
  public func answer(to question: Question) -> Answer {
    guard let finder = finders[question.field.position] else {
      return Answer(.failure(.refused), exchanges: 1)
    }
    return RowIdentity.with(question.inputs) { row in
      finder.answer(row, seed: world.key)
    }
  }
}

/// One provider’s behaviour for one field, ready to draw from. A class, so that finding it among
/// the fields copies nothing.
private final class Finder: Sendable {
  let field: Field
  let rates: WorldRates
  let key: UInt64
  let draws: AttemptDraws
  /// Quantiles of the standard normal: see `SimulatedWorld`.
  let validBelow: Double
  let riskyBelow: Double
  let wrongBelow: Double
  let commonWrongShare: Double
  let landlineShare: Double
  let foundCost: Money?
  let calledCost: Money?

  private static let shared = SimulatedWorld.correlation.squareRoot()
  private static let own = (1 - SimulatedWorld.correlation).squareRoot()

  init(_ field: Field, _ behaviour: FinderBehaviour, _ cost: ProviderCost?, id: ProviderID) {
    self.field = field
    rates = WorldRates.of(field)
    key = Chance.key(of: id.rawValue)
    draws = AttemptDraws(behaviour.latency, behaviour.faults)
    let valid = behaviour.hitRate * behaviour.validShare
    let risky = behaviour.hitRate * behaviour.riskyShare
    let wrong = max(0, behaviour.hitRate - valid - risky)
    validBelow = Self.threshold(valid, of: rates.provable)
    riskyBelow = Self.threshold(risky, of: rates.catchAll)
    wrongBelow = Self.threshold(wrong, of: 1 - valid - risky)
    commonWrongShare = behaviour.commonWrongShare
    landlineShare = behaviour.landlineShare
    calledCost = cost.flatMap { $0.when == .called ? $0.dollars : nil }
    foundCost = cost?.dollars
  }

  private static func threshold(_ mass: Double, of share: Double) -> Double {
    mass <= 0 ? -.infinity : Chance.quantile(min(1, mass / share))
  }

  @inline(__always) func answer(_ row: RowIdentity, seed: UInt64) -> Answer {
    let truth = RowTruth(field, row, rates, seed: seed)
    let attempt = Chance.key(truth.key ^ key, 11)
    if let fault = draws.fault(attempt) { return fault }
    let value = value(ValueMaker(field, row, truth), attempt)
    return Answer(
      value.map { .hit($0) } ?? .miss, latency: draws.latency(attempt), exchanges: 1,
      money: value == nil ? calledCost : foundCost)
  }

  @inline(__always) private func value(_ values: ValueMaker, _ attempt: UInt64) -> String? {
    let truth = values.truth
    let below = truth.isCatchAll ? riskyBelow : truth.exists ? validBelow : -.infinity
    if below > -.infinity, luck(truth.findability, Chance.key(attempt, 3)) < below {
      return values.right
    }
    guard wrongBelow > -.infinity, luck(truth.temptation, Chance.key(attempt, 4)) < wrongBelow
    else { return nil }
    let kind = Chance.key(attempt, 5)
    if landlineShare > 0, Chance.uniform(Chance.key(kind, 1)) < landlineShare {
      return values.switchboard
    }
    if Chance.uniform(Chance.key(kind, 2)) < commonWrongShare { return values.commonWrong }
    return values.ownWrong(kind)
  }

  @inline(__always) private func luck(_ row: Double, _ own: UInt64) -> Double {
    Self.shared * row + Self.own * Chance.normal(own)
  }
}
