public import WaterfallCore

extension CellMachine {
  /// What the outside tells the machine. Each answers the request before it.
  public enum Event: Sendable, Equatable {
    /// The driver starts the cell.
    case begin
    /// To `consider`: the step can be asked, and nobody has answered this question yet.
    case askable
    /// To `consider` or `hold`: the step is passed over.
    case passedOver(SkipReason)
    /// To `consider`: the same question was answered before; nothing is asked or charged.
    case shared(SharedAnswer)
    /// To `consider`: the journal already has this step, from before a restart.
    case recorded(AttemptRecord)
    /// To `hold`: the price is reserved, and the hold is as durable as the provider needs.
    case held
    /// To `ask` or `resolve`.
    case answered(Answer)
    /// To `resolve`: nothing proves that anything was done; nothing is charged.
    case unresolved
    /// To `judge`: the local validator's verdict.
    case judged(Verdict)
  }

  /// What the machine wants to know next. There is exactly one open request until the cell ends.
  public enum Request: Sendable, Equatable {
    /// Can this step be asked for this row, and is its answer known already?
    case consider(step: Int, role: AttemptID.Role)
    /// Reserve the amount. No answer while credits are short: the cell waits in this state.
    case hold(step: Int, role: AttemptID.Role, amount: Credits)
    /// Ask the provider. For a verifier, `candidate` is the value to judge.
    case ask(step: Int, role: AttemptID.Role, candidate: String?)
    /// The outcome is unknown: find out whether it was done, by the same idempotency key or a query.
    case resolve(step: Int, role: AttemptID.Role, candidate: String?)
    /// Judge this value by local rules.
    case judge(step: Int, value: String)
    /// Nothing: the cell has ended.
    case end(CellState)
  }

  /// What the machine has decided. Effects are carried out in order, before the request.
  public enum Effect: Sendable, Equatable {
    /// The hold of the step in this role becomes a charge of this amount.
    case capture(step: Int, role: AttemptID.Role, amount: Credits)
    /// The hold ends without a charge.
    case void(step: Int, role: AttemptID.Role)
    /// An own-key attempt is put on record, at no charge.
    case zero(step: Int, role: AttemptID.Role)
    /// The finder's charge at this step is reversed.
    case refund(step: Int)
    /// The step is over: this is what the journal keeps of it.
    case close(AttemptResult)
  }

  /// An answer that another attempt was given to the same question.
  public struct SharedAnswer: Sendable, Equatable {
    public let outcome: Outcome
    public let verdict: Verdict?
    /// The attempt that was really asked.
    public let from: AttemptID

    public init(outcome: Outcome, verdict: Verdict?, from: AttemptID) {
      self.outcome = outcome
      self.verdict = verdict
      self.from = from
    }
  }

  /// The end of one step, for the journal.
  public struct AttemptResult: Sendable, Equatable {
    public let step: Int
    public let role: AttemptID.Role
    public let kind: AttemptRecord.Kind
    public var verdict: Verdict?
    public var isAccepted = false
    public var latency: Int64 = 0
    public var exchanges: Int32 = 0
    public var captured = Credits.zero
    public var refunded = Credits.zero
    public var overrun = Credits.zero
    public var saved = Credits.zero
    public var money: Money?

    public init(step: Int, role: AttemptID.Role, kind: AttemptRecord.Kind) {
      self.step = step
      self.role = role
      self.kind = kind
    }

    init(step: Int, role: AttemptID.Role, answer: Answer, settlement: Settlement) {
      self.init(step: step, role: role, kind: .asked(answer.outcome))
      latency = answer.latency
      exchanges = answer.exchanges
      captured = settlement.captured ?? .zero
      overrun = settlement.overrun
      money = answer.money
    }
  }

  /// The value that the cell was filled with.
  public struct Fill: Sendable, Equatable {
    public let value: String
    public let step: Int
    public let verdict: Verdict?
  }
}
