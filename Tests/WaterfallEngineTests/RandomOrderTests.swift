import TestSupport
import Testing
import WaterfallCore
import WaterfallEngine
import WaterfallLedger

/// Many cells at once on one book and one budget, their events in random order: the laws hold
/// after every event, whatever the order. A failing seed is printed and replays the run.
@Suite struct RandomOrderTests {
  @Test(arguments: 0..<200 as Range<UInt64>) func theLawsHoldInEveryOrder(seed: UInt64) throws {
    var world = RandomWorld(seed: seed)
    try world.run()
  }
}

private struct RandomWorld {
  struct LiveCell {
    var machine = CellMachine()
    var request = CellMachine.Request.end(.pending)
    var openings: [AttemptID: Int64] = [:]
    var holds: [AttemptID: Credits] = [:]
    var charges: [Int: Charge] = [:]
    var results: [CellMachine.AttemptResult] = []
    var hasEnded = false
  }

  let seed: UInt64
  var random: SplitMix64
  var book = CreditBook()
  var budget: Budget
  var waterfalls: [Waterfall] = []
  var cells: [LiveCell] = []
  var entries: [Entry] = []
  var granted = Credits.zero
  var now = Timestamp(milliseconds: 0)

  init(seed: UInt64) {
    self.seed = seed
    random = SplitMix64(state: seed)
    budget = Budget(limit: Bool.random(using: &random) ? Credits(40) : nil)
  }

  mutating func run() throws {
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let amount = Credits(Int64.random(in: 1...40, using: &random))
      let expires = Bool.random(using: &random) ? Timestamp.never : Timestamp(milliseconds: 150)
      try book.grant(
        amount, kind: GrantKind.allCases.randomElement(using: &random) ?? .trial, expires: expires,
        note: "test", at: now)
    }
    cells = (0..<12).map { _ in LiveCell() }
    waterfalls = cells.map { _ in randomWaterfall() }
    for index in cells.indices { try deliver(.begin, to: index) }
    for tick in 0..<2000 {
      now = Timestamp(milliseconds: Int64(tick))
      let open = cells.indices.filter { !cells[$0].hasEnded }
      guard let index = open.randomElement(using: &random) else { break }
      if let event = try event(for: index) { try deliver(event, to: index) }
      checkLaws()
    }
    checkEnd()
  }

  private mutating func randomWaterfall() -> Waterfall {
    func step(_ name: String) -> Step {
      Step(
        provider: ProviderID(name),
        price: Credits(micro: .random(in: 0...5_000_000, using: &random)),
        keySource: Int.random(in: 0..<4, using: &random) == 0 ? .own : .managed,
        chargePolicy: Bool.random(using: &random) ? .found : .called,
        refundsRejected: Int.random(in: 0..<4, using: &random) > 0)
    }
    let steps = (0..<Int.random(in: 0...4, using: &random)).map { step("p\($0)") }
    return Waterfall(
      steps: steps, verifier: Bool.random(using: &random) ? step("v") : nil,
      acceptance: AcceptanceRule.allCases.randomElement(using: &random) ?? .valid)
  }

  private func id(_ cell: Int, _ step: Int, _ role: AttemptID.Role) -> AttemptID {
    AttemptID(
      cell: CellID(run: RunID(1), row: Int64(cell + 1), column: 0), step: Int32(step), role: role)
  }

  private mutating func event(for cell: Int) throws -> CellMachine.Event? {
    switch cells[cell].request {
    case .consider: return randomConsideration(cell)
    case .hold(let step, let role, let amount):
      guard budget.admits(amount) == .fits else { return .passedOver(.rowBudget) }
      let id = id(cell, step, role)
      guard case .held(let opening) = try book.hold(amount, for: id, at: now) else { return nil }
      budget.hold(amount)
      cells[cell].openings[id] = opening
      cells[cell].holds[id] = amount
      return .held
    case .ask(_, let role, let candidate): return .answered(randomAnswer(role, candidate))
    case .resolve(_, let role, let candidate):
      let answer = randomAnswer(role, candidate)
      return answer.outcome == .unknown ? .unresolved : .answered(answer)
    case .judge: return .judged(randomVerdict())
    case .end: return nil
    }
  }

  private mutating func randomConsideration(_ cell: Int) -> CellMachine.Event {
    switch Int.random(in: 0..<6, using: &random) {
    case 0: .passedOver(SkipReason.allCases.randomElement(using: &random) ?? .condition)
    case 1:
      .shared(.init(outcome: .hit("shared"), verdict: randomVerdict(), from: id(cell, 0, .finder)))
    case 2: .shared(.init(outcome: .miss, verdict: nil, from: id(cell, 0, .finder)))
    default: .askable
    }
  }

  private mutating func randomVerdict() -> Verdict {
    [
      .valid, Verdict(.invalid, .nonexistent), Verdict(.risky, .catchAll),
      Verdict(.unverified, .undetermined),
    ].randomElement(using: &random) ?? .valid
  }

  private mutating func randomAnswer(_ role: AttemptID.Role, _ candidate: String?) -> Answer {
    let outcomes: [Outcome] = [
      .hit(candidate ?? "value"), .hit(candidate ?? "value"), .miss, .failure(.unavailable),
      .unknown,
    ]
    let cost = Int64.random(in: 0..<4, using: &random)
    return Answer(
      outcomes.randomElement(using: &random) ?? .miss,
      latency: .random(in: 0...1000, using: &random),
      verdict: role == .verifier ? randomVerdict() : nil,
      reportedCost: cost == 0 ? Credits(micro: .random(in: 0...6_000_000, using: &random)) : nil)
  }

  private mutating func deliver(_ event: CellMachine.Event, to cell: Int) throws {
    var effects: [CellMachine.Effect] = []
    cells[cell].request = cells[cell].machine.handle(
      event, in: waterfalls[cell], effects: &effects)
    for effect in effects { try carryOut(effect, of: cell) }
    entries += book.drain().entries
    if case .end = cells[cell].request { cells[cell].hasEnded = true }
  }

  private mutating func carryOut(_ effect: CellMachine.Effect, of cell: Int) throws {
    switch effect {
    case .capture(let step, let role, let amount):
      let id = id(cell, step, role)
      let charge = try book.capture(try #require(cells[cell].openings[id]), amount, at: now)
      budget.settle(held: try #require(cells[cell].holds[id]), captured: amount)
      if role == .finder { cells[cell].charges[step] = charge }
    case .void(let step, let role):
      let id = id(cell, step, role)
      try book.void(try #require(cells[cell].openings[id]), at: now)
      budget.settle(held: try #require(cells[cell].holds[id]), captured: .zero)
    case .zero(let step, let role):
      _ = book.zero(for: id(cell, step, role))
    case .refund(let step):
      var charge = try #require(cells[cell].charges[step])
      budget.refund(book.refund(&charge, at: now))
    case .close(let result):
      cells[cell].results.append(result)
    }
  }

  // MARK: The laws

  private func total(_ kinds: EntryKind...) -> Credits {
    entries.reduce(.zero) { kinds.contains($1.kind) ? $0 + $1.amount : $0 }
  }

  private func checkLaws() {
    for lot in book.lots {
      let parts = [lot.available, lot.held, lot.spent, lot.expired, lot.rolledOver]
      #expect(parts.allSatisfy { $0 >= .zero }, "seed \(seed): lot \(lot.id.rawValue)")
      #expect(parts.reduce(.zero, +) == lot.issued, "seed \(seed): lot \(lot.id.rawValue)")
    }
    if let limit = budget.limit { #expect(budget.net + budget.held <= limit, "seed \(seed)") }
    #expect(budget.held == book.held, "seed \(seed)")
    #expect(
      total(.grant) - total(.expire) - total(.rollover)
        == book.lots.reduce(.zero) { $0 + $1.available } + book.held + total(.capture)
        - total(.refund), "seed \(seed)")
  }

  private func checkEnd() {
    var openings: Set<AttemptID> = []
    for (index, entry) in entries.enumerated() {
      #expect(entry.seq == Int64(index) + 1, "seed \(seed): the sequence is dense")
      if let attempt = entry.attempt {
        #expect(openings.insert(attempt).inserted, "seed \(seed): one opening for an attempt")
      }
    }
    for opening in entries where opening.kind == .hold && opening.opening == 0 {
      let family = entries.filter { $0.seq == opening.seq || $0.opening == opening.seq }
      func sum(_ kind: EntryKind) -> Credits {
        family.reduce(.zero) { $1.kind == kind ? $0 + $1.amount : $0 }
      }
      let isOpen = book.openHold(opening.seq) != nil
      #expect(isOpen || sum(.hold) == sum(.capture) + sum(.void), "seed \(seed): a hold ends once")
      #expect(sum(.refund) <= sum(.capture), "seed \(seed): refunds stay within the charge")
    }
    let closed = cells.flatMap(\.results)
    let open = cells.filter { !$0.hasEnded }
    if open.isEmpty {
      #expect(closed.reduce(.zero) { $0 + $1.captured } == total(.capture), "seed \(seed)")
      #expect(closed.reduce(.zero) { $0 + $1.refunded } == total(.refund), "seed \(seed)")
    }
    for cell in cells where cell.hasEnded {
      let accepted = cell.results.filter { $0.role == .finder && $0.isAccepted }
      #expect(accepted.count == (cell.machine.fill == nil ? 0 : 1), "seed \(seed): one fill")
    }
  }
}
