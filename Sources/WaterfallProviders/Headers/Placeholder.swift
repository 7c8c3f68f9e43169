public import WaterfallCore

/// Words that stand in a cell where there is nothing: `n/a`, `-`, `unknown`.
///
/// They count as empty only where no value can look like them: a surname can be Na, and a company
/// None, but no address, number, domain, profile or size is written so.
public enum Placeholder {
  /// Whether a cell of this field that says only such a word has no value.
  public static func canStand(for field: Field) -> Bool {
    switch field {
    case .workEmail, .mobilePhone, .companyDomain, .companySize, .linkedinURL: true
    case .jobTitle: false
    }
  }

  /// The same for an input.
  static func canStand(for input: InputName) -> Bool {
    [.domain, .email, .phone, .linkedinURL].contains(input)
  }

  /// The most bytes of such a word.
  public static let longest = 16

  /// Whether a text is such a word, whatever its case and the spaces around it. O(length).
  public static func matches(_ text: String) -> Bool {
    guard text.utf8.count <= longest else {
      let trimmed = CanonicalText.trimmed(text)
      return trimmed.utf8.count <= longest && matches(trimmed)
    }
    return words.contains(CanonicalText.of(text))
  }

  static let words: Set = [
    "n/a", "na", "na?", "n.a.", "#n/a", "<na>", "nan", "none", "null", "nil", "-", "--", "---",
    "–", "—", "?", "unknown", "tbd", "tba", "not available", "not found",
  ]
}
