import WaterfallCore

extension BenchReport {
  /// Pairs that the text shows; JSON has them all.
  private static let pairsShown = 10

  /// Tables for a terminal of 120 columns.
  public var text: String {
    var lines = RunHeading.lines(of: run)
    let fields = Set(contenders.compactMap(\.field)).map(\.rawValue).sorted()
    if !fields.isEmpty { lines.append("  field      \(fields.joined(separator: ", "))") }
    guard !contenders.isEmpty else { return Phrases.text(lines + ["", "No providers."]) }
    lines += [""] + found.lines() + [""] + cost.lines() + [""] + rows.lines()
    if !result.overlaps.isEmpty { lines += [""] + overlaps }
    lines += [
      "",
      "any provider: a value for \(Phrases.percent(hitCoverage)) of "
        + "\(Phrases.count(result.rows, "row")), a valid one for "
        + "\(Phrases.percent(validCoverage)).",
    ]
    if let verdict { lines.append(verdict) }
    return Phrases.text(lines + [""] + legend)
  }

  private static func table(_ titles: [String]) -> TextTable {
    TextTable([.init("provider", limit: 20)] + titles.map { .init($0, .right) })
  }

  private var found: TextTable {
    var table = Self.table([
      "asked", "hits", "hit rate", "interval", "valid", "valid rate", "interval", "misses",
      "failed", "unknown",
    ])
    for line in contenders {
      let tally = line.found
      table.add([
        line.name, String(tally.attempts), String(tally.hits), Phrases.percent(line.hitRate),
        interval(line.contender.hitRate), String(tally.valid), Phrases.percent(line.validRate),
        interval(line.contender.validRate), String(tally.misses), String(line.failures),
        String(tally.unknown),
      ])
    }
    return table
  }

  private var cost: TextTable {
    var table = TextTable(
      [.init("provider", limit: 20), .init("key")]
        + [
          "charged", "net", "saved", "cost/hit", "cost/valid", "$/valid", "p50 ms", "p95 ms",
        ].map { .init($0, .right) })
    for line in contenders {
      table.add([
        line.name, line.key.rawValue, Phrases.amount(line.sums.charged),
        Phrases.amount(line.sums.net), Phrases.amount(line.sums.saved),
        Phrases.decimal(line.costPerHit), Phrases.decimal(line.costPerValid),
        Phrases.decimal(line.moneyPerValid), ColumnDetail.latency(line.found.latency, 50),
        ColumnDetail.latency(line.found.latency, 95),
      ])
    }
    return table
  }

  private var rows: TextTable {
    var table = Self.table(["cached", "rows hit", "rows valid", "unique hits", "unique valid"])
    for line in contenders {
      let contender = line.contender
      table.add(
        [line.name]
          + [
            line.found.cached, contender.rowsWithHit, contender.rowsWithValid,
            contender.uniqueHits, contender.uniqueValid,
          ].map { String($0) })
    }
    return table
  }

  /// The pairs that overlap most, and how many are left out.
  private var overlaps: [String] {
    var table = TextTable([
      .init("both", limit: 20), .init("and", limit: 20), .init("hits", .right),
      .init("valid", .right),
    ])
    let sorted = result.overlaps.sorted {
      ($1.hits, $1.valid, $0.first, $0.second) < ($0.hits, $0.valid, $1.first, $1.second)
    }
    for overlap in sorted.prefix(Self.pairsShown) {
      table.add([
        name(overlap.first), name(overlap.second), String(overlap.hits), String(overlap.valid),
      ])
    }
    let rest = Int64(sorted.count - Self.pairsShown)
    guard rest > 0 else { return table.lines() }
    let verb = rest == 1 ? "overlaps" : "overlap"
    return table.lines() + ["and \(Phrases.count(rest, "pair")) that \(verb) less: see --json."]
  }

  private func interval(_ interval: BenchResult.Interval?) -> String {
    guard let interval else { return Phrases.none }
    return
      "\(ExactDecimal(rate: interval.low).percent)–\(ExactDecimal(rate: interval.high).percent)"
  }
}

// MARK: Words

extension BenchReport {
  /// Who did best, in a sentence; nil where there is nobody to compare.
  private var verdict: String? {
    guard contenders.count > 1 else { return nil }
    let able = contenders.filter { $0.found.valid > 0 }
    guard let most = able.map(\.found.valid).max(), let least = able.first?.costPerValid else {
      return "Nobody returned a valid value."
    }
    let winners = able.filter { $0.found.valid == most }.map(\.name)
    let cheapest = able.filter { $0.costPerValid == least }.map(\.name)
    let cost = "cost least per valid value (\(Phrases.credits(least.unscaled)))"
    return "Of these, \(Self.list(winners)) returned most valid values (\(most)); "
      + "\(Self.list(cheapest)) \(cost)."
  }

  /// Up to three names; more are counted.
  private static func list(_ names: [String]) -> String {
    guard names.count <= 3 else { return "\(names.count) of them" }
    return names.count < 2
      ? names.joined()
      : names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
  }

  private var legend: [String] {
    var lines = [
      "Providers stand by their cost per valid value, then by their valid rate.",
      "hit rate = hits ÷ asked, valid rate = valid ÷ hits, each with its 95% Wilson interval.",
      "rows hit, rows valid = rows for which it had a value, or a valid one; unique = those for "
        + "which nobody else had.",
    ]
    if contenders.contains(where: { $0.found.cached > 0 }) {
      lines.append(
        "cached = answered by an identical question of an earlier row, at no charge: it counts "
          + "for rows, not for rates.")
    }
    lines.append("Amounts are credits; they include what verifiers were charged.")
    if contenders.contains(where: { $0.contender.knowsMoney }) {
      lines.append("$/valid = dollars that the provider takes, by its manifest, ÷ valid.")
    }
    if contenders.contains(where: { $0.key == .own }) {
      lines.append("own = your own key: 0 credits; saved = what a managed key would have cost net.")
    }
    return lines
  }
}

extension ExactDecimal {
  /// A proportion between 0 and 1, to four decimals. Never for amounts.
  init(rate: Double) {
    let bounded = min(max(rate.isNaN ? 0 : rate, 0), 1)
    self.init(unscaled: Int128((bounded * 10_000).rounded(.toNearestOrEven)), scale: 4)
  }
}
