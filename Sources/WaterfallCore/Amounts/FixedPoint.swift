/// Exact decimal text for a scaled integer: the one place where amounts are read and written.
///
/// `scale` is the number of decimal digits below one unit: 6 for credits, 9 for money.
/// Nothing here rounds: text with more digits than the scale is refused.
enum FixedPoint {
  /// Parses `[-]digits[.digits]`. Throws `AmountError` for anything else, for more than `scale`
  /// decimals, and for a magnitude above `limit` units.
  static func parse(_ text: some StringProtocol, scale: Int, limit: Int64) throws(AmountError)
    -> Int64
  {
    let unit = powerOfTen(scale)
    var bytes = Array(text.utf8)[...]
    let negative = bytes.first == UInt8(ascii: "-")
    if negative { bytes = bytes.dropFirst() }
    let parts = bytes.split(
      separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first, !whole.isEmpty, parts.count == 1 || !parts[1].isEmpty else {
      throw AmountError(.notANumber, text: String(text))
    }
    let fraction = parts.count == 2 ? parts[1] : []
    guard whole.allSatisfy(isDigit), fraction.allSatisfy(isDigit) else {
      throw AmountError(.notANumber, text: String(text))
    }
    guard fraction.count <= scale else {
      throw AmountError(.tooManyDecimals(allowed: scale), text: String(text))
    }
    var units: Int64 = 0
    for digit in whole {
      units = units &* 10 &+ Int64(digit &- UInt8(ascii: "0"))
      guard units <= limit else { throw AmountError(.tooLarge(limit: limit), text: String(text)) }
    }
    var below: Int64 = 0
    for digit in fraction { below = below * 10 + Int64(digit - UInt8(ascii: "0")) }
    below *= powerOfTen(scale - fraction.count)
    guard units < limit || below == 0 else {
      throw AmountError(.tooLarge(limit: limit), text: String(text))
    }
    let magnitude = units * unit + below
    return negative ? -magnitude : magnitude
  }

  /// The shortest decimal text that `parse` reads back as `value`: `2`, `0.25`, `-1.000001`.
  static func format(_ value: Int64, scale: Int) -> String {
    let unit = UInt64(powerOfTen(scale))
    let sign = value < 0 ? "-" : ""
    let whole = value.magnitude / unit
    var fraction = String(value.magnitude % unit)
    guard fraction != "0" else { return "\(sign)\(whole)" }
    fraction = String(repeating: "0", count: scale - fraction.count) + fraction
    while fraction.last == "0" { fraction.removeLast() }
    return "\(sign)\(whole).\(fraction)"
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  private static func powerOfTen(_ exponent: Int) -> Int64 {
    (0..<exponent).reduce(1) { power, _ in power * 10 }
  }
}

/// Why a text is no amount, or why two amounts have no sum.
public struct AmountError: Error, Equatable, CustomStringConvertible {
  public enum Code: Equatable, Sendable {
    case notANumber
    case tooManyDecimals(allowed: Int)
    case tooLarge(limit: Int64)
    case overflow
  }

  public let code: Code
  public let text: String

  init(_ code: Code, text: String) {
    self.code = code
    self.text = text
  }

  public var description: String {
    switch code {
    case .notANumber:
      "“\(text)” is not an amount: write digits with a decimal point, like 2 or 0.25"
    case .tooManyDecimals(let allowed): "“\(text)” has more than \(allowed) decimals"
    case .tooLarge(let limit): "“\(text)” is beyond the largest amount, \(limit)"
    case .overflow: "the sum of \(text) is beyond the largest amount"
    }
  }
}
