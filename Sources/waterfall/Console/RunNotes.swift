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
      let count = columns.reduce(0) { $0 + ($1.skipped[reason] ?? 0) }
      guard count > 0 else { continue }
      lines.append("\(count) \(count == 1 ? "cell" : "cells") skipped: \(reason.words)")
    }
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
