import WaterfallCore

extension Explanation {
  /// The way of the row in words, a paragraph for each column, then the ledger lines.
  public var text: String {
    var lines: [String] = []
    if run.isSimulated {
      lines += ["Run \(run.id) is simulated: no provider was asked, no real credits moved.", ""]
    }
    for cell in cells { lines += words(for: cell) + [""] }
    if let lost = sheet.lost {
      lines += ["What providers were sent cannot be told: the sheet \(lost).", ""]
    }
    lines += ledger
    while lines.last?.isEmpty == true { lines.removeLast() }
    return Phrases.text(lines)
  }

  private func words(for cell: ExplainedCell) -> [String] {
    let place = sheet.line.map { " (line \($0))" } ?? ""
    let head = "Row \(row)\(place), column \(VisibleText.of(cell.column.name)): "
    var number = 0
    return [head + ending(of: cell)]
      + cell.steps.map { step in
        let words = StepWords(
          step, column: cell.column, outline: run.outline, showsValues: sheet.showsValues
        ).sentence
        guard step.record.id.role == .finder else { return "     " + words }
        number += 1
        return "  \(number). " + words
      }
  }

  private func ending(of cell: ExplainedCell) -> String {
    switch cell.state {
    case .filled:
      let value = VisibleText.of(cell.fill?.value ?? "")
      let provider = cell.fill.map { "\($0.provider)" } ?? ""
      return "filled by \(provider) with \(value), \(cost(of: cell))."
    case .empty:
      let who = cell.passedOver == 0 ? "everyone was asked, and nobody" : "nobody who was asked"
      return "empty – \(who) had an accepted value\(passedOver(in: cell)); \(cost(of: cell))."
    case .failed:
      return
        "failed – nobody who was asked could answer\(passedOver(in: cell)); \(cost(of: cell))."
    case .skipped:
      let reason =
        cell.skip.map { cell.told?.words(for: $0) ?? $0.words } ?? "every step was passed over"
      return "not asked, because \(reason); 0 credits."
    case .running: return "not finished; \(cost(of: cell)) so far."
    case .pending: return "not asked yet; 0 credits."
    }
  }

  /// How many of the cell's providers were not asked; nothing where all were.
  private func passedOver(in cell: ExplainedCell) -> String {
    guard cell.passedOver > 0 else { return "" }
    let providers = Phrases.count(Int64(cell.finders.count), "provider")
    return
      "; \(cell.passedOver) of \(providers) \(cell.passedOver == 1 ? "was" : "were") passed over"
  }

  private func cost(of cell: ExplainedCell) -> String {
    var words = Phrases.credits(cell.net)
    if cell.refunded != 0 {
      words +=
        " net (charged \(Phrases.amount(cell.captured)), refunded \(Phrases.amount(cell.refunded)))"
    }
    if cell.saved != 0 { words += ", \(Phrases.amount(cell.saved)) saved" }
    return words
  }

  /// Every ledger line shown, in the order of the ledger.
  private var ledger: [String] {
    let all = (cells.flatMap(\.steps).flatMap(\.entries) + others)
      .sorted { $0.entry.seq < $1.entry.seq }
    guard !all.isEmpty else { return ["No credits moved."] }
    var table = TextTable([
      .init("entry", .right), .init("time"), .init("what"), .init("from"), .init("to"),
      .init("credits", .right), .init("lot", .right), .init("note"),
    ])
    for timed in all {
      let entry = timed.entry
      table.add([
        String(entry.seq), timed.time.iso8601, entry.kind.rawValue, entry.kind.from.rawValue,
        entry.kind.to.rawValue, entry.amount.description,
        entry.lot.rawValue == 0 ? Phrases.none : String(entry.lot.rawValue), entry.note ?? "",
      ])
    }
    return ["Ledger"] + table.lines(indent: 2)
  }
}
