/// Why a step was not attempted, or a cell not asked at all.
public enum SkipReason: String, Sendable, CaseIterable, Codable {
  /// The row lacks the inputs that the provider needs.
  case missingInput = "missing_input"
  /// The condition of the run, the column or the step is false for this row.
  case condition = "condition_false"
  /// The sheet already has a value, and `--overwrite` was not given.
  case alreadyFilled = "already_filled"
  /// The provider is switched off or cannot be asked.
  case providerOff = "provider_off"
  /// The provider failed many times in a row and is left in peace for a while.
  case providerDown = "provider_down"
  /// The step costs more than the row's budget has left.
  case rowBudget = "row_budget"
  /// The row is outside `--rows`, or beyond `--limit`.
  case notSelected = "not_selected"
  /// The row has more or fewer columns than the header, and `--ragged keep` lets it through.
  case ragged

  /// The reason in words, to follow “skipped: ”.
  public var words: String {
    switch self {
    case .missingInput: "the row lacks an input that it needs"
    case .condition: "the condition is false for this row"
    case .alreadyFilled: "the sheet already has a value"
    case .providerOff: "the provider is switched off"
    case .providerDown: "the provider failed many times in a row and is left in peace for a while"
    case .rowBudget: "the step costs more than the row’s budget (--max-credits-per-row) has left"
    case .notSelected: "the row was not selected"
    case .ragged: "the row does not have as many columns as the header"
    }
  }
}
