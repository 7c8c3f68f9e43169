import WaterfallCore

extension BenchReport {
  /// The report as one `waterfall.bench/1` document.
  public var json: JSONValue {
    .object([
      "schema": .string(Self.schema),
      "run": JSONRunInfo.run(run),
      "simulated": .bool(run.isSimulated),
      "sheet": .string(run.sheet),
      "field": .optional(contenders.lazy.compactMap(\.field).first) { .string($0.rawValue) },
      "rows": .integer(result.rows),
      "seed": .optional(run.seed) { .unsigned($0) },
      "any_provider": .object([
        "rows_with_hit": .integer(result.rowsWithHit),
        "rows_with_valid": .integer(result.rowsWithValid),
        "hit_coverage": .optional(hitCoverage),
        "coverage": .optional(validCoverage),
      ]),
      "providers": .array(contenders.map(document)),
      "overlaps": .array(
        result.overlaps.map { overlap in
          .object([
            "providers": .array([.string(name(overlap.first)), .string(name(overlap.second))]),
            "hits": .integer(overlap.hits),
            "valid": .integer(overlap.valid),
          ])
        }),
    ])
  }

  private func document(_ line: Line) -> JSONValue {
    let tally = line.found
    return .object([
      "provider": .string(line.name),
      "key": .string(line.key.rawValue),
      "attempts": .integer(tally.attempts),
      "hits": .integer(tally.hits),
      "hit_rate": .optional(line.hitRate),
      "hit_rate_interval": interval(line.contender.hitRate),
      "valid": .integer(tally.valid),
      "invalid": .integer(tally.invalid),
      "valid_rate": .optional(line.validRate),
      "valid_rate_interval": interval(line.contender.validRate),
      "misses": .integer(tally.misses),
      "failures": .counts(tally.failures),
      "unknown": .integer(tally.unknown),
      "cached": .integer(tally.cached),
      "charged": .amount(line.sums.charged),
      "refunded": .amount(line.sums.refunded),
      "net": .amount(line.sums.net),
      "saved": .amount(line.sums.saved),
      "cost_per_hit": .optional(line.costPerHit),
      "cost_per_valid": .optional(line.costPerValid),
      "money": .optional(line.money),
      "money_per_valid": .optional(line.moneyPerValid),
      "latency_ms": JSONRunInfo.latency(tally.latency),
      "rows_with_hit": .integer(line.contender.rowsWithHit),
      "rows_with_valid": .integer(line.contender.rowsWithValid),
      "unique_hits": .integer(line.contender.uniqueHits),
      "unique_valid": .integer(line.contender.uniqueValid),
    ])
  }

  private func interval(_ interval: BenchResult.Interval?) -> JSONValue {
    .optional(interval) {
      .array([.decimal(ExactDecimal(rate: $0.low)), .decimal(ExactDecimal(rate: $0.high))])
    }
  }
}
