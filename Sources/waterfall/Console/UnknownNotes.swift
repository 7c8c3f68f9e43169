import LedgerStore
import WaterfallCore

/// Names what was sent and not answered in full: nothing was charged for it here, and the provider may
/// bill it all the same.
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
    let what = count == 1 ? "1 question was" : "\(count) questions were"
    lines = [
      "\(what) sent and not answered in full; nothing was charged, and the provider may bill it: "
        + places.joined(separator: ", ") + rest
    ]
  }
}
