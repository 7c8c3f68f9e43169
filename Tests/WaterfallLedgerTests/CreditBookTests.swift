import Testing
import WaterfallCore
import WaterfallLedger

@Suite struct CreditBookTests {
  private let start = Timestamp(milliseconds: 1_000)
  private let later = Timestamp(milliseconds: 5_000)

  private func attempt(_ row: Int64) -> AttemptID {
    AttemptID(cell: CellID(run: RunID(1), row: row, column: 0), step: 0, role: .finder)
  }

  private func opening(_ result: HoldResult) throws -> Int64 {
    guard case .held(let opening) = result else {
      Issue.record("not held: \(result)")
      return 0
    }
    return opening
  }

  @Test func burnsByPriorityThenExpiryThenUnpaidThenAge() throws {
    var book = CreditBook()
    try book.grant(Credits(1), kind: .package, note: "1: paid, never expires", at: start)
    try book.grant(Credits(1), kind: .promotion, note: "2: unpaid, never expires", at: start)
    try book.grant(Credits(1), kind: .package, expires: later, note: "3: expires", at: start)
    try book.grant(Credits(1), kind: .package, priority: -1, note: "4: first", at: start)
    try book.grant(Credits(1), kind: .promotion, note: "5: as 2, younger", at: start)
    _ = book.drain()
    _ = try book.hold(Credits(5), for: attempt(1), at: start)
    #expect(book.drain().entries.map(\.lot.rawValue) == [4, 3, 2, 5, 1])
  }

  @Test func aHoldOverTwoLotsIsCapturedInOrderAndRefundedInReverse() throws {
    var book = CreditBook()
    try book.grant(Credits(1), kind: .promotion, note: "", at: start)
    try book.grant(Credits(5), kind: .package, note: "", at: start)
    let hold = try opening(book.hold(Credits(3), for: attempt(1), at: start))
    var charge = try book.capture(hold, Credits(2), at: start)
    #expect(charge.slices.map(\.amount) == [Credits(1), Credits(1)])
    book.refund(&charge, at: start)
    let lines = book.drain().entries.dropFirst(2).map {
      "\($0.kind.rawValue) \($0.amount) lot \($0.lot.rawValue)"
    }
    #expect(
      lines == [
        "hold 1 lot 1", "hold 2 lot 2", "capture 1 lot 1", "capture 1 lot 2", "void 1 lot 2",
        "refund 1 lot 2", "refund 1 lot 1",
      ])
    #expect(book.available(at: start) == Credits(6))
    #expect(book.refund(&charge, at: start) == .zero, "a charge is refunded once")
  }

  @Test func aHoldEndsExactlyOnce() throws {
    var book = CreditBook()
    try book.grant(Credits(5), kind: .trial, note: "", at: start)
    let hold = try opening(book.hold(Credits(2), for: attempt(1), at: start))
    try book.void(hold, at: start)
    #expect(throws: LedgerError.holdHasEnded(opening: hold)) { try book.void(hold, at: start) }
    #expect(throws: LedgerError.holdHasEnded(opening: hold)) {
      try book.capture(hold, Credits(1), at: start)
    }
  }

  @Test func aCaptureNeverExceedsItsHold() throws {
    var book = CreditBook()
    try book.grant(Credits(5), kind: .trial, note: "", at: start)
    let hold = try opening(book.hold(Credits(2), for: attempt(1), at: start))
    #expect(throws: LedgerError.captureExceedsHold(opening: hold)) {
      try book.capture(hold, Credits(3), at: start)
    }
  }

  @Test func waitsForOpenHoldsAndIsShortWithout() throws {
    var book = CreditBook()
    try book.grant(Credits(5), kind: .trial, note: "", at: start)
    let hold = try opening(book.hold(Credits(4), for: attempt(1), at: start))
    #expect(try book.hold(Credits(2), for: attempt(2), at: start) == .wait)
    #expect(try book.hold(Credits(6), for: attempt(2), at: start) == .short)
    _ = try book.capture(hold, Credits(4), at: start)
    #expect(try book.hold(Credits(2), for: attempt(2), at: start) == .short)
  }

  @Test func anExpiredLotIsNotSpendableEvenBeforeItIsSwept() throws {
    var book = CreditBook()
    try book.grant(Credits(5), kind: .monthly, expires: later, note: "", at: start)
    #expect(try book.hold(Credits(1), for: attempt(1), at: later) == .short)
    #expect(book.available(at: later) == .zero)
    book.expire(at: later)
    #expect(book.lots[0].expired == Credits(5))
    _ = book.drain()
    book.expire(at: later)
    #expect(book.drain().entries.isEmpty, "swept once")
  }

  @Test func aHoldOutlivesTheExpiryAndItsRestIsBreakage() throws {
    var book = CreditBook()
    try book.grant(Credits(5), kind: .monthly, expires: later, note: "", at: start)
    let hold = try opening(book.hold(Credits(3), for: attempt(1), at: start))
    _ = try book.capture(hold, Credits(1), at: later)
    #expect(book.lots[0].spent == Credits(1))
    #expect(book.lots[0].expired == Credits(2))
    #expect(book.lots[0].available == Credits(2), "the unheld rest waits for the sweep")
  }

  @Test func aRefundToAnExpiredLotComesBackForThirtyDays() throws {
    var book = CreditBook()
    try book.grant(Credits(5), kind: .monthly, expires: later, note: "", at: start)
    let hold = try opening(book.hold(Credits(3), for: attempt(1), at: start))
    var charge = try book.capture(hold, Credits(3), at: start)
    book.refund(&charge, at: later)
    let lot = try #require(book.lots.last)
    #expect(lot.kind == .refund)
    #expect(lot.issued == Credits(3))
    #expect(lot.expires.milliseconds == later.milliseconds + 30 * 86_400_000)
    #expect(book.available(at: later) == Credits(3))
    #expect(book.lots[0].spent == .zero)
  }

  @Test func takesUpAHoldThatAnEarlierProcessLeft() throws {
    var book = CreditBook()
    try book.grant(Credits(5), kind: .trial, note: "", at: start)
    let hold = try opening(book.hold(Credits(2), for: attempt(1), at: start))
    let left = try #require(book.openHold(hold))
    var reopened = CreditBook(
      lots: book.lots, openHolds: [left], nextSequence: book.nextSequence)
    #expect(try reopened.hold(Credits(2), for: attempt(1), at: start) == .held(opening: hold))
    #expect(reopened.drain().entries.isEmpty, "the hold is on record already")
    _ = try reopened.capture(hold, Credits(2), at: start)
    #expect(reopened.held == .zero)
    #expect(reopened.openHold(of: attempt(1)) == nil)
  }

  @Test func aFreeStepStillLeavesItsEntries() throws {
    var book = CreditBook()
    try book.grant(Credits(5), kind: .trial, note: "", at: start)
    _ = book.drain()
    let hold = try opening(book.hold(.zero, for: attempt(1), at: start))
    _ = try book.capture(hold, .zero, at: start)
    #expect(book.drain().entries.map(\.kind) == [.hold, .capture])
  }

  @Test func refusesWhatWouldOverflowOrIsNegative() throws {
    var book = CreditBook()
    for _ in 0..<9 { try book.grant(.largest, kind: .package, note: "", at: start) }
    #expect(throws: LedgerError.overflow) {
      try book.grant(.largest, kind: .package, note: "", at: start)
    }
    #expect(throws: LedgerError.negativeAmount) {
      try book.grant(Credits(-1), kind: .package, note: "", at: start)
    }
    #expect(throws: LedgerError.negativeAmount) {
      try book.hold(Credits(-1), for: attempt(1), at: start)
    }
  }
}
