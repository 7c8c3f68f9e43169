/// What a check of a whole ledger against its laws found.
public struct VerifyReport: Sendable, Equatable {
  /// One law, and what speaks against it.
  public struct Law: Sendable, Equatable {
    /// From 1, as the charging rules number them.
    public let number: Int
    /// The law in one sentence, without a full stop.
    public let title: String
    /// What was looked at: “1204 entries”, “3 lots”.
    public let checked: String
    /// Each breach in a sentence that names its entry, lot or run. Empty when the law holds.
    public let problems: [String]

    public var holds: Bool { problems.isEmpty }

    public init(number: Int, title: String, checked: String, problems: [String]) {
      self.number = number
      self.title = title
      self.checked = checked
      self.problems = problems
    }
  }

  /// In the order of their numbers.
  public let laws: [Law]

  public init(laws: [Law]) { self.laws = laws }

  /// Whether every law was checked and holds. A report without laws proves nothing.
  public var isProven: Bool { !laws.isEmpty && laws.allSatisfy(\.holds) }
}
