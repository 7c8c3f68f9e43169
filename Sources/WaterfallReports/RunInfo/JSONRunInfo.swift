public import WaterfallCore

/// Run info as one JSON document, `waterfall.run-info/1`.
///
/// `attempts` and the amounts of a column are the sums of its `providers`, verifiers included;
/// `verifiers` says which part of them verifiers caused.
public struct JSONRunInfo: RunInfoFormat {
  public static let schema = "waterfall.run-info/1"

  public init() {}

  public var name: String { "json" }

  public func text(of info: RunInfo) -> String { document(of: info).text() + "\n" }

  /// The document as a value, for writers that embed it.
  public func document(of info: RunInfo) -> JSONValue {
    let summary = RunInfoSummary(info)
    return .object([
      "schema": .string(Self.schema),
      "run": Self.run(summary.run),
      "totals": .members(
        Self.ends(summary.cells) + Self.amounts(summary.sums)
          + Self.quotients(summary.costPerFill, summary.cells)),
      "columns": .array(summary.columns.map(Self.column)),
    ])
  }

  static func run(_ run: RunRecord) -> JSONValue {
    .object([
      "id": .integer(run.id.rawValue),
      "state": .string(run.state.rawValue),
      "simulated": .bool(run.isSimulated),
      "rows": .integer(run.rows),
      "started": .time(run.started),
      "ended": .optional(run.ended) { .time($0) },
      "seed": .optional(run.seed) { .unsigned($0) },
      "command": .string(run.command.rawValue),
      "note": run.note.isEmpty ? .null : .string(run.note),
      "sheet": .string(run.sheet),
      "output": .string(run.output),
    ])
  }

  private static func column(_ column: RunInfoSummary.ColumnSummary) -> JSONValue {
    let head: [JSONValue.Member] = [
      .init("column", .string(column.name)),
      .init("field", .string(column.field.rawValue)),
    ]
    let tail: [JSONValue.Member] = [
      .init(
        "verifiers",
        .object([
          "attempts": .integer(column.verifierSums.attempts),
          "charged": .amount(column.verifierSums.charged),
          "refunded": .amount(column.verifierSums.refunded),
          "net": .amount(column.verifierSums.net),
        ])),
      .init("providers", .array(column.providers.map(provider))),
    ]
    return .members(
      head + ends(column.cells) + amounts(column.sums)
        + quotients(column.costPerFill, column.cells) + tail)
  }

  private static func ends(_ cells: CellCounts) -> [JSONValue.Member] {
    [
      .init("cells", .integer(cells.cells)), .init("eligible", .integer(cells.eligible)),
      .init("filled", .integer(cells.filled)), .init("empty", .integer(cells.empty)),
      .init("failed", .integer(cells.failed)), .init("skipped", .counts(cells.skipped)),
    ]
  }

  private static func amounts(_ sums: Sums) -> [JSONValue.Member] {
    [
      .init("attempts", .integer(sums.attempts)),
      .init("own_key_attempts", .integer(sums.ownKeyAttempts)),
      .init("cached", .integer(sums.cached)),
      .init("charged", .amount(sums.charged)), .init("refunded", .amount(sums.refunded)),
      .init("net", .amount(sums.net)), .init("saved", .amount(sums.saved)),
      .init("overrun", .amount(sums.overrun)),
      .init("money", .decimal(ExactDecimal(unscaled: sums.money, scale: 9))),
    ]
  }

  private static func quotients(
    _ costPerFill: ExactDecimal?, _ cells: CellCounts
  ) -> [JSONValue.Member] {
    [
      .init("cost_per_fill", .optional(costPerFill)),
      .init("coverage", .optional(cells.coverage)),
    ]
  }
}

extension JSONRunInfo {
  static func provider(_ line: RunInfoSummary.ProviderLine) -> JSONValue {
    let tally = line.tally
    var sums = Sums()
    sums.add(tally, keySource: line.key.keySource)
    return .object([
      "provider": .string(line.key.provider.rawValue),
      "key": .string(line.key.keySource.rawValue),
      "role": .string(line.key.role.name),
      "steps": .array(line.steps.map { .integer(Int64($0)) }),
      "attempts": .integer(tally.attempts),
      "hits": .integer(tally.hits),
      "valid": .integer(tally.valid),
      "invalid": .integer(tally.invalid),
      "misses": .integer(tally.misses),
      "failures": .counts(tally.failures),
      "unknown": .integer(tally.unknown),
      "cached": .integer(tally.cached),
      "skipped": .counts(tally.skipped),
      "charged": .amount(tally.charged),
      "refunded": .amount(tally.refunded),
      "net": .amount(sums.net),
      "saved": .amount(tally.saved),
      "overrun": .amount(tally.overrun),
      "money": .decimal(ExactDecimal(tally.money)),
      "cost_per_fill": .optional(line.costPerFill),
      "hit_rate": .optional(ExactDecimal.rate(tally.hits, of: tally.attempts)),
      "valid_rate": .optional(ExactDecimal.rate(tally.valid, of: tally.hits)),
      "latency_ms": latency(tally.latency),
      "verdicts": .counts(verdicts(tally)),
      "rejected": rejected(line),
    ])
  }

  /// Hits by the kind of their verdict; for a verifier, how often it said what.
  private static func verdicts(_ tally: ProviderTally) -> [Verdict.Kind: Int64] {
    tally.judgements.reduce(into: [:]) { $0[$1.key.verdict.kind, default: 0] += $1.value }
  }

  /// Rejected hits by reason, or by the kind of their verdict where it has none.
  private static func rejected(_ line: RunInfoSummary.ProviderLine) -> JSONValue {
    var names: [String] = []
    var counts: [String: Int64] = [:]
    for (verdict, count) in line.rejections {
      let name = verdict.reason?.rawValue ?? verdict.kind.rawValue
      if counts[name] == nil { names.append(name) }
      counts[name, default: 0] += count
    }
    return .members(names.map { .init($0, .integer(counts[$0] ?? 0)) })
  }

  static func latency(_ histogram: LatencyHistogram) -> JSONValue {
    func milliseconds(_ percent: Double) -> JSONValue {
      .optional(histogram.percentile(percent)) { .decimal(ExactDecimal(millisecondsOf: $0)) }
    }
    return .object(["p50": milliseconds(50), "p95": milliseconds(95)])
  }
}

extension AttemptID.Role {
  /// The role in reports.
  var name: String {
    switch self {
    case .finder: "finder"
    case .verifier: "verifier"
    }
  }
}
