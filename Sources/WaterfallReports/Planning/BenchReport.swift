public import WaterfallCore

/// Providers measured side by side: each is one single-step column of a bench run.
///
/// What was charged for a provider includes its column's verifier: it is the price of knowing that
/// its values are valid.
public struct BenchReport: Sendable {
  public static let schema = "waterfall.bench/1"

  let run: RunRecord
  let result: BenchResult
  let contenders: [Line]

  /// One provider, with what its column found and cost.
  struct Line {
    let contender: BenchResult.Contender
    let field: Field?
    /// The finders of the column.
    let found: ProviderTally
    /// All of the column, verifiers included.
    let sums: Sums

    var costPerHit: ExactDecimal? { ExactDecimal.share(sums.net, among: found.hits) }
    var costPerValid: ExactDecimal? { ExactDecimal.share(sums.net, among: found.valid) }
    var failures: Int64 { found.failures.values.reduce(0, +) }
    var hitRate: ExactDecimal? { ExactDecimal.rate(found.hits, of: found.attempts) }
    var validRate: ExactDecimal? { ExactDecimal.rate(found.valid, of: found.hits) }
  }

  /// `info` is the bench run's; `result` was counted from its rows.
  public init(_ info: RunInfo, _ result: BenchResult) {
    run = info.run
    self.result = result
    let summary = RunInfoSummary(info)
    contenders = result.contenders.map { contender in
      let index = Int(contender.column)
      guard summary.columns.indices.contains(index) else {
        return Line(contender: contender, field: nil, found: ProviderTally(), sums: Sums())
      }
      let column = summary.columns[index]
      var found = ProviderTally()
      for line in column.providers where line.key.role == .finder { found.merge(line.tally) }
      return Line(contender: contender, field: column.field, found: found, sums: column.sums)
    }
  }

  var hitCoverage: ExactDecimal? { ExactDecimal.rate(result.rowsWithHit, of: result.rows) }
  var validCoverage: ExactDecimal? { ExactDecimal.rate(result.rowsWithValid, of: result.rows) }
}
