import ArgumentParser
import LedgerStore
import WaterfallCore
import WaterfallReports

/// `waterfall explain`: the way of one row, step by step, with every credit that moved.
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tell the way of one row through its waterfalls, step by step.")

  @Argument(help: ArgumentHelp("The run's number.", valueName: "run"))
  var number: Int64

  @Argument(help: "The row, counted from 1 without the header.")
  var row: Int64

  @Argument(help: "One column only.")
  var column: String?

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var document: DocumentOptions

  func run() throws {
    let store = try workspace.open().openForReading()
    let record = try store.run(numbered: number)
    let position = try position(in: record)
    let attempts = try store.attempts(of: record.id, rows: row...row)
    let skips = try store.skips(of: record.id, row: row)
    guard !attempts.isEmpty || !skips.isEmpty else { throw unknownRow(record) }
    let explanation = Explanation(
      run: record, row: row, column: position, attempts: attempts,
      entries: try store.history(of: record.id, row: row).map {
        Explanation.TimedEntry($0.entry, time: $0.time)
      },
      skips: skips)
    try document.print(text: explanation.text, json: explanation.json)
  }

  private func position(in record: RunRecord) throws(UserError) -> Int32? {
    guard let column else { return nil }
    let names = record.outline.columns.map(\.name)
    guard let index = names.firstIndex(of: column) else {
      throw UserError(
        .input, "run \(record.id) has no column “\(column)”",
        remedy: Suggestion.sentence(for: column, among: names)
          ?? "Its columns are \(names.joined(separator: ", ")).")
    }
    return Int32(index)
  }

  private func unknownRow(_ record: RunRecord) -> UserError {
    let rows = record.rows == 1 ? "1 row" : "\(record.rows) rows"
    return UserError(
      .input, "run \(record.id) has no record of row \(row)",
      remedy: record.state == .done
        ? "The run has \(rows), counted from 1."
        : record.rows == 0
          ? nil : "It has come to row \(record.rows); rows are counted from 1.")
  }
}
