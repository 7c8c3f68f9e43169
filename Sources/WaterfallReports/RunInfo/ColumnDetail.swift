import WaterfallCore

/// One column of a run as text: what its providers found, what that cost, and what went wrong.
struct ColumnDetail {
  private let column: RunInfoSummary.ColumnSummary

  init(_ column: RunInfoSummary.ColumnSummary) { self.column = column }

  var lines: [String] {
    var lines = ["\(VisibleText.of(column.name)) (\(column.field))"]
    guard !column.providers.isEmpty else { return lines + ["  no providers"] }
    lines += found.lines(indent: 2)
    if !verifiers.isEmpty { lines += [""] + said.lines(indent: 2) }
    lines += [""] + cost.lines(indent: 2)
    if !reasons.isEmpty { lines += [""] + reasons.lines(indent: 2) }
    return lines
  }

  private var verifiers: [RunInfoSummary.ProviderLine] {
    column.providers.filter { $0.key.role == .verifier }
  }

  /// What finders found.
  private var found: TextTable {
    var table = TextTable(
      Self.providerColumns
        + [
          "asked", "hits", "valid", "rejected", "misses", "failed", "unknown", "cached",
          "hit rate", "valid rate",
        ].map { .init($0, .right) })
    for line in column.providers where line.key.role == .finder {
      let tally = line.tally
      let counts = [
        tally.attempts, tally.hits, tally.valid, tally.invalid, tally.misses,
        tally.failures.values.reduce(0, +), tally.unknown, tally.cached,
      ]
      table.add(
        Self.providerCells(line) + counts.map { String($0) } + [
          Phrases.percent(ExactDecimal.rate(tally.hits, of: tally.attempts)),
          Phrases.percent(ExactDecimal.rate(tally.valid, of: tally.hits)),
        ])
    }
    return table
  }

  /// What verifiers said: whoever was asked is in one of the columns after it, but `cached`.
  private var said: TextTable {
    var table = TextTable(
      Self.providerColumns
        + [
          "asked", "valid", "invalid", "risky", "could not tell", "no verdict", "failed",
          "unknown", "cached",
        ].map { .init($0, .right) })
    for line in verifiers {
      let tally = line.tally
      let counts = [
        tally.attempts, tally.verdicts(.valid), tally.verdicts(.invalid), tally.verdicts(.risky),
        tally.verdicts(.unverified), tally.misses, tally.failures.values.reduce(0, +),
        tally.unknown, tally.cached,
      ]
      table.add(Self.providerCells(line) + counts.map { String($0) })
    }
    return table
  }

  private var cost: TextTable {
    var table = TextTable(
      Self.providerColumns
        + [
          "charged", "refunded", "net", "saved", "overrun", "cost/fill", "provider $", "p50 ms",
          "p95 ms",
        ].map { .init($0, .right) })
    for line in column.providers {
      var sums = Sums()
      sums.add(line.tally, keySource: line.key.keySource)
      let amounts = [sums.charged, sums.refunded, sums.net, sums.saved, sums.overrun]
      table.add(
        Self.providerCells(line) + amounts.map { Phrases.amount($0) } + [
          Phrases.decimal(line.costPerFill), line.tally.money.description,
          Self.latency(line.tally.latency, 50), Self.latency(line.tally.latency, 95),
        ])
    }
    return table
  }

  /// Rejections, failures and skips by reason; the column's own skipped cells first.
  private var reasons: TextTable {
    var table = TextTable([
      .init("who"), .init("what"), .init("why", limit: 64), .init("times", .right),
    ])
    for reason in SkipReason.allCases {
      guard let count = column.cells.skipped[reason] else { continue }
      table.add(["whole cells", "skipped", words(for: reason), String(count)])
    }
    for line in column.providers {
      let who = Self.providerCells(line).prefix(line.isFree ? 1 : 2).joined(separator: " ")
      for (verdict, count) in line.rejections {
        table.add([who, "rejected", Self.words(for: verdict), String(count)])
      }
      for reason in FailureReason.allCases {
        guard let count = line.tally.failures[reason] else { continue }
        table.add([who, "failed", reason.words, String(count)])
      }
      for reason in SkipReason.allCases {
        guard let count = line.tally.skipped[reason] else { continue }
        table.add([who, "skipped", words(for: reason, line), String(count)])
      }
    }
    return table
  }

  /// Names the inputs that were lacking: of the only step of a provider, or of the whole column.
  private func words(
    for reason: SkipReason, _ line: RunInfoSummary.ProviderLine? = nil
  ) -> String {
    guard reason == .missingInput, let needs = column.needs else { return reason.words }
    return needs.words(column: column.position, step: line?.steps.first.map { $0 - 1 })
  }

  private static func words(for verdict: Verdict) -> String {
    verdict.reason?.words ?? "it was judged \(verdict.kind.rawValue)"
  }

  private static let providerColumns: [TextTable.Column] = [
    .init("provider", limit: 20), .init("key"),
  ]

  private static func providerCells(_ line: RunInfoSummary.ProviderLine) -> [String] {
    let mark = line.key.role == .verifier ? "+ " : ""
    return [
      mark + line.key.provider.rawValue, Phrases.key(line.key.keySource, isFree: line.isFree),
    ]
  }

  static func latency(_ histogram: LatencyHistogram, _ percent: Double) -> String {
    histogram.percentile(percent).map { ExactDecimal(millisecondsOf: $0).milliseconds }
      ?? Phrases.none
  }
}
