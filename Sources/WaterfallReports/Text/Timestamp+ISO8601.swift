public import WaterfallCore

extension Timestamp {
  /// UTC to the second: `2026-03-01T12:30:00Z`; `never` for `Timestamp.never`.
  ///
  /// The calendar is the proleptic Gregorian one, by Howard Hinnant's `civil_from_days`
  /// (“chrono-Compatible Low-Level Date Algorithms”).
  public var iso8601: String {
    guard self != .never else { return "never" }
    let seconds = Self.floorDivide(milliseconds, by: 1000)
    let days = Self.floorDivide(seconds, by: 86_400)
    let second = seconds - days * 86_400
    let shifted = days + 719_468
    let era = Self.floorDivide(shifted, by: 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    let date = "\(Self.padded(year, to: 4))-\(Self.padded(month))-\(Self.padded(day))"
    let time = [second / 3600, second / 60 % 60, second % 60].map { Self.padded($0) }
    return "\(date)T\(time.joined(separator: ":"))Z"
  }

  private static func floorDivide(_ value: Int64, by divisor: Int64) -> Int64 {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }

  private static func padded(_ number: Int64, to width: Int = 2) -> String {
    let digits = String(number.magnitude)
    let zeros = String(repeating: "0", count: max(0, width - digits.count))
    return (number < 0 ? "-" : "") + zeros + digits
  }
}
