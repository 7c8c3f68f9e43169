import WaterfallCore
import Yams

extension YAMLValue {
  /// The text of a scalar, which must not be empty.
  func text() throws(UserError) -> String {
    guard case .scalar(let scalar) = node else {
      throw error("\(title) is \(shape), not a text", remedy: "Write one value")
    }
    guard !isNull(scalar), !scalar.string.isEmpty else {
      throw error("\(title) is empty", remedy: "Write a value or leave the key out")
    }
    return scalar.string
  }

  /// Credits, exactly as written.
  func credits() throws(UserError) -> Credits {
    let text = try text()
    let amount: Credits
    do { amount = try Credits(parsing: text) } catch { throw amountError(error) }
    guard amount >= .zero else { throw negative(text) }
    return amount
  }

  /// Credits above 0, as what may be spent at most.
  func budget() throws(UserError) -> Credits {
    let text = try text()
    let amount: Credits
    do { amount = try Credits(parsing: text) } catch { throw amountError(error) }
    guard amount > .zero else {
      let words = UserError.noBudget(text, named: title, .input)
      throw error("\(title): \(words.message)", remedy: words.remedy)
    }
    return amount
  }

  /// Dollars, exactly as written.
  func dollars() throws(UserError) -> Money {
    let text = try text()
    let amount: Money
    do { amount = try Money(parsing: text) } catch { throw amountError(error) }
    guard amount >= .zero else { throw negative(text) }
    return amount
  }

  private func negative(_ text: String) -> UserError {
    error("\(title) is \(text), and may not be negative", remedy: "Write an amount from 0 on")
  }

  private func amountError(_ cause: AmountError) -> UserError { error("\(title): \(cause)") }

  /// A share between 0 and 1, written as a decimal. Never used for amounts.
  func rate() throws(UserError) -> Double {
    let text = try text()
    guard isPlainDecimal(text), let rate = Double(text) else {
      throw error("\(title) is “\(text)”, not a share", remedy: "Write a decimal between 0 and 1")
    }
    guard (0...1).contains(rate) else {
      throw error("\(title) is \(text), outside 0 to 1", remedy: "Write 0.55 for 55 percent")
    }
    return rate
  }

  /// `true` or `false`, and nothing that merely looks like them.
  func flag() throws(UserError) -> Bool {
    switch try text() {
    case "true": return true
    case "false": return false
    default: throw error("\(title) is \(shape), not true or false")
    }
  }

  /// A whole number in `range`, written with digits only.
  func whole<Number: FixedWidthInteger>(
    in range: ClosedRange<Number>
  ) throws(UserError) -> Number {
    let text = try text()
    guard text.utf8.allSatisfy(isDigit) else {
      throw error("\(title) is “\(text)”, not a whole number", remedy: "Write digits only")
    }
    guard let number = Number(text), range.contains(number) else {
      throw error("\(title) is \(text), outside \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// A duration such as `800ms` or `2.5s`, in microseconds.
  func duration() throws(UserError) -> Int64 {
    let text = try text()
    let unit: Int64? =
      text.hasSuffix("ms") ? 1_000 : text.hasSuffix("s") ? 1_000_000 : nil
    let digits = text.dropLast(unit == 1_000 ? 2 : 1)
    guard let unit, isPlainDecimal(digits), let number = Double(digits) else {
      throw error("\(title) is “\(text)”, not a duration", remedy: "Write 800ms or 2.5s")
    }
    let micro = (number * Double(unit)).rounded()
    guard (1...3_600_000_000).contains(micro) else {
      throw error("\(title) is \(text), outside 1 µs to 1 hour")
    }
    return Int64(micro)
  }

  /// One of a few words.
  func word<Word: RawRepresentable & CaseIterable>(
    _ kind: String, of type: Word.Type = Word.self
  ) throws(UserError) -> Word where Word.RawValue == String {
    let text = try text()
    guard let word = Word(rawValue: text) else {
      throw unknownWord(text, kind, among: Word.allCases.map(\.rawValue))
    }
    return word
  }

  func unknownWord(_ text: String, _ kind: String, among known: [String]) -> UserError {
    error(
      "“\(text)” is no \(kind)",
      remedy: Suggestion.sentence(for: text, among: known)
        ?? "Write one of \(known.joined(separator: ", "))")
  }

  private func isPlainDecimal(_ text: some StringProtocol) -> Bool {
    let parts = text.utf8.split(
      separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    return text.utf8.count <= 18 && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(isDigit) }
  }

  private func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
