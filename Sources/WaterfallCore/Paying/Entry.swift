/// A point in time: milliseconds since 1970-01-01 UTC. The door alone reads the clock.
public struct Timestamp: Hashable, Comparable, Sendable {
  public let milliseconds: Int64
  @inlinable public init(milliseconds: Int64) { self.milliseconds = milliseconds }
  public static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }
  /// Later than every other.
  public static let never = Timestamp(milliseconds: .max)
}

/// A lot's number in its workspace, from 1 in the order of the grants.
public struct LotID: Hashable, Comparable, Sendable, RawRepresentable {
  public let rawValue: Int64
  @inlinable public init(rawValue: Int64) { self.rawValue = rawValue }
  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// The kinds of ledger lines, and with them the two accounts that each moves credits between.
///
/// | kind | from | to |
/// | --- | --- | --- |
/// | grant | outside | available |
/// | hold | available | held |
/// | capture | held | spent |
/// | void | held | available |
/// | refund | spent | available |
/// | zero | – | – (an own-key attempt; the amount is 0) |
/// | expire | available | breakage |
/// | rollover | available | outside, from where a grant brings it back as a lot of its own |
public enum EntryKind: String, Sendable, CaseIterable, Codable {
  case grant
  case hold
  case capture
  case void
  case refund
  case zero
  case expire
  case rollover

  /// Whether this line opens an attempt's account: what follows for it names this line.
  public var isOpening: Bool { self == .hold || self == .zero }

  public var from: Account {
    switch self {
    case .grant: .outside
    case .hold, .expire, .rollover: .available
    case .capture, .void: .held
    case .refund: .spent
    case .zero: .ownKey
    }
  }

  public var to: Account {
    switch self {
    case .grant, .void, .refund: .available
    case .rollover: .outside
    case .hold: .held
    case .capture: .spent
    case .zero: .ownKey
    case .expire: .breakage
    }
  }
}

/// Where credits can be. Available and held are kept by lot.
public enum Account: String, Sendable, CaseIterable, Codable {
  case outside
  case available
  case held
  case spent
  case breakage
  case ownKey = "own_key"
}

/// One immutable ledger line, from one account to another, within one lot.
///
/// An operation that burns two lots has one line for each.
public struct Entry: Sendable, Equatable {
  /// The place in the ledger, from 1, without gaps.
  public let seq: Int64
  public let kind: EntryKind
  /// The lot; zero entries have none (0).
  public let lot: LotID
  /// Never negative.
  public let amount: Credits
  /// For captures, voids and refunds, and the further lots of a hold: the first entry of their
  /// attempt. 0 for openings and for grants.
  public let opening: Int64
  /// For openings: the attempt that caused the entry.
  public let attempt: AttemptID?
  /// For entries that no attempt caused: why, in words.
  public let note: String?

  public init(
    seq: Int64, kind: EntryKind, lot: LotID, amount: Credits, opening: Int64 = 0,
    attempt: AttemptID? = nil, note: String? = nil
  ) {
    self.seq = seq
    self.kind = kind
    self.lot = lot
    self.amount = amount
    self.opening = opening
    self.attempt = attempt
    self.note = note
  }
}
