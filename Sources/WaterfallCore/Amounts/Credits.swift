/// An exact amount of credits: a whole number of micro-credits (1 credit = 1 000 000).
///
/// There is no way to or from floating point. Sums that could leave the range throw (`adding`);
/// the operators trap rather than wrap, and are for amounts that one ledger already bounds.
public struct Credits: Hashable, Comparable, Sendable {
  /// The number of micro-credits.
  public let micro: Int64

  @inlinable public init(micro: Int64) { self.micro = micro }

  /// Whole credits. Traps above `Credits.largest`.
  public init(_ whole: Int64) { self.micro = whole * Self.microPerCredit }

  /// Reads decimal text such as `2`, `0.25` or `1000`, exactly.
  public init(parsing text: some StringProtocol) throws(AmountError) {
    self.micro = try FixedPoint.parse(text, scale: 6, limit: Self.largestWhole)
  }

  public static let microPerCredit: Int64 = 1_000_000
  static let largestWhole: Int64 = 1_000_000_000_000
  public static let zero = Credits(micro: 0)
  /// The largest amount that a text, a manifest or a grant may name: 10¹² credits.
  public static let largest = Credits(largestWhole)

  @inlinable public static func < (left: Credits, right: Credits) -> Bool {
    left.micro < right.micro
  }
  @inlinable public static func + (left: Credits, right: Credits) -> Credits {
    Credits(micro: left.micro + right.micro)
  }
  @inlinable public static func - (left: Credits, right: Credits) -> Credits {
    Credits(micro: left.micro - right.micro)
  }
  @inlinable public static func += (left: inout Credits, right: Credits) { left = left + right }
  @inlinable public static func -= (left: inout Credits, right: Credits) { left = left - right }

  /// The sum, or an error where it leaves the range of `Int64` micro-credits.
  public func adding(_ other: Credits) throws(AmountError) -> Credits {
    let (sum, overflow) = micro.addingReportingOverflow(other.micro)
    guard !overflow else { throw AmountError(.overflow, text: "\(self) and \(other)") }
    return Credits(micro: sum)
  }

  /// `count` times this amount, or an error where it leaves the range.
  public func times(_ count: Int64) throws(AmountError) -> Credits {
    let (product, overflow) = micro.multipliedReportingOverflow(by: count)
    guard !overflow else { throw AmountError(.overflow, text: "\(count) × \(self)") }
    return Credits(micro: product)
  }
}

extension Credits: CustomStringConvertible {
  /// Exact decimal text without trailing zeros.
  public var description: String { FixedPoint.format(micro, scale: 6) }
}
