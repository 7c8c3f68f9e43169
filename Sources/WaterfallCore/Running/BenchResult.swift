/// What providers that were asked side by side about the same rows found, compared.
public struct BenchResult: Sendable, Equatable {
  /// A proportion with its confidence interval, all between 0 and 1.
  public struct Interval: Sendable, Equatable {
    public let estimate: Double
    public let low: Double
    public let high: Double

    public init(estimate: Double, low: Double, high: Double) {
      self.estimate = estimate
      self.low = low
      self.high = high
    }
  }

  /// One provider: one single-step column of the bench run.
  public struct Contender: Sendable, Equatable {
    /// 0-based position of its column in the run.
    public let column: Int32
    public let provider: ProviderID
    /// Rows for which it had a value, asked or shared with an identical question.
    public let rowsWithHit: Int64
    /// Rows for which its value was accepted.
    public let rowsWithValid: Int64
    /// Rows for which no other contender had a value.
    public let uniqueHits: Int64
    /// Rows for which no other contender had an accepted value.
    public let uniqueValid: Int64
    /// Hits by attempts; nil without attempts.
    public let hitRate: Interval?
    /// Accepted hits by hits; nil without hits.
    public let validRate: Interval?
    /// Whether its manifest, or its answers, tell what a hit costs in money.
    public let knowsMoney: Bool

    public init(
      column: Int32, provider: ProviderID, rowsWithHit: Int64, rowsWithValid: Int64,
      uniqueHits: Int64, uniqueValid: Int64, hitRate: Interval?, validRate: Interval?,
      knowsMoney: Bool = false
    ) {
      self.column = column
      self.provider = provider
      self.rowsWithHit = rowsWithHit
      self.rowsWithValid = rowsWithValid
      self.uniqueHits = uniqueHits
      self.uniqueValid = uniqueValid
      self.hitRate = hitRate
      self.validRate = validRate
      self.knowsMoney = knowsMoney
    }
  }

  /// Rows for which both of two contenders had a value, and an accepted one.
  public struct Overlap: Sendable, Equatable {
    /// Positions in `contenders`; `first` is the lower.
    public let first: Int
    public let second: Int
    public let hits: Int64
    public let valid: Int64

    public init(first: Int, second: Int, hits: Int64, valid: Int64) {
      self.first = first
      self.second = second
      self.hits = hits
      self.valid = valid
    }
  }

  /// Rows that anybody was asked about, or had answered by an identical question.
  public let rows: Int64
  /// Rows for which anybody had a value.
  public let rowsWithHit: Int64
  /// Rows for which anybody had an accepted value.
  public let rowsWithValid: Int64
  /// In the order of the run's columns.
  public let contenders: [Contender]
  /// Every pair once.
  public let overlaps: [Overlap]

  public init(
    rows: Int64, rowsWithHit: Int64, rowsWithValid: Int64, contenders: [Contender],
    overlaps: [Overlap]
  ) {
    self.rows = rows
    self.rowsWithHit = rowsWithHit
    self.rowsWithValid = rowsWithValid
    self.contenders = contenders
    self.overlaps = overlaps
  }
}
