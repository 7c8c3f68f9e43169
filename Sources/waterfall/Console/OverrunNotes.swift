import LedgerStore
import WaterfallCore

/// Names the providers that said of answers that they cost more than the price: that is theirs, or
/// the operator's, and a price that is not right any more.
struct OverrunNotes {
  let lines: [String]

  init(_ info: RunInfo, in store: LedgerStore) throws {
    let tallies = info.tallies.columns.values.flatMap(\.providers.values)
    guard tallies.contains(where: { $0.overrun > .zero }) else {
      lines = []
      return
    }
    lines = try store.overruns(of: info.run.id).map { provider, answers in
      let what = answers == 1 ? "an answer that it" : "\(answers) answers that they"
      return "\(provider) said of \(what) cost more than its price; no more than the price was "
        + "charged"
    }
  }
}
