public import WaterfallCore

/// Everything that a run decided before it started, pinned: prices, policies, mapping, manifests,
/// seed. A run that is resumed reads this and nothing else, whatever has changed meanwhile.
///
/// It is kept as JSON beside the run; amounts are whole micro-credits.
public struct RunPlan: Codable, Sendable, Equatable {
  /// Where the run was started: relative paths of manifests start there.
  public var directory: String
  public var sheet: Sheet
  /// Absolute; `-` for standard output.
  public var output: String
  public var columns: [Column]
  /// Input names with the headers that the user mapped them to.
  public var map: [String: String]
  public var condition: String?
  /// `file:line:column` of the condition, where it was in a file.
  public var conditionPlace: String?
  public var firstRow: Int64?
  public var lastRow: Int64?
  public var limit: Int64?
  /// Whether only rows count for the limit that have the inputs of some step; nil in plans of
  /// earlier versions, where every row counted that a column's conditions let through.
  public var limitCountsInputs: Bool?
  public var overwrite: Bool
  public var provenance: Bool
  public var keepsRagged: Bool
  public var maxCredits: Int64?
  public var maxCreditsPerRow: Int64?
  public var isSimulated: Bool
  public var seed: UInt64
  /// Where a sandbox plays the providers of a simulated run; nil where they are played within.
  public var sandbox: String?
  /// Other hosts for single providers, by id.
  public var bases: [String: String]?
  public var manifests: [PinnedManifest]

  /// The input, and how to know it again.
  public struct Sheet: Codable, Sendable, Equatable {
    /// Absolute; `-` for standard input.
    public var path: String
    public var delimiter: UInt8
    /// As named by the user; nil for UTF-8.
    public var encoding: String?
    public var fingerprint: SheetFingerprint?
  }

  public struct Column: Codable, Sendable, Equatable {
    public var name: String
    public var field: Field
    public var steps: [Step]
    public var verifier: Step?
    public var acceptance: AcceptanceRule
    public var condition: String?
    public var conditionPlace: String?
    /// Inputs of this column alone with their headers.
    public var map: [String: String]
    /// What providers can be told: inputs that the sheet or an earlier column has. nil in plans of
    /// earlier versions.
    public var inputs: [InputName]?
  }

  public struct Step: Codable, Sendable, Equatable {
    public var provider: ProviderID
    public var condition: String?
    public var conditionPlace: String?
    public var keySource: KeySource
    public var price: Int64
    public var chargePolicy: ChargePolicy
    public var refundsRejected: Bool
    public var freeVerdicts: [FreeVerdict]
    /// Set where there is no key to ask with: the step is passed over.
    public var isOff: Bool?
  }

  public struct PinnedManifest: Codable, Sendable, Equatable {
    public var file: String
    public var text: String
  }
}

extension RunPlan {
  /// What the run and each of its rows may cost. A resumed run may have been given others.
  public var budgets: RunBudgets {
    get {
      RunBudgets(
        run: maxCredits.map { Credits(micro: $0) }, row: maxCreditsPerRow.map { Credits(micro: $0) }
      )
    }
    set {
      maxCredits = newValue.run?.micro
      maxCreditsPerRow = newValue.row?.micro
    }
  }

  /// The providers that are passed over because there is no key for them, a line each.
  var absences: [String] {
    let steps = columns.flatMap { $0.steps + ($0.verifier.map { [$0] } ?? []) }
    let missing = Set(steps.filter { $0.isOff == true }.map(\.provider)).sorted()
    return missing.map { "\($0) is passed over: \(MissingKey.words(for: $0))" }
  }

  /// Whom the run can ask, in order, at which prices: for reports and the ledger.
  public var outline: RunOutline {
    RunOutline(
      columns: columns.map { column in
        RunOutline.Column(
          name: column.name, field: column.field,
          steps: column.steps.indices.flatMap { position in
            [column.steps[position].outline(position, .finder)]
              + (column.verifier.map { [$0.outline(position, .verifier)] } ?? [])
          })
      })
  }
}

extension RunPlan.Step {
  fileprivate func outline(_ position: Int, _ role: AttemptID.Role) -> RunOutline.Step {
    RunOutline.Step(
      step: Int32(position), role: role, provider: provider, keySource: keySource,
      price: Credits(micro: price))
  }
}
