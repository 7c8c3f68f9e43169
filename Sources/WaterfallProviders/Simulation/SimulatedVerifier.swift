public import WaterfallCore

/// A verifier that judges candidates in the simulated world as its manifest’s
/// `simulation.verifies` section says.
///
/// It answers with a hit that carries the candidate, and the verdict beside it; “could not tell”
/// is the verdict unverified. A fault is an outcome without a verdict.
public struct SimulatedVerifier: Provider {
  public let id: ProviderID
  private let world: SimulatedWorld
  /// By `Field.position`.
  private let judges: [Judge?]

  /// Throws `UserError` where the manifest has no simulated verifier.
  public init(_ manifest: Manifest, world: SimulatedWorld) throws(UserError) {
    guard let simulation = manifest.simulation, !simulation.verifies.isEmpty else {
      throw UserError(
        .input, "\(manifest.id) cannot be simulated as a verifier", place: manifest.file,
        remedy: "Add its figures under “simulation.verifies:”")
    }
    self.id = manifest.id
    self.world = world
    self.judges = Field.allCases.map { field in
      guard let behaviour = simulation.verifies[field], let offer = manifest.verifies[field]
      else { return nil }
      return Judge(behaviour, offer, id: manifest.id)
    }
  }

  public var isHarmless: Bool { true }

  public func ask(_ question: Question, reply: @escaping @Sendable (Answer) -> Void) {
    reply(answer(to: question))
  }

  /// The answer itself. A question without a candidate, or about a field that the verifier does
  /// not offer, is refused.
  public func answer(to question: Question) -> Answer {
    guard let judge = judges[question.field.position], let candidate = question.candidate else {
      return Answer(.failure(.refused), exchanges: 1)
    }
    let truth = world.verdict(on: candidate, of: question.field, for: question.inputs)
    let key = Chance.key(world.key ^ Chance.key(of: candidate), judge.key)
    return judge.answer(candidate, truth, key)
  }
}

/// One verifier’s behaviour for one field, ready to draw from.
private struct Judge: Sendable {
  let key: UInt64
  let behaviour: VerifierBehaviour
  let draws: AttemptDraws
  let offer: VerifierOffer

  init(_ behaviour: VerifierBehaviour, _ offer: VerifierOffer, id: ProviderID) {
    self.behaviour = behaviour
    self.offer = offer
    key = Chance.key(of: id.rawValue)
    draws = AttemptDraws(behaviour.latency, behaviour.faults)
  }

  private static let undetermined = Verdict(.unverified, .undetermined)

  func answer(
    _ candidate: String, _ truth: (verdict: Verdict, isRight: Bool), _ attempt: UInt64
  ) -> Answer {
    if let fault = draws.fault(attempt) { return fault }
    var verdict = verdict(truth, attempt)
    if verdict.kind == .valid, !behaviour.confirms { verdict = Self.undetermined }
    return Answer(
      .hit(candidate), latency: draws.latency(attempt), exchanges: 1, verdict: verdict,
      money: money(for: verdict))
  }

  private func verdict(
    _ truth: (verdict: Verdict, isRight: Bool), _ attempt: UInt64
  ) -> Verdict {
    guard Chance.uniform(Chance.key(attempt, 3)) < behaviour.definite else {
      return Self.undetermined
    }
    var isGood = truth.verdict.kind == .valid
    if truth.verdict.kind == .risky {
      switch behaviour.catchAll {
      case .report: return truth.verdict
      case .unknown: return Self.undetermined
      case .resolve: isGood = truth.isRight
      }
    }
    let luck = Chance.uniform(Chance.key(attempt, 4))
    if isGood {
      return luck < behaviour.falseInvalid ? Verdict(.invalid, .nonexistent) : .valid
    }
    let reason = truth.verdict.kind == .invalid ? truth.verdict.reason : .nonexistent
    return luck < behaviour.falseValid ? .valid : Verdict(.invalid, reason)
  }

  /// What the provider bills: nothing for a verdict that is free, unless it bills every call.
  private func money(for verdict: Verdict) -> Money? {
    guard let cost = offer.cost else { return nil }
    return cost.when == .called || offer.charges(verdict) ? cost.dollars : nil
  }
}
