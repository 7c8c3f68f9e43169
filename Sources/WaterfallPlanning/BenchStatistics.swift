public import WaterfallCore

/// Counts what providers that were asked side by side found, row by row.
///
/// Each provider is one single-step column of a bench run. Whether a provider *had* a value for a
/// row counts answers shared with an identical question too; the rates count only what was asked,
/// because shared answers are no independent evidence.
///
/// Memory is O(providers²), whatever the number of rows.
public struct BenchStatistics: Sendable {
  /// What is counted for one column.
  private struct Counts: Sendable {
    var attempts: Int64 = 0
    var hits: Int64 = 0
    var valid: Int64 = 0
    var rowsWithHit: Int64 = 0
    var rowsWithValid: Int64 = 0
    var uniqueHits: Int64 = 0
    var uniqueValid: Int64 = 0
    /// Whether the provider's cost of a hit was told at least once.
    var knowsMoney = false
  }

  private let providers: [ProviderID?]
  private var counts: [Counts]
  private var hitPairs: PairCounts
  private var validPairs: PairCounts
  private var rows: Int64 = 0
  private var rowsWithHit: Int64 = 0
  private var rowsWithValid: Int64 = 0
  /// Of the row at hand, one bit to a column; kept to spare an allocation for each row.
  private var hitSet: BitSet
  private var validSet: BitSet

  /// The contenders are the columns of `outline`, each called after its first provider.
  public init(_ outline: RunOutline) {
    providers = outline.columns.map { $0.steps.first { $0.role == .finder }?.provider }
    counts = Array(repeating: Counts(), count: providers.count)
    hitPairs = PairCounts(members: providers.count)
    validPairs = PairCounts(members: providers.count)
    hitSet = BitSet(capacity: providers.count)
    validSet = BitSet(capacity: providers.count)
  }

  /// Counts one row: the attempts of all its columns, in any order. A row must be given once; one
  /// that nobody was asked about, nor answered by an identical question, does not count.
  ///
  /// Attempts of columns that the outline lacks are ignored. Complexity: O(attempts + hits²).
  public mutating func addRow(_ attempts: [AttemptRecord]) {
    hitSet.removeAll()
    validSet.removeAll()
    var wasAsked = false
    for record in attempts where record.id.role == .finder && record.outcome != nil {
      let column = Int(record.id.cell.column)
      guard counts.indices.contains(column) else { continue }
      wasAsked = true
      add(record, column)
    }
    guard wasAsked else { return }
    rows += 1
    let (hits, valid) = (hitSet.members, validSet.members)
    rowsWithHit += hits.isEmpty ? 0 : 1
    rowsWithValid += valid.isEmpty ? 0 : 1
    for column in hits { counts[column].rowsWithHit += 1 }
    for column in valid { counts[column].rowsWithValid += 1 }
    if hits.count == 1 { counts[hits[0]].uniqueHits += 1 }
    if valid.count == 1 { counts[valid[0]].uniqueValid += 1 }
    hitPairs.add(hits)
    validPairs.add(valid)
  }

  private mutating func add(_ record: AttemptRecord, _ column: Int) {
    let isHit = record.value != nil
    let isValid = isHit && record.isAccepted
    if isHit { hitSet.insert(column) }
    if isValid { validSet.insert(column) }
    guard case .asked = record.kind else { return }
    counts[column].attempts += 1
    counts[column].hits += isHit ? 1 : 0
    counts[column].valid += isValid ? 1 : 0
    if isHit, record.money != nil { counts[column].knowsMoney = true }
  }

  /// Adds what was counted elsewhere about other rows of the same run.
  public mutating func merge(_ other: BenchStatistics) {
    precondition(providers == other.providers, "statistics of another outline")
    rows += other.rows
    rowsWithHit += other.rowsWithHit
    rowsWithValid += other.rowsWithValid
    hitPairs.merge(other.hitPairs)
    validPairs.merge(other.validPairs)
    for (index, more) in other.counts.enumerated() {
      counts[index].attempts += more.attempts
      counts[index].hits += more.hits
      counts[index].valid += more.valid
      counts[index].rowsWithHit += more.rowsWithHit
      counts[index].rowsWithValid += more.rowsWithValid
      counts[index].uniqueHits += more.uniqueHits
      counts[index].uniqueValid += more.uniqueValid
      counts[index].knowsMoney = counts[index].knowsMoney || more.knowsMoney
    }
  }

  /// What the rows so far show. Complexity: O(providers²).
  public var result: BenchResult {
    let contenders = counts.enumerated().map { index, counts in
      BenchResult.Contender(
        column: Int32(index), provider: providers[index] ?? ProviderID(""),
        rowsWithHit: counts.rowsWithHit, rowsWithValid: counts.rowsWithValid,
        uniqueHits: counts.uniqueHits, uniqueValid: counts.uniqueValid,
        hitRate: WilsonInterval.of(counts.hits, among: counts.attempts),
        validRate: WilsonInterval.of(counts.valid, among: counts.hits),
        knowsMoney: counts.knowsMoney)
    }
    let overlaps = counts.indices.flatMap { second in
      (0..<second).map { first in
        BenchResult.Overlap(
          first: first, second: second, hits: hitPairs[first, second],
          valid: validPairs[first, second])
      }
    }
    return BenchResult(
      rows: rows, rowsWithHit: rowsWithHit, rowsWithValid: rowsWithValid, contenders: contenders,
      overlaps: overlaps.sorted { ($0.first, $0.second) < ($1.first, $1.second) })
  }
}
