import WaterfallCore

extension BenchReport {
  /// Tables for a terminal of 120 columns.
  public var text: String {
    var lines = RunHeading.lines(of: run)
    let fields = Set(contenders.compactMap(\.field)).map(\.rawValue).sorted()
    if !fields.isEmpty { lines.append("  field      \(fields.joined(separator: ", "))") }
    guard !contenders.isEmpty else { return Phrases.text(lines + ["", "No providers."]) }
    lines += [""] + found.lines() + [""] + cost.lines()
    if !result.overlaps.isEmpty { lines += [""] + overlaps.lines() }
    lines += [
      "",
      "any provider: a value for \(Phrases.percent(hitCoverage)) of "
        + "\(Phrases.count(result.rows, "row")), a valid one for "
        + "\(Phrases.percent(validCoverage)).", "",
      "hit rate = hits ÷ asked, valid rate = valid ÷ hits, each with its 95% Wilson interval.",
      "unique = rows for which no other provider had a value, or a valid one.",
      "Amounts are credits; they include what verifiers were charged.",
    ]
    return Phrases.text(lines)
  }

  private var found: TextTable {
    var table = TextTable(
      [.init("provider", limit: 20)]
        + [
          "asked", "hits", "hit rate", "interval", "valid", "valid rate", "interval", "misses",
          "failed", "unknown",
        ].map { .init($0, .right) })
    for line in contenders {
      let tally = line.found
      table.add([
        line.contender.provider.rawValue, String(tally.attempts), String(tally.hits),
        Phrases.percent(line.hitRate), interval(line.contender.hitRate), String(tally.valid),
        Phrases.percent(line.validRate), interval(line.contender.validRate),
        String(tally.misses), String(line.failures), String(tally.unknown),
      ])
    }
    return table
  }

  private var cost: TextTable {
    var table = TextTable(
      [.init("provider", limit: 20)]
        + [
          "charged", "net", "cost/hit", "cost/valid", "p50 ms", "p95 ms", "unique hits",
          "unique valid",
        ].map { .init($0, .right) })
    for line in contenders {
      table.add([
        line.contender.provider.rawValue, Phrases.amount(line.sums.charged),
        Phrases.amount(line.sums.net), Phrases.decimal(line.costPerHit),
        Phrases.decimal(line.costPerValid), ColumnDetail.latency(line.found.latency, 50),
        ColumnDetail.latency(line.found.latency, 95), String(line.contender.uniqueHits),
        String(line.contender.uniqueValid),
      ])
    }
    return table
  }

  private var overlaps: TextTable {
    var table = TextTable([
      .init("both", limit: 20), .init("and", limit: 20), .init("hits", .right),
      .init("valid", .right),
    ])
    for overlap in result.overlaps {
      table.add([
        name(overlap.first), name(overlap.second), String(overlap.hits), String(overlap.valid),
      ])
    }
    return table
  }

  func name(_ index: Int) -> String {
    contenders.indices.contains(index) ? contenders[index].contender.provider.rawValue : "?"
  }

  private func interval(_ interval: BenchResult.Interval?) -> String {
    guard let interval else { return Phrases.none }
    return
      "\(ExactDecimal(rate: interval.low).percent)–\(ExactDecimal(rate: interval.high).percent)"
  }
}

extension ExactDecimal {
  /// A proportion between 0 and 1, to four decimals. Never for amounts.
  init(rate: Double) {
    let bounded = min(max(rate.isNaN ? 0 : rate, 0), 1)
    self.init(unscaled: Int128((bounded * 10_000).rounded(.toNearestOrEven)), scale: 4)
  }
}
