public import WaterfallCore
public import WaterfallLedger

/// Ends what a run has at stake when its user gives it up.
public enum GivingUp {
  /// Voids the holds that the run left open, in one commit: the credits are available again.
  ///
  /// - Parameter book: The workspace's credits as they stand, open holds included.
  /// - Returns: What was on hold.
  public static func freeHolds(
    of run: RunID, in book: CreditBook, journal: any RunJournal, at now: Timestamp
  ) throws -> Credits {
    var book = book
    var freed = Credits.zero
    for hold in try journal.openHolds(of: run) {
      freed = hold.slices.reduce(freed) { $0 + $1.amount }
      try book.void(hold.opening, at: now)
    }
    var batch = JournalBatch(run: run, time: now)
    (batch.entries, batch.lots) = book.drain()
    if !batch.isEmpty { try journal.commit(batch) }
    return freed
  }
}
