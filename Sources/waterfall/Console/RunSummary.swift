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
    // Cells that nobody was asked about do not count, as in the coverage.
    let cells = columns.reduce(0) { $0 + $1.cells - $1.skipped.values.reduce(0, +) }
    let kind = info.run.isSimulated ? "simulated " : ""
    let isDone = info.run.state == .done
    text =
      "run \(info.run.id) \(info.run.state.rawValue): "
      + (isDone || info.run.rows > 0
        ? Self.rows(info.run.rows, areAll: isDone)
          + ", \(filled) of \(cells) \(cells == 1 ? "cell" : "cells") filled"
        : "no row finished yet")
      + "; charged \(charged.words(of: kind)), refunded \(refunded), net \(charged - refunded)"
      // Cells count once their row is finished, and charges at once.
      + (isDone || charged == .zero ? "" : ", rows under way included")
  }

  private static func rows(_ count: Int64, areAll: Bool) -> String {
    (count == 1 ? "1 row" : "\(count) rows") + (areAll ? "" : " finished")
  }
}

extension Credits {
  /// `1 credit`, `0.5 credits`.
  var words: String { words(of: "") }

  /// `kind` comes before the noun, with a space after it: `3 simulated credits`.
  func words(of kind: String) -> String {
    "\(self) \(kind)\(self == Credits(1) ? "credit" : "credits")"
  }
}

extension RunSpending {
  /// `with 2 spent`, `with 2 spent and 1 on hold`.
  var words: String { "with \(net) spent" + (held == .zero ? "" : " and \(held) on hold") }
}
