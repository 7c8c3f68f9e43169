public import WaterfallCore

/// Judges values by the syntax of their field alone.
///
/// It is what judges the values of a lookup: there, a value in good syntax is valid, because it is
/// the user’s own. Where nothing can prove a value of a provider, `provesNothing` turns the same
/// judgement into “unverified”. A broken syntax is invalid either way. Whitespace around a value
/// counts as part of it.
public struct SyntaxValidator: Validator {
  /// What a value in good syntax is called.
  public let accepted: Verdict

  /// For lookups, and wherever good syntax is all that is asked for.
  public init() { self.accepted = .valid }

  private init(accepted: Verdict) { self.accepted = accepted }

  /// For providers’ values that nothing else judges.
  public static let provesNothing = SyntaxValidator(accepted: Verdict(.unverified, .undetermined))

  public func judge(_ value: String, for question: Question) -> Verdict {
    Self.isWellFormed(value, for: question.field) ? accepted : Verdict(.invalid, .syntax)
  }

  /// Whether a value has the syntax of its field. O(length).
  public static func isWellFormed(_ value: String, for field: Field) -> Bool {
    switch field {
    case .workEmail: EmailSyntax.matches(value)
    case .mobilePhone: PhoneSyntax.matches(value)
    case .companyDomain: DomainSyntax.matches(value)
    case .companySize: CompanySizeSyntax.matches(value)
    case .jobTitle: JobTitleSyntax.matches(value)
    case .linkedinURL: ProfileSyntax.matches(value)
    }
  }
}
