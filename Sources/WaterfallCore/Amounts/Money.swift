/// What a provider costs in currency: a whole number of nano-dollars. Never added to credits.
public struct Money: Hashable, Comparable, Sendable {
  public let nano: Int64

  public init(nano: Int64) { self.nano = nano }

  /// Reads decimal dollars such as `0.0245`, exactly.
  public init(parsing text: some StringProtocol) throws(AmountError) {
    self.nano = try FixedPoint.parse(text, scale: 9, limit: 1_000_000_000)
  }

  public static let zero = Money(nano: 0)
  public static func < (left: Money, right: Money) -> Bool { left.nano < right.nano }

  public func adding(_ other: Money) throws(AmountError) -> Money {
    let (sum, overflow) = nano.addingReportingOverflow(other.nano)
    guard !overflow else { throw AmountError(.overflow, text: "\(self) and \(other)") }
    return Money(nano: sum)
  }
}

extension Money: CustomStringConvertible {
  /// Exact decimal dollars without trailing zeros, without a currency sign.
  public var description: String { FixedPoint.format(nano, scale: 9) }
}
