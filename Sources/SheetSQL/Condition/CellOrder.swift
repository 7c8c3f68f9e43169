/// How two cells compare in a condition: numbers by value, other text by its bytes, and every other
/// text before every number.
///
/// A text is a number only in plain notation: `-12`, `0.5`, `1990`. Not with leading zeros or a
/// plus sign (`02139`, `+1 555`), which are codes, nor with an exponent, except in the one notation
/// in which SQLite writes large and small numbers itself (`1.0e+16`). Digits are compared as
/// digits, so that long identifiers do not become equal by rounding.
enum CellOrder {
  /// Negative, zero or positive, as `left` sorts before, with or after `right`. O(length).
  static func compare(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int32 {
    switch (Number(left), Number(right)) {
    case (nil, nil): compareBytes(left, right)
    case (nil, _): -1
    case (_, nil): 1
    case (let left?, let right?): left.compare(right)
    }
  }

  private static func compareBytes(
    _ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer
  ) -> Int32 {
    for (a, b) in zip(left, right) where a != b { return a < b ? -1 : 1 }
    return left.count == right.count ? 0 : left.count < right.count ? -1 : 1
  }

  /// A plain decimal number within a text.
  private struct Number {
    private let text: UnsafeRawBufferPointer
    private let isNegative: Bool
    /// Of the first digit that is not 0; nil for zero.
    private let first: Int?
    /// After the last digit of the fraction.
    private let end: Int
    /// The power of ten that the first digit counts.
    private let magnitude: Int

    init?(_ text: UnsafeRawBufferPointer) {
      guard let head = text.first, head == 0x2D || Self.isDigit(head) else { return nil }
      isNegative = head == 0x2D
      let start = isNegative ? 1 : 0
      var index = Self.digits(text, from: start)
      let whole = index - start
      guard whole > 0, whole == 1 || text[start] != 0x30 else { return nil }
      var exponent = 0
      if index < text.count, text[index] == 0x2E {
        let fraction = index + 1
        index = Self.digits(text, from: fraction)
        guard index > fraction else { return nil }
        end = index
        guard Self.takeExponent(text, &index, &exponent) else { return nil }
      } else {
        end = index
      }
      guard index == text.count else { return nil }
      self.text = text
      first = (start..<end).first { text[$0] != 0x30 && text[$0] != 0x2E }
      let point = start + whole
      magnitude = exponent + (first.map { $0 < point ? point - $0 - 1 : point - $0 } ?? 0)
    }

    /// `e+16` or `e-07`; whether what is there is that or nothing.
    private static func takeExponent(
      _ text: UnsafeRawBufferPointer, _ index: inout Int, _ exponent: inout Int
    ) -> Bool {
      guard index < text.count else { return true }
      guard text[index] == 0x65, index + 2 < text.count,
        text[index + 1] == 0x2B || text[index + 1] == 0x2D
      else { return false }
      let sign = text[index + 1] == 0x2B ? 1 : -1
      let end = digits(text, from: index + 2)
      guard end > index + 2, end - index <= 6 else { return false }
      for digit in text[(index + 2)..<end] { exponent = exponent * 10 + Int(digit - 0x30) }
      exponent *= sign
      index = end
      return true
    }

    func compare(_ other: Number) -> Int32 {
      let (sign, otherSign) = (signum, other.signum)
      guard sign == otherSign else { return sign < otherSign ? -1 : 1 }
      guard let first, let otherFirst = other.first else { return 0 }
      let size =
        magnitude == other.magnitude
        ? compareDigits(first, other, otherFirst) : magnitude < other.magnitude ? -1 : 1
      return isNegative ? -size : size
    }

    private var signum: Int { first == nil ? 0 : isNegative ? -1 : 1 }

    private func compareDigits(_ first: Int, _ other: Number, _ otherFirst: Int) -> Int32 {
      var (index, otherIndex) = (first, otherFirst)
      while index < end || otherIndex < other.end {
        let (digit, otherDigit) = (nextDigit(&index), other.nextDigit(&otherIndex))
        if digit != otherDigit { return digit < otherDigit ? -1 : 1 }
      }
      return 0
    }

    /// The digit at `index`, which moves on; 0 after the last.
    private func nextDigit(_ index: inout Int) -> UInt8 {
      if index < end, text[index] == 0x2E { index += 1 }
      guard index < end else { return 0x30 }
      index += 1
      return text[index - 1]
    }

    private static func digits(_ text: UnsafeRawBufferPointer, from start: Int) -> Int {
      var index = start
      while index < text.count, isDigit(text[index]) { index += 1 }
      return index
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
  }
}
