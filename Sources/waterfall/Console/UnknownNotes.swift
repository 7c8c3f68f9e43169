import LedgerStore
import WaterfallCore

/// Names what was sent and got no answer that can be used, so that its outcome is unknown: nothing was
/// charged for it here, and the provider may bill it all the same.
struct UnknownNotes {
  private static let most = 10

  let lines: [String]

  init(_ info: RunInfo, in store: LedgerStore) throws {
    let count = info.tallies.columns.values.flatMap(\.providers.values).reduce(0) {
      $0 + $1.unknown
    }
    guard count > 0, !info.run.isSimulated else {
      lines = []
      return
    }
    let found = try store.unknownAttempts(of: info.run.id, limit: Self.most)
    let places = found.map { "\($0.provider) for row \($0.id.cell.row)" }
    let rest = count > Int64(found.count) ? ", and \(count - Int64(found.count)) more" : ""
    let what =
      count == 1
      ? "the outcome of 1 question is unknown: it was sent, and got no usable answer; nothing was "
        + "charged, and the provider may bill it: "
      : "the outcome of \(count) questions is unknown: they were sent, and got no usable answers; "
        + "nothing was charged, and the provider may bill them: "
    lines = [what + places.joined(separator: ", ") + rest]
  }
}
