/// The judgement on a hit.
public struct Verdict: Sendable, Equatable, Hashable {
  public enum Kind: String, Sendable, CaseIterable, Codable {
    case valid
    case invalid
    case risky
    case unverified
  }

  public let kind: Kind
  /// Why, for every kind but `valid`.
  public let reason: Reason?

  public init(_ kind: Kind, _ reason: Reason? = nil) {
    self.kind = kind
    self.reason = reason
  }

  public static let valid = Verdict(.valid)

  /// The more cautious of two judgements on the same value; this one where they are alike.
  public func tempered(by other: Verdict?) -> Verdict {
    guard let other, other.kind.caution > kind.caution else { return self }
    return other
  }

  /// Why a value is not plainly valid.
  public enum Reason: String, Sendable, CaseIterable, Codable {
    /// The value breaks the syntax of its field.
    case syntax
    /// No such mailbox, number, company or page exists.
    case nonexistent = "does_not_exist"
    /// It exists and belongs to somebody or something else.
    case someoneElse = "someone_else"
    /// The domain accepts mail for every name.
    case catchAll = "catch_all"
    /// A fixed line where a mobile number was asked for.
    case landline
    /// A verifier could not tell.
    case undetermined
    /// The value was judged before, as something else.
    case repeated

    /// The reason in words, to follow “because”.
    public var words: String {
      switch self {
      case .syntax: "it breaks the syntax of the field"
      case .nonexistent: "it does not exist"
      case .someoneElse: "it belongs to someone else"
      case .catchAll: "its domain accepts mail for every name"
      case .landline: "it is a landline, not a mobile number"
      case .undetermined: "the verifier could not tell"
      case .repeated: "it was already rejected for this row"
      }
    }
  }
}

/// Which verdicts a column accepts. Only accepted hits become fills.
public enum AcceptanceRule: String, Sendable, CaseIterable, Codable {
  /// Valid only.
  case valid
  /// Valid and unverified: the default where nothing can prove validity.
  case notInvalid = "not_invalid"
  /// Valid, unverified and risky.
  case risky

  public func accepts(_ verdict: Verdict) -> Bool {
    switch verdict.kind {
    case .valid: true
    case .unverified: self != .valid
    case .risky: self == .risky
    case .invalid: false
    }
  }
}

extension Verdict.Kind {
  /// How far a judgement is from “valid”.
  fileprivate var caution: Int {
    switch self {
    case .valid: 0
    case .unverified: 1
    case .risky: 2
    case .invalid: 3
    }
  }
}
