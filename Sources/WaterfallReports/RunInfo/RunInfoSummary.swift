import WaterfallCore

/// A run's tallies in the order in which every format shows them.
struct RunInfoSummary {
  /// One provider in its role for one column, with one kind of key.
  struct ProviderLine {
    let key: ColumnTally.ProviderKey
    /// 1-based positions in the waterfall; empty for a provider that the outline does not name.
    let steps: [Int32]
    /// Whether its pinned price is 0: whose key is used means nothing then.
    let isFree: Bool
    let tally: ProviderTally

    /// Hits that did not fill their cell, by verdict. A verifier's hits fill none, and are none.
    var rejections: [(verdict: Verdict, count: Int64)] {
      key.role == .finder ? tally.rejections : []
    }

    /// Net charge by accepted hit, for finders.
    var costPerFill: ExactDecimal? {
      guard key.role == .finder else { return nil }
      let net = Int128(tally.charged.micro) - Int128(tally.refunded.micro)
      return ExactDecimal.share(net, among: tally.valid)
    }
  }

  struct ColumnSummary {
    let name: String
    let field: Field
    let cells: CellCounts
    let providers: [ProviderLine]
    let sums: Sums
    /// The part of `sums` that verifiers caused.
    let verifierSums: Sums
    let position: Int32
    let needs: InputNeeds?

    var costPerFill: ExactDecimal? { ExactDecimal.share(sums.net, among: cells.filled) }
  }

  let run: RunRecord
  let columns: [ColumnSummary]
  let cells: CellCounts
  let sums: Sums

  var costPerFill: ExactDecimal? { ExactDecimal.share(sums.net, among: cells.filled) }

  /// Every column of the outline, and every provider of its steps, whether or not anything was
  /// asked.
  init(_ info: RunInfo) {
    run = info.run
    columns = info.run.outline.columns.enumerated().map { index, column in
      ColumnSummary(
        column, info.tallies.columns[Int32(index)] ?? ColumnTally(), Int32(index), info.needs)
    }
    var (cells, sums) = (CellCounts(), Sums())
    for column in columns {
      cells.add(column.cells)
      sums.add(column.sums)
    }
    (self.cells, self.sums) = (cells, sums)
  }
}

extension RunInfoSummary.ColumnSummary {
  init(
    _ column: RunOutline.Column, _ tally: ColumnTally, _ position: Int32, _ needs: InputNeeds?
  ) {
    self.position = position
    self.needs = needs
    name = column.name
    field = column.field
    cells = CellCounts(tally)
    providers = Self.lines(column, tally)
    var (all, verifiers) = (Sums(), Sums())
    for line in providers {
      all.add(line.tally, keySource: line.key.keySource)
      if line.key.role == .verifier { verifiers.add(line.tally, keySource: line.key.keySource) }
    }
    (sums, verifierSums) = (all, verifiers)
  }

  /// In the order of the steps; what the outline does not name comes after the same provider with
  /// its other key, or at the end.
  private static func lines(
    _ column: RunOutline.Column, _ tally: ColumnTally
  ) -> [RunInfoSummary.ProviderLine] {
    var order: [ColumnTally.ProviderKey] = []
    var steps: [ColumnTally.ProviderKey: [Int32]] = [:]
    var priced: Set<ColumnTally.ProviderKey> = []
    for step in column.steps {
      let key = ColumnTally.ProviderKey(
        provider: step.provider, role: step.role, keySource: step.keySource)
      if steps[key] == nil { order.append(key) }
      steps[key, default: []].append(step.step + 1)
      if step.price > .zero { priced.insert(key) }
    }
    let strangers = tally.providers.keys.filter { steps[$0] == nil }.sorted {
      ($0.provider, $0.role.rawValue, $0.keySource.rawValue)
        < ($1.provider, $1.role.rawValue, $1.keySource.rawValue)
    }
    for key in strangers {
      let sibling = order.lastIndex { $0.provider == key.provider && $0.role == key.role }
      order.insert(key, at: sibling.map { $0 + 1 } ?? order.endIndex)
    }
    return order.map {
      RunInfoSummary.ProviderLine(
        key: $0, steps: steps[$0] ?? [],
        isFree: $0.keySource == .managed && steps[$0] != nil && !priced.contains($0),
        tally: tally.providers[$0] ?? ProviderTally())
    }
  }
}
