import WaterfallCore

/// The least and the most that a column could charge, in micro-credits.
///
/// - floor: 0. Nobody may have anything, or nobody may answer, and neither is charged.
/// - ceiling: the most that can stay charged after refunds.
/// - gross: the most that can be captured on the way, refunded or not: every step of every
///   eligible cell.
///
/// A step keeps its *sunk* part when its value is not accepted: nothing under the default
/// policies, its price when a miss is charged or a rejected value is not refunded, and always the
/// price of its verifier. At most one step of a cell is accepted. Its price adds to what the steps
/// before it sank. As only the count of eligible cells is known for each step, not which cells they
/// are, the ceiling is the smallest of three bounds, each of which holds for every such sheet.
struct ChargeBounds {
  let floor: Int128 = 0
  let ceiling: Int128
  let gross: Int128

  init(_ column: DryRun.Column) {
    let rungs = Self.rungs(column.steps)
    gross = rungs.reduce(0) { $0 + Int128($1.eligible) * ($1.price + $1.verifiers) }
    let byCell = Int128(column.eligible) * Self.ceilingOfOneCell(rungs)
    ceiling = min(gross, byCell, Self.ceilingByStep(rungs, cells: column.eligible))
  }

  /// A finder with its verifiers.
  private struct Rung {
    let step: Int32
    let eligible: Int64
    let price: Int128
    let sunk: Int128
    var verifiers: Int128 = 0
  }

  private static func rungs(_ steps: [DryRun.Step]) -> [Rung] {
    var rungs: [Rung] = []
    for step in steps {
      let price = step.step.keySource == .own ? 0 : Int128(step.step.price.micro)
      if step.step.role == .verifier, let last = rungs.indices.last {
        rungs[last].verifiers += price
        continue
      }
      let keeps = step.charge == .called || !step.refundsRejected
      rungs.append(
        Rung(step: step.step.step, eligible: step.eligible, price: price, sunk: keeps ? price : 0))
    }
    return rungs
  }

  /// The dearest way through the waterfall that ends at some step, or at none.
  private static func ceilingOfOneCell(_ rungs: [Rung]) -> Int128 {
    var (sunk, dearest): (Int128, Int128) = (0, 0)
    for rung in rungs {
      dearest = max(dearest, sunk + rung.price + rung.verifiers)
      sunk += rung.sunk + rung.verifiers
    }
    return max(dearest, sunk)
  }

  /// Every step sinks what it can, and each cell accepts the dearest step still to be had.
  private static func ceilingByStep(_ rungs: [Rung], cells: Int64) -> Int128 {
    var total = rungs.reduce(Int128(0)) { $0 + Int128($1.eligible) * ($1.sunk + $1.verifiers) }
    var left = cells
    for rung in rungs.sorted(by: { $0.price - $0.sunk > $1.price - $1.sunk }) {
      let taken = min(left, rung.eligible)
      total += Int128(taken) * (rung.price - rung.sunk)
      left -= taken
    }
    return total
  }
}
