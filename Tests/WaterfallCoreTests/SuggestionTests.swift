import Testing
import WaterfallCore

@Suite struct SuggestionTests {
  static let fields = Field.allCases.map(\.rawValue)

  @Test(arguments: [
    ("work_emial", "work_email"), ("email", "work_email"), ("Phone", "mobile_phone"),
    ("mobile", "mobile_phone"), ("domain", "company_domain"), ("title", "job_title"),
    ("linkedin", "linkedin_url"), ("size", "company_size"),
  ])
  func whatWasMeant(name: String, meant: String) {
    #expect(Suggestion.nearest(to: name, among: Self.fields) == meant)
  }

  @Test(arguments: ["shoe_size", "x", "", "_", "fax"]) func whatNobodyMeans(name: String) {
    #expect(Suggestion.nearest(to: name, among: Self.fields) == nil)
  }

  /// One word of several candidates tells nothing.
  @Test func aWordOfManyIsNoSuggestion() {
    #expect(Suggestion.nearest(to: "name", among: ["first_name", "last_name"]) == nil)
    #expect(Suggestion.nearest(to: "name", among: ["first_name", "company"]) == "first_name")
  }
}
