import ArgumentParser
import LedgerStore
import WaterfallCore
import WaterfallReports
import WaterfallRuns

/// `waterfall explain`: the way of one row, step by step, with every credit that moved.
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tell the way of one row through its waterfalls, step by step.",
    usage: "waterfall explain [<run>] <row> [<column>] [<options>]",
    discussion: """
      What providers were sent is told by the names of the inputs, as long as the sheet is there \
      and unchanged; with --values their values are shown too.
      """)

  @Argument(
    help: ArgumentHelp("The run's number, or latest. Left out: the latest.", valueName: "run"))
  var first: String

  @Argument(help: ArgumentHelp("The row, counted from 1 without the header.", valueName: "row"))
  var second: String?

  @Argument(help: ArgumentHelp("One column only.", valueName: "column"))
  var third: String?

  @Flag(help: "Show the values that providers were sent, from the sheet.")
  var values = false

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var document: DocumentOptions

  func run() throws {
    let place = try ExplainedPlace([first, second, third].compactMap { $0 })
    let store = try workspace.open().openForReading()
    let record = try store.run(numbered: place.run)
    let position = try position(of: place.column, in: record)
    let attempts = try store.attempts(of: record.id, rows: place.row...place.row)
    let skips = try store.skips(of: record.id, row: place.row)
    guard !attempts.isEmpty || !skips.isEmpty else { throw unknownRow(place.row, record) }
    let plan = try? RunPlan(json: record.configuration)
    let explanation = Explanation(
      run: record, row: place.row, column: position, attempts: attempts,
      entries: try store.history(of: record.id, row: place.row).map {
        Explanation.TimedEntry($0.entry, time: $0.time)
      },
      skips: skips, needs: try plan?.needs(), sheet: try sheet(plan, place.row, attempts))
    try document.print(text: explanation.text, json: explanation.json)
  }

  /// What the sheet says in this row, read again: the journal keeps no cells.
  private func sheet(
    _ plan: RunPlan?, _ row: Int64, _ attempts: [AttemptRecord]
  ) throws -> Explanation.Sheet {
    var sheet = Explanation.Sheet()
    sheet.showsValues = values
    guard let plan else { return sheet }
    let fills = attempts.filter(\.isAccepted).reduce(into: [:]) {
      $0[$1.id.cell.column] = $1.value
    }
    switch try plan.read(row: row, fills: fills, surroundings: .offline) {
    case .read(let line, let inputs):
      sheet.line = line
      sheet.inputs = inputs
    case .lost(let why):
      sheet.lost = why
    }
    return sheet
  }

  private func position(of column: String?, in record: RunRecord) throws(UserError) -> Int32? {
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

  private func unknownRow(_ row: Int64, _ record: RunRecord) -> UserError {
    let rows = record.rows == 1 ? "1 row" : "\(record.rows) rows"
    return UserError(
      .input, "run \(record.id) has no record of row \(row)",
      remedy: record.state == .done
        ? "The run has \(rows), counted from 1."
        : record.rows == 0
          ? nil : "It has come to row \(record.rows); rows are counted from 1.")
  }
}

/// `[RUN] ROW [COLUMN]`: one number is a row of the latest run, two are a run and a row.
struct ExplainedPlace {
  /// nil for the latest.
  let run: Int64?
  let row: Int64
  let column: String?

  /// Throws `UserError` for words in another order.
  init(_ words: [String]) throws(UserError) {
    let isLatest = words.first == "latest"
    var rest = isLatest ? words.dropFirst() : words[...]
    var numbers = rest.prefix { Int64($0) != nil }.prefix(isLatest ? 1 : 2).compactMap { Int64($0) }
    rest = rest.dropFirst(numbers.count)
    guard let row = numbers.popLast(), rest.count <= 1 else {
      throw UserError(
        .usage, "“\(words.joined(separator: " "))” names no row", place: "explain",
        remedy: "Write the run (or latest) and the row: waterfall explain 1 12. Without a run, a "
          + "row of the latest one is told: waterfall explain 12.")
    }
    self.row = row
    run = numbers.last
    column = rest.first
  }
}
