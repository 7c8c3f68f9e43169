import WaterfallCore
import WaterfallEngine
import WaterfallLedger

/// Drives one cell against a real book with scripted answers, and writes down every entry.
///
/// The script says what each provider answers; the transcript reads like the tables of the
/// charging rules: `hold 2, capture 2, refund 2; hold 3, void`.
struct ScriptedCell {
  /// What a provider answers, and how its value is judged.
  struct Reply {
    var answer: Answer
    var verdict: Verdict

    static func hit(_ value: String, _ verdict: Verdict = .valid, cost: Credits? = nil) -> Reply {
      Reply(answer: Answer(.hit(value), reportedCost: cost), verdict: verdict)
    }
    static let miss = Reply(answer: Answer(.miss), verdict: .valid)
    static func failure(_ reason: FailureReason) -> Reply {
      Reply(answer: Answer(.failure(reason)), verdict: .valid)
    }
    static let unknown = Reply(answer: Answer(.unknown), verdict: .valid)
  }

  var waterfall: Waterfall
  var replies: [Reply]
  /// The verifier's word on each value; it is asked once for each.
  var verifier: [String: Verdict] = [:]
  var skips: [Int: SkipReason] = [:]
  var book = CreditBook()
  let cell = CellID(run: RunID(1), row: 1, column: 0)

  private(set) var entries: [Entry] = []
  private(set) var results: [CellMachine.AttemptResult] = []
  private(set) var state = CellState.pending
  private(set) var fill: CellMachine.Fill?

  init(_ steps: [Step], verifier: Step? = nil, credits: Credits = Credits(100), replies: [Reply]) {
    self.waterfall = Waterfall(steps: steps, verifier: verifier)
    self.replies = replies
    _ = try? book.grant(
      credits, kind: .trial, note: "for the test", at: Timestamp(milliseconds: 0))
    _ = book.drain()
  }

  mutating func run() throws {
    let now = Timestamp(milliseconds: 1)
    var machine = CellMachine()
    var effects: [CellMachine.Effect] = []
    var openings: [AttemptID: Int64] = [:]
    var charges: [Int: Charge] = [:]
    var judged: [String: AttemptID] = [:]
    var event = CellMachine.Event.begin
    while true {
      let request = machine.handle(event, in: waterfall, effects: &effects)
      for effect in effects {
        switch effect {
        case .capture(let step, let role, let amount):
          let opening = openings[id(step, role)] ?? 0
          let charge = try book.capture(opening, amount, at: now)
          if role == .finder { charges[step] = charge }
        case .void(let step, let role):
          try book.void(openings[id(step, role)] ?? 0, at: now)
        case .zero(let step, let role):
          _ = book.zero(for: id(step, role))
        case .refund(let step):
          if var charge = charges[step] { book.refund(&charge, at: now) }
        case .close(let result):
          results.append(result)
        }
      }
      entries += book.drain().entries
      switch request {
      case .consider(let step, .finder):
        event = skips[step].map { .passedOver($0) } ?? .askable
      case .consider(let step, .verifier):
        let value = value(of: step)
        if let earlier = judged[value], let verdict = verifier[value] {
          event = .shared(.init(outcome: .hit(value), verdict: verdict, from: earlier))
        } else {
          judged[value] = id(step, .verifier)
          event = .askable
        }
      case .hold(let step, let role, let amount):
        guard case .held(let opening) = try book.hold(amount, for: id(step, role), at: now) else {
          state = .running
          return
        }
        openings[id(step, role)] = opening
        event = .held
      case .ask(let step, .finder, _): event = .answered(replies[step].answer)
      case .ask(_, .verifier, let candidate):
        let candidate = candidate ?? ""
        event = .answered(Answer(.hit(candidate), verdict: verifier[candidate]))
      case .resolve: event = .unresolved
      case .judge(let step, _): event = .judged(replies[step].verdict)
      case .end(let end):
        state = end
        fill = machine.fill
        return
      }
    }
  }

  private func id(_ step: Int, _ role: AttemptID.Role) -> AttemptID {
    AttemptID(cell: cell, step: Int32(step), role: role)
  }

  private func value(of step: Int) -> String {
    if case .hit(let value) = replies[step].answer.outcome { value } else { "" }
  }
}
