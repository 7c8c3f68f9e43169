/// One ledger line as a reader of the history wants it: the entry, when it was made, and the names
/// of what caused it.
///
/// A store fills in what it knows; everything that an entry need not have is optional.
public struct HistoryLine: Sendable, Equatable {
  /// The entry's place in the ledger, from 1.
  public let seq: Int64
  public let time: Timestamp
  public let kind: EntryKind
  /// The run, row, column, provider, step and role of the attempt behind the entry; nil for what
  /// no attempt caused.
  public let run: RunID?
  /// 1-based data row.
  public let row: Int64?
  /// The header of the enriched column.
  public let column: String?
  public let provider: ProviderID?
  /// 0-based position in the waterfall, as everywhere in the journal. Reports show it from 1.
  public let step: Int32?
  public let role: AttemptID.Role?
  /// nil for zero entries, which burn no lot.
  public let lot: LotID?
  /// Never negative: `from` and `to` say which way it went.
  public let amount: Credits
  /// Why, in words: the grant's note, or what the attempt came to.
  public let cause: String

  public var from: Account { kind.from }
  public var to: Account { kind.to }

  public init(
    seq: Int64, time: Timestamp, kind: EntryKind, run: RunID? = nil, row: Int64? = nil,
    column: String? = nil, provider: ProviderID? = nil, step: Int32? = nil,
    role: AttemptID.Role? = nil, lot: LotID? = nil, amount: Credits, cause: String
  ) {
    self.seq = seq
    self.time = time
    self.kind = kind
    self.run = run
    self.row = row
    self.column = column
    self.provider = provider
    self.step = step
    self.role = role
    self.lot = lot
    self.amount = amount
    self.cause = cause
  }
}
