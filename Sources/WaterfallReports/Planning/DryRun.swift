public import WaterfallCore

/// What a run would ask, in which order, and the least and the most that it could charge.
public struct DryRun: Sendable {
  /// A step as the run would ask it.
  public struct Step: Sendable, Equatable {
    public let step: RunOutline.Step
    public let charge: ChargePolicy
    /// Whether what was captured for a rejected hit comes back.
    public let refundsRejected: Bool
    /// Cells of the column that have the inputs which this step needs.
    public let eligible: Int64

    public init(
      _ step: RunOutline.Step, charge: ChargePolicy = .found, refundsRejected: Bool = true,
      eligible: Int64
    ) {
      self.step = step
      self.charge = charge
      self.refundsRejected = refundsRejected
      self.eligible = eligible
    }
  }

  public struct Column: Sendable, Equatable {
    public let name: String
    public let field: Field
    /// Cells that would be asked about: not skipped.
    public let eligible: Int64
    public let skipped: [SkipReason: Int64]
    /// In the order asked; verifiers after their finder.
    public let steps: [Step]

    public init(
      name: String, field: Field, eligible: Int64, skipped: [SkipReason: Int64], steps: [Step]
    ) {
      self.name = name
      self.field = field
      self.eligible = eligible
      self.skipped = skipped
      self.steps = steps
    }
  }

  public let sheet: String
  public let rows: Int64
  public let isSimulated: Bool
  public let columns: [Column]
  /// What the workspace has to spend; nil where that is not known.
  public let available: Credits?

  public init(
    sheet: String, rows: Int64, isSimulated: Bool, columns: [Column], available: Credits?
  ) {
    self.sheet = sheet
    self.rows = rows
    self.isSimulated = isSimulated
    self.columns = columns
    self.available = available
  }
}
