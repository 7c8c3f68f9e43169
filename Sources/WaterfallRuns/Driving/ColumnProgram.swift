import WaterfallCore
import WaterfallEngine
import WaterfallProviders

/// One enriched column, ready to run: the pinned plan bound to a sheet's columns and to providers.
struct ColumnProgram {
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

struct StepProgram {
  /// nil where the provider is switched off or cannot be asked.
  let provider: (any Provider)?
  let validator: any Validator
  /// Alternatives, as positions in the column's inputs: the first one that the row has is used.
  let inputSets: [[Int]]
  let condition: ConditionProgram?
}
