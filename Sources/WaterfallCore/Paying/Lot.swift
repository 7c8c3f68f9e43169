/// Where credits came from.
public enum GrantKind: String, Sendable, CaseIterable, Codable {
  case trial
  case monthly
  case rollover
  case package
  case promotion
  case refund
  case adjustment

  /// Whether these credits were paid for: unpaid ones burn first among equals.
  public var isPaid: Bool { self == .monthly || self == .package || self == .rollover }
}

/// What a grant leaves to spend.
public struct Lot: Sendable, Equatable {
  public let id: LotID
  public let kind: GrantKind
  public let issued: Credits
  /// Lower burns first; 0 unless a plan says otherwise.
  public let priority: Int
  public let granted: Timestamp
  /// `Timestamp.never` for a lot that does not expire. Not spendable from this moment on.
  public let expires: Timestamp
  public let note: String

  public var available: Credits
  public var held: Credits
  /// Captured and not refunded.
  public var spent: Credits
  public var expired: Credits
  public var rolledOver: Credits

  public init(
    id: LotID, kind: GrantKind, issued: Credits, priority: Int = 0, granted: Timestamp,
    expires: Timestamp = .never, note: String = ""
  ) {
    self.id = id
    self.kind = kind
    self.issued = issued
    self.priority = priority
    self.granted = granted
    self.expires = expires
    self.note = note
    self.available = issued
    self.held = .zero
    self.spent = .zero
    self.expired = .zero
    self.rolledOver = .zero
  }
}
