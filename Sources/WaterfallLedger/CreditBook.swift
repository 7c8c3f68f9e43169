public import WaterfallCore

/// The credits of one workspace in memory: lots, open holds, and the entries that moved them.
///
/// Every decision about money is made here, synchronously; a store only makes the entries durable.
/// The same book serves a live run, a simulation and the tests. It has no clock: whoever calls says
/// what time it is, and time never goes back.
///
/// Guarantees: no balance is ever negative, a hold ends exactly once, a capture never exceeds its
/// hold, a refund never exceeds its charge, and every movement is an entry.
public struct CreditBook: Sendable {
  /// By number, ascending.
  public private(set) var lots: [Lot]
  /// Reserved by open holds, over all lots.
  public private(set) var held: Credits
  /// The sequence number of the next entry.
  public private(set) var nextSequence: Int64

  var burnOrder: [Int] = []
  var openHolds: [Int64: OpenHold] = [:]
  private var resumable: [AttemptID: Int64] = [:]
  private var entries: [Entry] = []
  private var changed: Set<Int> = []

  /// A refund into a lot that has expired comes back as a lot of its own, which lives this long.
  public static let refundLotLifetime: Int64 = 30 * 24 * 60 * 60 * 1000

  /// Opens a book on stored lots and holds. `nextSequence` follows the last stored entry.
  public init(lots: [Lot] = [], openHolds: [OpenHold] = [], nextSequence: Int64 = 1) {
    self.lots = lots.sorted { $0.id < $1.id }
    self.held = lots.reduce(.zero) { $0 + $1.held }
    self.nextSequence = nextSequence
    for hold in openHolds {
      self.openHolds[hold.opening] = hold
      self.resumable[hold.attempt] = hold.opening
    }
    sortBurnOrder()
  }

  /// What could be held at `now`: expired lots do not count, even before anything swept them.
  public func available(at now: Timestamp) -> Credits {
    lots.reduce(.zero) { sum, lot in lot.expires > now ? sum + lot.available : sum }
  }

  /// Whether `drain` has entries to give.
  public var hasUnwrittenEntries: Bool { !entries.isEmpty }

  /// Takes the entries written since the last call, and the lots that they changed.
  public mutating func drain() -> (entries: [Entry], lots: [Lot]) {
    defer {
      entries.removeAll(keepingCapacity: true)
      changed.removeAll(keepingCapacity: true)
    }
    return (entries, changed.sorted().map { lots[$0] })
  }

  // MARK: What the operations are made of

  /// Priority, then soonest expiry, then unpaid before paid, then older.
  private mutating func sortBurnOrder() {
    burnOrder = lots.indices.sorted { left, right in
      let (a, b) = (lots[left], lots[right])
      if a.priority != b.priority { return a.priority < b.priority }
      if a.expires != b.expires { return a.expires < b.expires }
      if a.kind.isPaid != b.kind.isPaid { return !a.kind.isPaid }
      return a.id < b.id
    }
  }

  func index(of lot: LotID) -> Int {
    // Lots are numbered from 1 without gaps; a store that broke this is caught here.
    let index = Int(lot.rawValue) - 1
    precondition(lots.indices.contains(index) && lots[index].id == lot, "lots are numbered densely")
    return index
  }

  /// Adds a lot with its grant entry.
  mutating func issue(_ lot: Lot) {
    lots.append(lot)
    changed.insert(lots.count - 1)
    sortBurnOrder()
    append(.grant, lots.count - 1, lot.issued, note: lot.note)
  }

  /// Writes one entry and moves the amount between the lot's accounts. Returns its number.
  @discardableResult
  mutating func append(
    _ kind: EntryKind, _ index: Int, _ amount: Credits, opening: Int64 = 0,
    attempt: AttemptID? = nil, note: String? = nil
  ) -> Int64 {
    let seq = nextSequence
    nextSequence += 1
    entries.append(
      Entry(
        seq: seq, kind: kind, lot: lots[index].id, amount: amount, opening: opening,
        attempt: attempt, note: note))
    guard kind != .grant else { return seq }
    move(amount, kind, in: index)
    changed.insert(index)
    return seq
  }

  private mutating func move(_ amount: Credits, _ kind: EntryKind, in index: Int) {
    switch kind {
    case .hold:
      lots[index].available -= amount
      lots[index].held += amount
      held += amount
    case .capture:
      lots[index].held -= amount
      lots[index].spent += amount
      held -= amount
    case .void:
      lots[index].held -= amount
      lots[index].available += amount
      held -= amount
    case .refund:
      lots[index].spent -= amount
      lots[index].available += amount
    case .expire:
      lots[index].available -= amount
      lots[index].expired += amount
    case .rollover:
      lots[index].available -= amount
      lots[index].rolledOver += amount
    case .grant, .zero:
      preconditionFailure("moves nothing within a lot")
    }
  }

  /// Writes the zero entry of an attempt with the user's own key, which belongs to no lot.
  mutating func appendZero(for attempt: AttemptID) -> Int64 {
    let seq = nextSequence
    nextSequence += 1
    entries.append(
      Entry(seq: seq, kind: .zero, lot: LotID(rawValue: 0), amount: .zero, attempt: attempt))
    return seq
  }

  // MARK: Holds that outlive a process

  /// The open hold that an earlier process left for this attempt, if there is one.
  public func openHold(of attempt: AttemptID) -> Int64? { resumable[attempt] }

  /// The open hold whose first entry this is; nil once it has ended.
  public func openHold(_ opening: Int64) -> OpenHold? { openHolds[opening] }

  mutating func takeHold(_ opening: Int64) throws(LedgerError) -> OpenHold {
    guard let hold = openHolds.removeValue(forKey: opening) else {
      throw LedgerError.holdHasEnded(opening: opening)
    }
    if !resumable.isEmpty { resumable[hold.attempt] = nil }
    return hold
  }
}
