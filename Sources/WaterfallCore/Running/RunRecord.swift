/// One execution over one sheet: what it was asked to do, pinned, and how far it came.
public struct RunRecord: Sendable, Equatable {
  public enum Command: String, Sendable, CaseIterable {
    case enrich
    case bench
  }

  public enum State: String, Sendable, CaseIterable {
    case running
    case done
    /// Out of credits, or at a budget: resumable.
    case paused
    /// Stopped by the user, or by an error that the user can mend: resumable.
    case interrupted
    /// Given up by the user: what it found stays, and nothing is on hold for it any more.
    case dropped
  }

  public let id: RunID
  public let command: Command
  public var state: State
  /// Why the run is not running any more, where it is not done; a sentence.
  public var note: String
  public let isSimulated: Bool
  /// The seed of the simulated world; nil for a real run.
  public let seed: UInt64?
  public let sheet: String
  public var output: String
  /// Where it went when the run began: the pinned part of `output`.
  public let firstOutput: String
  public let started: Timestamp
  public var ended: Timestamp?
  /// Data rows finished.
  public var rows: Int64
  public let outline: RunOutline
  public var budgets: RunBudgets
  /// The driver's own pinned configuration; the store keeps it without reading it.
  public let configuration: String

  public init(
    id: RunID, command: Command, state: State, note: String = "", isSimulated: Bool,
    seed: UInt64?, sheet: String, output: String, started: Timestamp, ended: Timestamp? = nil,
    rows: Int64 = 0, outline: RunOutline, budgets: RunBudgets = RunBudgets(),
    configuration: String
  ) {
    self.id = id
    self.command = command
    self.state = state
    self.note = note
    self.isSimulated = isSimulated
    self.seed = seed
    self.sheet = sheet
    self.output = output
    self.firstOutput = output
    self.started = started
    self.ended = ended
    self.rows = rows
    self.outline = outline
    self.budgets = budgets
    self.configuration = configuration
  }
}

/// The most that a run may cost, and any one row of it; nil for no limit.
public struct RunBudgets: Sendable, Equatable {
  public var run: Credits?
  public var row: Credits?

  public init(run: Credits? = nil, row: Credits? = nil) {
    self.run = run
    self.row = row
  }
}

/// What a run has used of its budget so far.
public struct RunSpending: Sendable, Equatable {
  /// Charged and not refunded.
  public let net: Credits
  /// Reserved by holds that have not ended.
  public let held: Credits

  public init(net: Credits, held: Credits) {
    self.net = net
    self.held = held
  }

  public var total: Credits { net + held }
}

/// A run's columns, their steps and pinned prices: what reports need to name things.
public struct RunOutline: Sendable, Equatable {
  public struct Column: Sendable, Equatable {
    /// The header of the output column.
    public let name: String
    public let field: Field
    /// In the order asked; a step's verifier follows its finder with the same step number.
    public let steps: [Step]

    public init(name: String, field: Field, steps: [Step]) {
      self.name = name
      self.field = field
      self.steps = steps
    }
  }

  public struct Step: Sendable, Equatable {
    /// 0-based position in the waterfall.
    public let step: Int32
    public let role: AttemptID.Role
    public let provider: ProviderID
    public let keySource: KeySource
    /// From the pinned price book.
    public let price: Credits

    public init(
      step: Int32, role: AttemptID.Role, provider: ProviderID, keySource: KeySource, price: Credits
    ) {
      self.step = step
      self.role = role
      self.provider = provider
      self.keySource = keySource
      self.price = price
    }
  }

  public let columns: [Column]

  public init(columns: [Column]) { self.columns = columns }
}

/// What a run spent and found: the run and its tallies.
public struct RunInfo: Sendable {
  public let run: RunRecord
  public let tallies: RunTallies
  /// What the steps need, where whoever made this knows the run's plan.
  public var needs: InputNeeds?

  public init(run: RunRecord, tallies: RunTallies, needs: InputNeeds? = nil) {
    self.run = run
    self.tallies = tallies
    self.needs = needs
  }
}
