public import WaterfallCore

/// Run info as text for a terminal of 120 columns.
public struct TextRunInfo: RunInfoFormat {
  public init() {}

  public var name: String { "text" }

  public func text(of info: RunInfo) -> String {
    let summary = RunInfoSummary(info)
    var lines = RunHeading.lines(of: summary.run)
    lines += [""] + Self.columnTable(summary).lines()
    for column in summary.columns { lines += [""] + ColumnDetail(column).lines }
    lines += [""] + Self.legend(summary)
    return Phrases.text(lines)
  }

  private static func columnTable(_ summary: RunInfoSummary) -> TextTable {
    var table = TextTable(
      [.init("column", limit: 24)]
        + [
          "cells", "filled", "empty", "failed", "skipped", "coverage", "charged", "refunded",
          "net", "saved", "cost/fill",
        ].map { .init($0, .right) })
    for column in summary.columns {
      table.add([column.name] + cells(column.cells, column.sums, column.costPerFill))
    }
    table.add(["total"] + cells(summary.cells, summary.sums, summary.costPerFill))
    return table
  }

  private static func cells(
    _ cells: CellCounts, _ sums: Sums, _ costPerFill: ExactDecimal?
  ) -> [String] {
    [cells.cells, cells.filled, cells.empty, cells.failed, cells.skippedCount].map { String($0) }
      + [Phrases.percent(cells.coverage)]
      + [sums.charged, sums.refunded, sums.net, sums.saved].map { Phrases.amount($0) }
      + [Phrases.decimal(costPerFill)]
  }

  /// What the words mean where that is not obvious; a line only for words that occur.
  private static func legend(_ summary: RunInfoSummary) -> [String] {
    var lines = [
      "Amounts are credits. net = charged − refunded. coverage = filled ÷ cells not skipped.",
      "hit rate = hits ÷ asked. valid = accepted hits, rejected = the others; "
        + "valid rate = valid ÷ hits.",
      "cost/fill = net ÷ filled; for a provider, net ÷ valid.",
    ]
    let providers = summary.columns.flatMap(\.providers)
    if summary.run.state != .done, summary.sums.attempts > 0 {
      lines.append(
        "The run is not done: what was asked for rows under way counts, their cells do not.")
    }
    if providers.contains(where: { $0.key.role == .verifier }) {
      lines.append(
        "+ marks a verifier: how often it said what. A verdict that its manifest lists as")
      lines.append("free, such as “could not tell”, is not charged.")
    }
    if summary.sums.cached > 0 {
      lines.append("cached = answered by an earlier attempt with the same question, at no charge.")
    }
    if providers.contains(where: { $0.key.keySource == .own }) {
      lines.append("own = your own key: 0 credits; saved = what a managed key would have cost net.")
    }
    if summary.sums.overrun > 0 {
      lines.append("overrun = what providers cost beyond their price; you were not charged for it.")
    }
    return lines
  }
}

/// The head of every report on one run.
enum RunHeading {
  static func lines(of run: RunRecord) -> [String] {
    let kind = run.command == .bench ? "benchmark" : "run"
    let mark = run.isSimulated ? ", SIMULATED" : ""
    var lines = ["\(kind.capitalizedFirst) \(run.id)\(mark): \(run.state.rawValue)"]
    if run.isSimulated {
      lines.append("  simulated  no provider was asked and no real credits were charged")
    }
    if let seed = run.seed { lines.append("  seed       \(seed)") }
    if !run.note.isEmpty { lines.append("  why        \(VisibleText.of(run.note))") }
    let output = run.output.isEmpty ? "" : " → \(VisibleText.of(run.output))"
    lines.append("  sheet      \(VisibleText.of(run.sheet))\(output)")
    lines.append("  rows       \(run.rows)")
    lines.append("  started    \(run.started.iso8601)")
    lines.append("  ended      \(run.ended?.iso8601 ?? Phrases.none)")
    return lines
  }
}

extension String {
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
