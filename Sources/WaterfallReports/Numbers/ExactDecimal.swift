public import WaterfallCore

/// A number with a fixed count of decimals, held as an integer: what reports print amounts, rates
/// and latencies from. Nothing passes through floating point.
public struct ExactDecimal: Sendable, Equatable, Hashable {
  /// The value times ten to the power of `scale`. 128 bits hold the sum of any amounts.
  public let unscaled: Int128
  /// Decimals, from 0 to 18.
  public let scale: Int

  public init(unscaled: Int128, scale: Int) {
    self.unscaled = unscaled
    self.scale = scale
  }

  public init(_ amount: Credits) { self.init(unscaled: Int128(amount.micro), scale: 6) }
  public init(_ amount: Money) { self.init(unscaled: Int128(amount.nano), scale: 9) }

  /// A latency in microseconds, as milliseconds with three decimals.
  public init(millisecondsOf microseconds: Int64) {
    self.init(unscaled: Int128(microseconds), scale: 3)
  }

  /// `numerator ÷ denominator` to four decimals, half to even; nil where there is nothing to
  /// divide by.
  public static func rate(_ numerator: Int64, of denominator: Int64) -> ExactDecimal? {
    guard denominator > 0 else { return nil }
    let scaled = Int128(numerator) * 10_000
    return ExactDecimal(unscaled: divideHalfEven(scaled, by: Int128(denominator)), scale: 4)
  }

  /// An exact sum of credits shared among `count` things, to six decimals, half to even; nil where
  /// there are none.
  public static func share(_ microCredits: Int128, among count: Int64) -> ExactDecimal? {
    guard count > 0 else { return nil }
    return ExactDecimal(unscaled: divideHalfEven(microCredits, by: Int128(count)), scale: 6)
  }

  /// The quotient rounded to the nearest integer, halves to the even one. `divisor` is positive.
  static func divideHalfEven(_ dividend: Int128, by divisor: Int128) -> Int128 {
    let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
    let twice = remainder.magnitude * 2
    let isOverHalf = twice > divisor.magnitude
    let isHalf = twice == divisor.magnitude
    guard isOverHalf || (isHalf && quotient % 2 != 0) else { return quotient }
    return quotient + (dividend < 0 ? -1 : 1)
  }

  /// The same value with fewer decimals, half to even.
  func rounded(to decimals: Int) -> ExactDecimal {
    guard decimals < scale else { return self }
    let unit = Self.powerOfTen(scale - decimals)
    return ExactDecimal(unscaled: Self.divideHalfEven(unscaled, by: unit), scale: decimals)
  }

  static func powerOfTen(_ exponent: Int) -> Int128 {
    (0..<exponent).reduce(1) { power, _ in power * 10 }
  }
}

extension ExactDecimal: CustomStringConvertible {
  /// The shortest decimal text of the value, which is also a JSON number: `2`, `-0.25`.
  public var description: String {
    var digits = padded
    guard scale > 0 else { return digits }
    while digits.last == "0" { digits.removeLast() }
    if digits.last == "." { digits.removeLast() }
    return digits == "-0" ? "0" : digits
  }

  /// All decimals written out: `2.0000`.
  var padded: String {
    let sign = unscaled < 0 ? "-" : ""
    let unit = Self.powerOfTen(scale).magnitude
    let whole = unscaled.magnitude / unit
    guard scale > 0 else { return "\(sign)\(whole)" }
    let fraction = String(unscaled.magnitude % unit)
    return "\(sign)\(whole)." + String(repeating: "0", count: scale - fraction.count) + fraction
  }

  /// A rate as a percentage with two decimals: `83.28%`.
  var percent: String {
    ExactDecimal(unscaled: unscaled * 100, scale: scale).rounded(to: 2).padded + "%"
  }

  /// Milliseconds as a reader wants them: whole from ten on, one decimal below.
  var milliseconds: String { rounded(to: unscaled < 10_000 ? 1 : 0).description }
}
