import WaterfallCore

/// The last line of a run: what was found and what it cost.
struct RunSummary {
  let text: String

  init(_ info: RunInfo) {
    let columns = info.tallies.columns.values
    let providers = columns.flatMap { $0.providers.values }
    let charged = providers.reduce(Credits.zero) { $0 + $1.charged }
    let refunded = providers.reduce(Credits.zero) { $0 + $1.refunded }
    let filled = columns.reduce(0) { $0 + $1.filled }
    let cells = columns.reduce(0) { $0 + $1.cells }
    let rows = info.run.rows == 1 ? "1 row" : "\(info.run.rows) rows"
    let noun = charged == Credits(1) ? "credit" : "credits"
    let unit = info.run.isSimulated ? "simulated \(noun)" : noun
    text =
      "run \(info.run.id) \(info.run.state.rawValue): \(rows), "
      + "\(filled) of \(cells) \(cells == 1 ? "cell" : "cells") filled; charged \(charged) \(unit), refunded \(refunded), "
      + "net \(charged - refunded)"
  }
}
