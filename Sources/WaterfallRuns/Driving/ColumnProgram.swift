import WaterfallCore
import WaterfallEngine
import WaterfallProviders

/// One enriched column, ready to run: the pinned plan bound to a sheet's columns and to providers.
///
/// A class, as are its steps: they are handed around for every cell, and never change.
final class ColumnProgram {
  let position: Int
  let name: String
  let field: Field
  let waterfall: Waterfall
  /// The sheet's own column for this field, if it has one.
  let existing: Int?
  let condition: ConditionProgram?
  let inputs: [InputProgram]
  let inputNames: [InputName]
  let steps: [StepProgram]
  let verifier: (any Provider)?
  /// Makes the keys of the verifier's questions.
  let verifierKeys: QuestionKeys?
  /// The different input sets of all steps: each is digested once for a row.
  let inputSets: [[InputName]]

  init(
    position: Int, name: String, field: Field, waterfall: Waterfall, existing: Int?,
    condition: ConditionProgram?, inputs: [InputProgram], steps: [StepProgram],
    verifier: (any Provider)?, verifierKeys: QuestionKeys?, inputSets: [[InputName]]
  ) {
    self.position = position
    self.name = name
    self.field = field
    self.waterfall = waterfall
    self.existing = existing
    self.condition = condition
    self.inputs = inputs
    self.inputNames = inputs.map(\.name)
    self.steps = steps
    self.verifier = verifier
    self.verifierKeys = verifierKeys
    self.inputSets = inputSets
  }

  /// Inputs that a row can have at all.
  var knownInputs: [InputName] {
    inputs.filter { $0.source != nil || $0.column != nil }.map(\.name)
  }

  func provider(_ step: Int, _ role: AttemptID.Role) -> (any Provider)? {
    role == .finder ? steps[step].provider : verifier
  }
}

/// Where an input's value comes from.
struct InputProgram {
  let name: InputName
  /// The sheet's columns, reduced to the input; nil where the sheet has none.
  let source: InputSource?
  /// An earlier enriched column whose fill serves where the sheet has nothing.
  let column: Int?
}

final class StepProgram {
  /// nil where the provider is switched off or cannot be asked.
  let provider: (any Provider)?
  let validator: any Validator
  /// Makes the keys of the step's questions.
  let keys: QuestionKeys
  /// Alternatives: the first one that the row has is used.
  let inputSets: [InputSet]
  let condition: ConditionProgram?
  /// Whether its values are inventions.
  let isSimulated: Bool

  init(
    provider: (any Provider)?, validator: any Validator, keys: QuestionKeys,
    inputSets: [InputSet], condition: ConditionProgram?, isSimulated: Bool = true
  ) {
    self.provider = provider
    self.validator = validator
    self.keys = keys
    self.inputSets = inputSets
    self.condition = condition
    self.isSimulated = isSimulated
  }

  /// Inputs that are enough to ask with.
  struct InputSet {
    /// Positions in the column's inputs.
    let positions: [Int]
    /// The set's place in `ColumnProgram.inputSets`.
    let number: Int
  }
}
