public import WaterfallCore

/// The waterfall of one cell, as a value: events in, effects and one request out. No I/O, no clock,
/// no chance; whoever drives it decides what is real.
///
/// The way through the states, for each step in order:
///
///     considering ─ passed over, known miss, known reject ──▶ next step
///        │ askable                    known and accepted ──▶ ended(filled)
///        ▼
///     holding ─ passed over (row budget) ──▶ next step       own keys skip this state
///        │ held
///        ▼
///     asking ─ miss, failure ──▶ next step
///        │  └─ unknown ──▶ resolving ──▶ as asking, or next step
///        ▼ hit: still on hold until it is judged
///     judging ─ rejected: captured, and refunded as the policy says ──▶ next step
///        │ acceptable, and the column has a verifier
///        ▼
///     considering, holding, asking, resolving in the verifier's role
///        └─ rejected: captured, refunded ──▶ next step;  accepted: captured ──▶ ended(filled)
///
/// After the last step the cell ends: `empty` when somebody answered, `failed` when everyone asked
/// failed, `skipped` when nobody was asked. An event that does not answer the open request is a
/// programming error and traps.
public struct CellMachine: Sendable, Equatable {
  public enum State: Sendable, Equatable {
    case pending
    case considering(step: Int, role: AttemptID.Role)
    case holding(step: Int, role: AttemptID.Role)
    case asking(step: Int, role: AttemptID.Role)
    case resolving(step: Int, role: AttemptID.Role)
    case judging(step: Int)
    case ended(CellState)
  }

  public private(set) var state = State.pending
  /// Set when the cell ends filled.
  public private(set) var fill: Fill?
  /// Why the first step that was passed over was; what a skipped cell gives as its reason.
  public private(set) var firstSkip: SkipReason?

  /// The finder's hit under judgement: everything that its record needs when it closes.
  private var finder: AttemptResult?
  /// What ends the hold of that hit. It is carried out when the attempt closes, so that no charge
  /// becomes durable without its attempt, however long a verifier takes.
  private var payment: Effect?
  private var someoneWasAsked = false
  private var someoneAnswered = false

  public init() {}

  /// The hit under judgement, which a verifier is asked about.
  public var candidate: String? { candidate(.verifier) }

  /// Takes the answer to the open request and returns the next one.
  ///
  /// `effects` is cleared, then filled in the order to carry out. O(1), but for the last step.
  public mutating func handle(
    _ event: Event, in waterfall: Waterfall, effects: inout [Effect]
  ) -> Request {
    effects.removeAll(keepingCapacity: true)
    switch (state, event) {
    case (.pending, .begin):
      return advance(to: 0, in: waterfall)
    case (.considering(let step, let role), .askable):
      return open(step, role, in: waterfall)
    case (.considering(let step, let role), .passedOver(let reason)),
      (.holding(let step, let role), .passedOver(let reason)):
      return passOver(step, role, reason, in: waterfall, &effects)
    case (.considering(let step, let role), .shared(let answer)):
      return share(step, role, answer, in: waterfall, &effects)
    case (.considering(let step, .finder), .recorded(let record)):
      return replay(step, record, in: waterfall)
    case (.considering(let step, .verifier), .recorded(let record)):
      return conclude(step, verifier: record.verdict, in: waterfall, &effects)
    case (.holding(let step, let role), .held):
      state = .asking(step: step, role: role)
      return .ask(step: step, role: role, candidate: candidate(role))
    case (.asking(let step, let role), .answered(let answer)) where answer.outcome == .unknown:
      state = .resolving(step: step, role: role)
      return .resolve(step: step, role: role, candidate: candidate(role))
    case (.asking(let step, let role), .answered(let answer)),
      (.resolving(let step, let role), .answered(let answer)):
      return settle(step, role, answer, in: waterfall, &effects)
    case (.resolving(let step, let role), .unresolved):
      return settle(step, role, Answer(.unknown), in: waterfall, &effects)
    case (.judging(let step), .judged(let verdict)):
      return judge(step, verdict, in: waterfall, &effects)
    default:
      preconditionFailure("\(event) does not answer the request of \(state)")
    }
  }

  // MARK: One step to the next

  private mutating func advance(to step: Int, in waterfall: Waterfall) -> Request {
    finder = nil
    payment = nil
    guard step < waterfall.steps.count else {
      return end(someoneAnswered ? .empty : someoneWasAsked ? .failed : .skipped)
    }
    state = .considering(step: step, role: .finder)
    return .consider(step: step, role: .finder)
  }

  private mutating func end(_ cell: CellState) -> Request {
    state = .ended(cell)
    return .end(cell)
  }

  private func candidate(_ role: AttemptID.Role) -> String? {
    guard role == .verifier, case .asked(.hit(let value)) = finder?.kind else { return nil }
    return value
  }

  /// An own key needs no hold: there is nothing to charge.
  private mutating func open(
    _ step: Int, _ role: AttemptID.Role, in waterfall: Waterfall
  ) -> Request {
    let asked = waterfall.step(step, role)
    guard asked.keySource == .managed else {
      state = .asking(step: step, role: role)
      return .ask(step: step, role: role, candidate: candidate(role))
    }
    state = .holding(step: step, role: role)
    return .hold(step: step, role: role, amount: asked.price)
  }

  private mutating func passOver(
    _ step: Int, _ role: AttemptID.Role, _ reason: SkipReason, in waterfall: Waterfall,
    _ effects: inout [Effect]
  ) -> Request {
    effects.append(.close(AttemptResult(step: step, role: role, kind: .skipped(reason))))
    switch role {
    case .verifier:
      return conclude(step, verifier: nil, in: waterfall, &effects)
    case .finder:
      if firstSkip == nil { firstSkip = reason }
      return advance(to: step + 1, in: waterfall)
    }
  }

  // MARK: Answers that nobody has to be asked for

  private mutating func share(
    _ step: Int, _ role: AttemptID.Role, _ answer: SharedAnswer, in waterfall: Waterfall,
    _ effects: inout [Effect]
  ) -> Request {
    var result = AttemptResult(
      step: step, role: role, kind: .shared(answer.outcome, with: answer.from))
    result.verdict = answer.verdict
    if role == .verifier {
      effects.append(.close(result))
      return conclude(step, verifier: answer.verdict, in: waterfall, &effects)
    }
    someoneWasAsked = true
    someoneAnswered = true
    guard case .hit(let value) = answer.outcome else {
      effects.append(.close(result))
      return advance(to: step + 1, in: waterfall)
    }
    result.isAccepted = answer.verdict.map(waterfall.acceptance.accepts) ?? true
    effects.append(.close(result))
    guard result.isAccepted else { return advance(to: step + 1, in: waterfall) }
    fill = Fill(value: value, step: step, verdict: answer.verdict)
    return end(.filled)
  }

  private mutating func replay(
    _ step: Int, _ record: AttemptRecord, in waterfall: Waterfall
  ) -> Request {
    switch record.kind {
    case .skipped(let reason):
      if firstSkip == nil { firstSkip = reason }
    case .asked(.hit), .asked(.miss), .shared:
      someoneWasAsked = true
      someoneAnswered = true
    case .asked(.failure), .asked(.unknown):
      someoneWasAsked = true
    }
    guard record.isAccepted, let value = record.value else {
      return advance(to: step + 1, in: waterfall)
    }
    fill = Fill(value: value, step: step, verdict: record.verdict)
    return end(.filled)
  }

  // MARK: Money follows the answer

  private mutating func settle(
    _ step: Int, _ role: AttemptID.Role, _ answer: Answer, in waterfall: Waterfall,
    _ effects: inout [Effect]
  ) -> Request {
    let asked = waterfall.step(step, role)
    let settlement =
      role == .finder
      ? asked.settlement(ofFinder: answer) : asked.settlement(ofVerifier: answer)
    var result = AttemptResult(step: step, role: role, answer: answer, settlement: settlement)
    let effect: Effect
    switch (asked.keySource, settlement.captured) {
    case (.own, let wouldBeCharged):
      effect = .zero(step: step, role: role)
      result.captured = .zero
      result.overrun = .zero
      result.saved = wouldBeCharged ?? .zero
    case (.managed, let amount?):
      effect = .capture(step: step, role: role, amount: amount)
    case (.managed, nil):
      effect = .void(step: step, role: role)
    }
    if role == .finder { return afterFinder(result, effect, in: waterfall, &effects) }
    effects.append(effect)
    return afterVerifier(result, answer, in: waterfall, &effects)
  }

  private mutating func afterFinder(
    _ result: AttemptResult, _ effect: Effect, in waterfall: Waterfall, _ effects: inout [Effect]
  ) -> Request {
    someoneWasAsked = true
    switch result.kind {
    case .asked(.hit(let value)):
      someoneAnswered = true
      finder = result
      payment = effect
      state = .judging(step: result.step)
      return .judge(step: result.step, value: value)
    case .asked(.miss):
      someoneAnswered = true
    default:
      break
    }
    effects.append(effect)
    effects.append(.close(result))
    return advance(to: result.step + 1, in: waterfall)
  }

  private mutating func afterVerifier(
    _ result: AttemptResult, _ answer: Answer, in waterfall: Waterfall, _ effects: inout [Effect]
  ) -> Request {
    var result = result
    let isVerdict = if case .hit = answer.outcome { true } else { false }
    result.verdict = isVerdict ? answer.verdict : nil
    effects.append(.close(result))
    return conclude(result.step, verifier: result.verdict, in: waterfall, &effects)
  }

  // MARK: Judgement

  private mutating func judge(
    _ step: Int, _ verdict: Verdict, in waterfall: Waterfall, _ effects: inout [Effect]
  ) -> Request {
    finder?.verdict = verdict
    guard waterfall.verifier != nil, verdict.kind != .invalid else {
      return conclude(step, in: waterfall, &effects)
    }
    state = .considering(step: step, role: .verifier)
    return .consider(step: step, role: .verifier)
  }

  /// The verifier's word replaces the local verdict; without one the value stays unverified.
  private mutating func conclude(
    _ step: Int, verifier verdict: Verdict?, in waterfall: Waterfall, _ effects: inout [Effect]
  ) -> Request {
    finder?.verdict = verdict ?? Verdict(.unverified, .undetermined)
    return conclude(step, in: waterfall, &effects)
  }

  private mutating func conclude(
    _ step: Int, in waterfall: Waterfall, _ effects: inout [Effect]
  ) -> Request {
    guard var result = finder, case .asked(.hit(let value)) = result.kind,
      let verdict = result.verdict
    else { preconditionFailure("a verdict without a hit") }
    if let payment { effects.append(payment) }
    if waterfall.acceptance.accepts(verdict) {
      result.isAccepted = true
      effects.append(.close(result))
      fill = Fill(value: value, step: step, verdict: verdict)
      return end(.filled)
    }
    if waterfall.steps[step].refundsRejected {
      if result.captured > .zero { effects.append(.refund(step: step)) }
      result.refunded = result.captured
      result.saved = .zero
    }
    effects.append(.close(result))
    return advance(to: step + 1, in: waterfall)
  }
}
