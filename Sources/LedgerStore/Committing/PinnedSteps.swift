import WaterfallCore

/// A run's outline, laid out so that a step is found without a search.
struct PinnedSteps: Sendable {
  let outline: RunOutline
  /// By column, then `2 × step + role`.
  private let table: [[RunOutline.Step?]]

  init(_ outline: RunOutline) {
    self.outline = outline
    self.table = outline.columns.map { column in
      let highest = column.steps.map(\.step).max() ?? -1
      var row = [RunOutline.Step?](repeating: nil, count: 2 * Int(highest + 1))
      for step in column.steps { row[Self.place(step.step, step.role)] = step }
      return row
    }
  }

  private static func place(_ step: Int32, _ role: AttemptID.Role) -> Int {
    2 * Int(step) + Int(role.rawValue)
  }

  /// nil where the outline has no such step.
  func step(column: Int32, step: Int32, role: AttemptID.Role) -> RunOutline.Step? {
    guard table.indices.contains(Int(column)), step >= 0 else { return nil }
    let place = Self.place(step, role)
    return place < table[Int(column)].count ? table[Int(column)][place] : nil
  }

  func step(of id: AttemptID) -> RunOutline.Step? {
    step(column: id.cell.column, step: id.step, role: id.role)
  }
}
