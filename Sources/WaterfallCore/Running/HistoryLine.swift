/// One ledger line with everything that a person asks about it: when it was made, and the names of
/// what caused it.
public struct HistoryLine: Sendable, Equatable {
  public let entry: Entry
  /// When its batch became durable.
  public let time: Timestamp
  /// The attempt that the entry belongs to; nil for grants, expiries and rollovers.
  public let attempt: AttemptID?
  /// The header of the enriched column; nil without an attempt.
  public let column: String?
  /// nil without an attempt.
  public let provider: ProviderID?
  /// Why, in words: the grant's note, or what the attempt came to.
  public let cause: String

  /// nil for zero entries, which burn no lot.
  public var lot: LotID? { entry.kind == .zero ? nil : entry.lot }
  public var from: Account { entry.kind.from }
  public var to: Account { entry.kind.to }

  public init(
    entry: Entry, time: Timestamp, attempt: AttemptID? = nil, column: String? = nil,
    provider: ProviderID? = nil, cause: String
  ) {
    self.entry = entry
    self.time = time
    self.attempt = attempt
    self.column = column
    self.provider = provider
    self.cause = cause
  }
}
