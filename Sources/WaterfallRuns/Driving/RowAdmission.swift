import CSVCodec
import WaterfallCore
import WaterfallProviders

/// Which rows and cells are asked about at all: selection, conditions, and what is filled already.
struct RowAdmission {
  /// 1-based rows; nil for all.
  let rows: ClosedRange<Int64>?
  /// Rows with at least one cell that somebody can be asked about, at most.
  let limit: Int64?
  /// What the limit counts in runs of earlier versions: rows with at least one cell that passes its
  /// column's condition and is not filled, although nobody may have the inputs to be asked.
  let limitCountsInputs: Bool
  let overwrite: Bool
  let headerWidth: Int
  let isRaggedKept: Bool
  let condition: ConditionProgram?
  let columns: [ColumnProgram]

  /// Why no cell of the row is asked about; nil where each cell decides for itself.
  func skipOfRow(
    _ number: Int64, _ batch: CSVBatch, _ record: Int, selected: Int64
  ) throws -> SkipReason? {
    if batch.fieldCount(record) != headerWidth {
      guard isRaggedKept else { throw batch.columnCountError(record, expected: headerWidth) }
      return .ragged
    }
    if let rows, !rows.contains(number) { return .notSelected }
    if let limit, selected >= limit { return .notSelected }
    if let condition, try !condition.passes(batch, record, row: number) { return .condition }
    return nil
  }

  /// Why this cell is not asked about, before its steps are looked at.
  func skip(
    of column: ColumnProgram, _ number: Int64, _ batch: CSVBatch, _ record: Int
  ) throws -> SkipReason? {
    if !overwrite, let existing = column.existing,
      batch.hasValue(record, existing, of: column.field)
    {
      return .alreadyFilled
    }
    if let condition = column.condition, try !condition.passes(batch, record, row: number) {
      return .condition
    }
    return nil
  }

  /// Whether a row counts against the limit, of whose cells only those of `columns` are admitted.
  ///
  /// It follows from the sheet alone, so that a resumed run counts alike: an input that an earlier
  /// column has yet to find does not matter, since a row with such a column counts already.
  func countsAgainstLimit(
    _ columns: [ColumnProgram], _ number: Int64, _ batch: CSVBatch, _ record: Int
  ) throws -> Bool {
    guard limit != nil, !columns.isEmpty else { return false }
    guard limitCountsInputs else { return true }
    return try columns.contains { try $0.canBeAsked(number, batch, record) }
  }
}

extension ColumnProgram {
  /// Whether some step has all its inputs in the sheet and passes its condition.
  fileprivate func canBeAsked(
    _ number: Int64, _ batch: CSVBatch, _ record: Int
  ) throws -> Bool {
    let present = inputs.map { input in
      input.source?.value { batch.string(record, $0) }.isEmpty == false
    }
    return try steps.contains { step in
      guard step.provider != nil,
        step.inputSets.contains(where: { $0.positions.allSatisfy { present[$0] } })
      else { return false }
      return try step.condition?.passes(batch, record, row: number) ?? true
    }
  }
}

extension CSVBatch {
  /// Whether a cell says something about a field: more than spaces, and more than a word that
  /// stands for nothing.
  func hasValue(_ record: Int, _ column: Int, of field: Field) -> Bool {
    guard !isEmpty(record, column, ignoringWhitespace: true) else { return false }
    // Quotes and a few spaces may come to it; most values are longer, and need not be looked at.
    guard Placeholder.canStand(for: field),
      rawField(record, column).count <= Placeholder.longest + 16
    else { return true }
    return !Placeholder.matches(string(record, column))
  }
}

/// A condition with the columns that it reads.
struct ConditionProgram {
  let condition: any RowCondition
  /// Where it stands in a file; nil for an option.
  var place: String?

  /// Throws `UserError` with the row's number when the expression fails on this row.
  func passes(_ batch: CSVBatch, _ record: Int, row: Int64) throws -> Bool {
    let values = condition.columns.map { batch.string(record, $0) }
    do {
      return try condition.passes(values)
    } catch let error as UserError {
      let line = batch.position(record).line
      throw UserError(
        error.code, error.message,
        place: (place.map { "\($0), " } ?? "") + "row \(row), line \(line)",
        remedy: error.remedy)
    }
  }
}
