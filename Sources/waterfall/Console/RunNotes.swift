import WaterfallCore
import WaterfallRuns

/// What a user would otherwise wonder about at the end of a run: why cells were not asked about.
struct RunNotes {
  private(set) var lines: [String] = []

  init(_ info: RunInfo, of plan: RunPlan) {
    if info.run.state == .done { addRowsBeyondEnd(plan, rows: info.run.rows) }
    let columns = info.tallies.columns.values
    let ragged = columns.map { $0.skipped[.ragged] ?? 0 }.max() ?? 0
    if ragged > 0 {
      lines.append(
        ragged == 1
          ? "1 row has another number of columns than the header; it was kept as it is"
          : "\(ragged) rows have another number of columns than the header; they were kept as "
            + "they are")
    }
    for reason in SkipReason.allCases where reason != .ragged && reason != .notSelected {
      for (position, column) in info.run.outline.columns.enumerated() {
        let position = Int32(position)
        guard let count = info.tallies.columns[position]?.skipped[reason] else { continue }
        lines.append(
          "\(count) \(count == 1 ? "cell" : "cells") of \(column.name) skipped: "
            + Self.words(for: reason, position, plan))
      }
    }
  }

  private static func words(for reason: SkipReason, _ column: Int32, _ plan: RunPlan) -> String {
    guard reason == .missingInput, let needs = try? plan.needs() else { return reason.words }
    return needs.words(column: column)
  }

  private mutating func addRowsBeyondEnd(_ plan: RunPlan, rows: Int64) {
    let length = rows == 1 ? "1 row" : "\(rows) rows"
    if let first = plan.firstRow, first > rows {
      lines.append("the rows asked for begin at row \(first), and the sheet has only \(length)")
    } else if let last = plan.lastRow, last > rows {
      lines.append("the rows asked for go to row \(last), and the sheet has only \(length)")
    }
  }
}
