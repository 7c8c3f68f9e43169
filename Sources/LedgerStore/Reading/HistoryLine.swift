public import WaterfallCore

/// One ledger line, with everything that a person asks about it.
public struct HistoryLine: Sendable, Equatable {
  public let entry: Entry
  /// When its batch became durable.
  public let time: Timestamp
  /// The attempt that the entry belongs to; nil for grants, expiries and rollovers.
  public let attempt: AttemptID?
  /// The header of the output column; nil without an attempt.
  public let column: String?
  /// nil without an attempt.
  public let provider: ProviderID?
  /// In words: “miss”, “invalid: does_not_exist”, “accepted”, the note of a grant.
  public let cause: String

  public var from: Account { entry.kind.from }
  public var to: Account { entry.kind.to }
}
