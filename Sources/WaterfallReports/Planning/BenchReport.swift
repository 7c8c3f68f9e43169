public import WaterfallCore

/// Providers measured side by side: each is one single-step column of a bench run.
///
/// What was charged for a provider includes its column's verifier: it is the price of knowing that
/// its values are valid. The best come first: by cost per valid value, then by valid rate.
public struct BenchReport: Sendable {
  public static let schema = "waterfall.bench/1"

  let run: RunRecord
  let result: BenchResult
  let contenders: [Line]

  /// One provider, with what its column found and cost.
  struct Line {
    let contender: BenchResult.Contender
    let field: Field?
    let key: KeySource
    /// The finders of the column.
    let found: ProviderTally
    /// All of the column, verifiers included.
    let sums: Sums

    var name: String { contender.provider.rawValue }
    var costPerHit: ExactDecimal? { ExactDecimal.share(sums.net, among: found.hits) }
    var costPerValid: ExactDecimal? { ExactDecimal.share(sums.net, among: found.valid) }
    var failures: Int64 { found.failures.values.reduce(0, +) }
    var hitRate: ExactDecimal? { ExactDecimal.rate(found.hits, of: found.attempts) }
    var validRate: ExactDecimal? { ExactDecimal.rate(found.valid, of: found.hits) }

    /// Dollars that the provider takes; nil where that is not known.
    var money: ExactDecimal? {
      contender.knowsMoney ? ExactDecimal(unscaled: sums.money, scale: 9) : nil
    }

    /// Dollars for each valid value, to six decimals.
    var moneyPerValid: ExactDecimal? {
      guard contender.knowsMoney, found.valid > 0 else { return nil }
      let share = ExactDecimal.divideHalfEven(sums.money, by: Int128(found.valid))
      return ExactDecimal(unscaled: share, scale: 9).rounded(to: 6)
    }
  }

  /// `info` is the bench run's; `result` was counted from its rows.
  public init(_ info: RunInfo, _ result: BenchResult) {
    run = info.run
    self.result = result
    let columns = RunInfoSummary(info).columns
    contenders = result.contenders.map { contender in
      let index = Int(contender.column)
      return Line(contender, of: columns.indices.contains(index) ? columns[index] : nil)
    }.sorted { $0.isBetter(than: $1) }
  }

  var hitCoverage: ExactDecimal? { ExactDecimal.rate(result.rowsWithHit, of: result.rows) }
  var validCoverage: ExactDecimal? { ExactDecimal.rate(result.rowsWithValid, of: result.rows) }

  /// The name of a contender by its place in `result`.
  func name(_ index: Int) -> String {
    let contenders = result.contenders
    return contenders.indices.contains(index) ? contenders[index].provider.rawValue : "?"
  }
}

extension BenchReport.Line {
  init(_ contender: BenchResult.Contender, of column: RunInfoSummary.ColumnSummary?) {
    var found = ProviderTally()
    let finders = column?.providers.filter { $0.key.role == .finder } ?? []
    for line in finders { found.merge(line.tally) }
    self.init(
      contender: contender, field: column?.field, key: finders.first?.key.keySource ?? .managed,
      found: found, sums: column?.sums ?? Sums())
  }

  /// Those without a valid value come last.
  func isBetter(than other: Self) -> Bool {
    let (cost, otherCost) = (costPerValid?.unscaled ?? .max, other.costPerValid?.unscaled ?? .max)
    guard cost == otherCost else { return cost < otherCost }
    let (rate, otherRate) = (validRate?.unscaled ?? -1, other.validRate?.unscaled ?? -1)
    return rate == otherRate ? name < other.name : rate > otherRate
  }
}
