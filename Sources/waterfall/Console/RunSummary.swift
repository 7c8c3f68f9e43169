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
    let unit = info.run.isSimulated ? "simulated credits" : "credits"
    text =
      "run \(info.run.id) \(info.run.state.rawValue): \(info.run.rows) rows, "
      + "\(filled) of \(cells) cells filled; charged \(charged) \(unit), refunded \(refunded), "
      + "net \(charged - refunded)"
  }
}
