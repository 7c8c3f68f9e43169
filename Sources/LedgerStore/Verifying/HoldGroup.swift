import WaterfallCore

/// What the ledger did to one hold or zero entry: its lines, summed by lot.
struct HoldGroup {
  struct Part {
    let lot: LotID
    var held: Int64 = 0
    var captured: Int64 = 0
    var released: Int64 = 0
    var refunded: Int64 = 0
  }

  let opening: Int64
  /// nil where the first line is no hold or zero entry.
  private(set) var attempt: AttemptID?
  private(set) var isZero = false
  private(set) var hasEnded = false
  private(set) var parts: [Part] = []
  private(set) var slices: [OpenHold.Slice] = []

  init(opening: Int64) { self.opening = opening }

  var held: Int64 { parts.reduce(0) { $0 &+ $1.held } }
  var captured: Int64 { parts.reduce(0) { $0 &+ $1.captured } }
  var refunded: Int64 { parts.reduce(0) { $0 &+ $1.refunded } }

  mutating func add(_ entry: Entry) {
    if entry.seq == opening {
      attempt = entry.attempt
      isZero = entry.kind == .zero
    }
    guard entry.kind != .zero else { return }
    let index = parts.firstIndex { $0.lot == entry.lot } ?? parts.endIndex
    if index == parts.endIndex { parts.append(Part(lot: entry.lot)) }
    let amount = entry.amount.micro
    switch entry.kind {
    case .hold:
      parts[index].held &+= amount
      slices.append(OpenHold.Slice(lot: entry.lot, amount: entry.amount))
    case .capture:
      parts[index].captured &+= amount
      hasEnded = true
    case .void:
      parts[index].released &+= amount
      hasEnded = true
    case .refund: parts[index].refunded &+= amount
    case .grant, .zero, .expire, .rollover: break
    }
  }
}

/// What the ledger charged and refunded for a run's attempts.
struct RunTotals: Equatable {
  var charged: Int64 = 0
  var refunded: Int64 = 0
  /// Of those, what belongs to attempts that wait for their verifier and are not stored yet.
  var waitingCharged: Int64 = 0
  var waitingRefunded: Int64 = 0
}

typealias TotalsByRun = [RunID: RunTotals]
