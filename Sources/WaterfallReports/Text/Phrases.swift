import WaterfallCore

/// Words that several reports share.
enum Phrases {
  /// What stands for a number that does not exist.
  static let none = "–"

  /// `1 credit`, `0.5 credits`.
  static func credits(_ amount: Int128) -> String {
    let text = ExactDecimal(unscaled: amount, scale: 6).description
    return text == "1" ? "1 credit" : "\(text) credits"
  }

  /// `1 row`, `2 rows`.
  static func count(_ count: Int64, _ noun: String) -> String {
    count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
  }

  /// Whose key, or `free` where there is nothing to charge, as with a table of the user's own.
  static func key(_ source: KeySource, isFree: Bool) -> String {
    isFree && source == .managed ? "free" : source.rawValue
  }

  static func amount(_ credits: Credits) -> String { credits.description }

  static func amount(_ micro: Int128) -> String {
    ExactDecimal(unscaled: micro, scale: 6).description
  }

  static func decimal(_ decimal: ExactDecimal?) -> String { decimal?.description ?? none }

  static func percent(_ rate: ExactDecimal?) -> String { rate?.percent ?? none }

  /// Lines with a newline after each.
  static func text(_ lines: [String]) -> String { lines.map { $0 + "\n" }.joined() }
}
