public import WaterfallCore

/// What a hold request came to.
public enum HoldResult: Equatable, Sendable {
  /// Reserved; `opening` is the hold's entry, by which it is captured or voided.
  case held(opening: Int64)
  /// Not now, but the holds that are open could free enough when they end.
  case wait
  /// Not even if every open hold ended without a charge.
  case short
}

/// A captured hold: what was charged, and from which lots.
public struct Charge: Sendable, Equatable {
  public let opening: Int64
  public let attempt: AttemptID
  /// In the order in which they burnt.
  public private(set) var slices: [OpenHold.Slice]

  public var amount: Credits { slices.reduce(.zero) { $0 + $1.amount } }

  fileprivate init(opening: Int64, attempt: AttemptID, slices: [OpenHold.Slice]) {
    self.opening = opening
    self.attempt = attempt
    self.slices = slices
  }

  fileprivate mutating func replaceSlices(_ slices: [OpenHold.Slice]) { self.slices = slices }
}

extension CreditBook {
  /// Brings credits in as a new lot. Positive amounts only.
  ///
  /// Throws `LedgerError` when the amount is negative, or the workspace's total would overflow.
  @discardableResult
  public mutating func grant(
    _ amount: Credits, kind: GrantKind, expires: Timestamp = .never, priority: Int = 0,
    note: String, at now: Timestamp
  ) throws(LedgerError) -> Lot {
    guard amount.micro >= 0 else { throw .negativeAmount }
    var total = amount
    for lot in lots {
      guard let sum = try? total.adding(lot.issued) else { throw .overflow }
      total = sum
    }
    let lot = Lot(
      id: LotID(rawValue: Int64(lots.count) + 1), kind: kind, issued: amount, priority: priority,
      granted: now, expires: expires, note: note)
    issue(lot)
    return lot
  }

  /// Reserves `amount` from the lots in burn order: credits go from available to held.
  ///
  /// A hold that an earlier process left open for the same attempt is taken up instead, without an
  /// entry. Complexity: O(lots touched), O(lots) when credits are short.
  public mutating func hold(
    _ amount: Credits, for attempt: AttemptID, at now: Timestamp
  ) throws(LedgerError) -> HoldResult {
    guard amount.micro >= 0 else { throw .negativeAmount }
    if let opening = openHold(of: attempt) { return .held(opening: opening) }
    let slices = sliceLots(amount, at: now)
    guard let slices else {
      return available(at: now) + held >= amount ? .wait : .short
    }
    var opening: Int64 = 0
    for slice in slices {
      let seq = append(
        .hold, index(of: slice.lot), slice.amount, opening: opening,
        attempt: opening == 0 ? attempt : nil)
      if opening == 0 { opening = seq }
    }
    openHolds[opening] = OpenHold(opening: opening, attempt: attempt, slices: slices)
    return .held(opening: opening)
  }

  /// The parts of `amount` by lot in burn order, or nil where the lots cannot cover it.
  /// A hold of nothing (a free step) still names the first lot, so that it has an entry.
  private func sliceLots(_ amount: Credits, at now: Timestamp) -> [OpenHold.Slice]? {
    var missing = amount
    var slices: [OpenHold.Slice] = []
    for index in burnOrder where lots[index].expires > now {
      let part = min(missing, lots[index].available)
      guard part > .zero || (amount == .zero && slices.isEmpty) else { continue }
      slices.append(OpenHold.Slice(lot: lots[index].id, amount: part))
      missing -= part
      if missing == .zero { return slices }
    }
    return nil
  }

  /// Turns a hold, or part of it, into a charge: held credits are spent, the rest is released.
  public mutating func capture(
    _ opening: Int64, _ amount: Credits, at now: Timestamp
  ) throws(LedgerError) -> Charge {
    let hold = try takeHold(opening)
    guard amount.micro >= 0 else { throw .negativeAmount }
    guard amount <= hold.slices.reduce(.zero, { $0 + $1.amount }) else {
      throw .captureExceedsHold(opening: opening)
    }
    var missing = amount
    var captured: [OpenHold.Slice] = []
    for slice in hold.slices {
      let part = min(missing, slice.amount)
      missing -= part
      if part > .zero || (amount == .zero && captured.isEmpty) {
        append(.capture, index(of: slice.lot), part, opening: opening)
        captured.append(OpenHold.Slice(lot: slice.lot, amount: part))
      }
      if part < slice.amount { release(slice.amount - part, of: slice.lot, opening, at: now) }
    }
    return Charge(opening: opening, attempt: hold.attempt, slices: captured)
  }

  /// Ends a hold without a charge: held credits become available again.
  public mutating func void(_ opening: Int64, at now: Timestamp) throws(LedgerError) {
    for slice in try takeHold(opening).slices {
      release(slice.amount, of: slice.lot, opening, at: now)
    }
  }

  /// What a lot that expired meanwhile gets back is lost at once.
  private mutating func release(
    _ amount: Credits, of lot: LotID, _ opening: Int64, at now: Timestamp
  ) {
    let index = index(of: lot)
    append(.void, index, amount, opening: opening)
    if lots[index].expires <= now, amount > .zero {
      append(.expire, index, amount, note: "released by entry \(opening) after the lot had expired")
    }
  }

  /// Reverses all of a charge, or what is left of it: spent credits become available again, last
  /// slice first. Where a lot has expired, its part comes back as a refund lot of 30 days.
  ///
  /// `charge` becomes empty: it cannot be refunded twice. Returns the amount.
  @discardableResult
  public mutating func refund(_ charge: inout Charge, at now: Timestamp) -> Credits {
    let amount = charge.amount
    for slice in charge.slices.reversed() {
      let index = index(of: slice.lot)
      append(.refund, index, slice.amount, opening: charge.opening)
      if lots[index].expires <= now, slice.amount > .zero {
        reissue(slice.amount, from: index, opening: charge.opening, at: now)
      }
    }
    charge.replaceSlices([])
    return amount
  }

  private mutating func reissue(
    _ amount: Credits, from index: Int, opening: Int64, at now: Timestamp
  ) {
    let note = "refund for entry \(opening), whose lot had expired"
    append(.rollover, index, amount, note: note)
    issue(
      Lot(
        id: LotID(rawValue: Int64(lots.count) + 1), kind: .refund, issued: amount, granted: now,
        expires: Timestamp(milliseconds: now.milliseconds + Self.refundLotLifetime), note: note))
  }

  /// Records an attempt with the user's own key, which costs nothing. Returns the entry's number.
  public mutating func zero(for attempt: AttemptID) -> Int64 { appendZero(for: attempt) }

  /// Moves what is left in expired lots to breakage. Held credits stay until their holds end.
  public mutating func expire(at now: Timestamp) {
    for index in lots.indices where lots[index].expires <= now && lots[index].available > .zero {
      append(.expire, index, lots[index].available, note: "lot \(index + 1) expired")
    }
  }
}
