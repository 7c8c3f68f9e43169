import WaterfallCore

extension DryRun {
  public static let schema = "waterfall.dry-run/1"

  private var bounds: [ChargeBounds] { columns.map(ChargeBounds.init) }
  private var ceiling: Int128 { bounds.reduce(0) { $0 + $1.ceiling } }
  private var gross: Int128 { bounds.reduce(0) { $0 + $1.gross } }

  /// Who would be asked in which order, and what it could cost.
  public var text: String {
    let mark = isSimulated ? " (simulated)" : ""
    var lines = [
      "Dry run\(mark): nobody was asked and nothing was charged.",
      "  sheet  \(VisibleText.of(sheet)), \(Phrases.count(rows, "row"))",
    ]
    for (column, bounds) in zip(columns, bounds) {
      lines += ["", "\(VisibleText.of(column.name)) (\(column.field))"]
      lines += Self.table(column).lines(indent: 2)
      for reason in SkipReason.allCases {
        guard let count = column.skipped[reason] else { continue }
        lines.append("  \(Phrases.count(count, "cell")) not asked: \(reason.words)")
      }
      lines.append("  \(Phrases.count(column.eligible, "cell")) to ask: \(Self.range(bounds))")
    }
    lines += ["", "In all at least 0 and at most \(Phrases.credits(ceiling))."] + funds
    lines += [
      "At least: if nobody has anything valid. At most: if the dearest way is taken for every cell;",
      "before refunds up to \(Phrases.amount(gross)) may be charged on the way.",
    ]
    return Phrases.text(lines)
  }

  private static func range(_ bounds: ChargeBounds) -> String {
    "at least \(Phrases.amount(bounds.floor)), at most \(Phrases.credits(bounds.ceiling)), "
      + "before refunds \(Phrases.amount(bounds.gross))"
  }

  private static func table(_ column: Column) -> TextTable {
    var table = TextTable([
      .init("step", .right), .init("provider", limit: 24), .init("key"), .init("price", .right),
      .init("charged when"), .init("rejected"), .init("cells", .right),
    ])
    for step in column.steps {
      let isFinder = step.step.role == .finder
      let kept = step.refundsRejected ? "refunded" : "kept"
      table.add([
        isFinder ? String(step.step.step + 1) : "",
        (isFinder ? "" : "+ ") + step.step.provider.rawValue,
        Phrases.key(step.step.keySource, isFree: step.step.price == .zero),
        step.step.keySource == .own ? "0" : step.step.price.description,
        isFinder ? step.charge.rawValue : "verified", isFinder ? kept : "", String(step.eligible),
      ])
    }
    return table
  }

  private var funds: [String] {
    guard let available else { return [] }
    let enough = Int128(available.micro) >= ceiling
    return [
      "Available: \(Phrases.credits(Int128(available.micro)))"
        + (enough ? ", enough in any case." : ", which may not be enough: the run would pause.")
    ]
  }

  public var json: JSONValue {
    .object([
      "schema": .string(Self.schema),
      "sheet": .string(sheet),
      "rows": .integer(rows),
      "simulated": .bool(isSimulated),
      "totals": .object([
        "floor": .amount(0),
        "ceiling": .amount(ceiling),
        "gross_ceiling": .amount(gross),
        "available": .optional(available) { .amount($0) },
        "enough": .optional(available) { .bool(Int128($0.micro) >= ceiling) },
      ]),
      "columns": .array(zip(columns, bounds).map(document)),
    ])
  }

  private func document(_ column: Column, _ bounds: ChargeBounds) -> JSONValue {
    .object([
      "column": .string(column.name),
      "field": .string(column.field.rawValue),
      "eligible": .integer(column.eligible),
      "skipped": .counts(column.skipped),
      "floor": .amount(bounds.floor),
      "ceiling": .amount(bounds.ceiling),
      "gross_ceiling": .amount(bounds.gross),
      "steps": .array(
        column.steps.map { step in
          .object([
            "step": .integer(Int64(step.step.step) + 1),
            "role": .string(step.step.role.name),
            "provider": .string(step.step.provider.rawValue),
            "key": .string(step.step.keySource.rawValue),
            "price": .amount(step.step.price),
            "charge": .string(step.charge.rawValue),
            "refunds_rejected": .bool(step.refundsRejected),
            "eligible": .integer(step.eligible),
          ])
        }),
    ])
  }
}
