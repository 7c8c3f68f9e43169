import Testing
import WaterfallCore

/// Which inputs are named when a row lacks one.
@Suite struct InputNeedsTests {
  static let names: [InputName] = [.firstName, .lastName, .fullName, .domain, .linkedinURL]

  let needs = InputNeeds(columns: [
    .init(
      steps: [
        [[.firstName, .lastName, .domain], [.fullName, .domain]], [[.linkedinURL]],
        [[.domain], [.phone]],
      ], available: Set(Self.names).subtracting([.linkedinURL])),
    .init(steps: [[[.company]]], available: nil),
  ])

  private func row(_ values: [InputName: String]) -> Inputs {
    Inputs(names: Self.names, values: Self.names.map { values[$0] ?? "" })
  }

  @Test func withoutTheRowTheAlternativesAreNamed() {
    let lacks = SkipReason.missingInput.words
    #expect(
      needs.words(column: 0, step: 0)
        == "the row lacks first_name + last_name + domain, or full_name + domain")
    #expect(needs.words(column: 0, step: 1) == "the sheet has no linkedin_url")
    #expect(needs.words(column: 0, step: 2) == "the row lacks domain")
    #expect(
      needs.words(column: 0)
        == "the row lacks first_name + last_name + domain, or full_name + domain, or domain")
    #expect(needs.words(column: 1) == "the row lacks company")
    #expect(needs.words(column: 7) == lacks)
    #expect(needs.words(column: 0, step: 7) == lacks)
  }

  @Test func withTheRowWhatItLacksIsNamed() {
    let named = row([.firstName: "Ada", .lastName: "Lovelace", .fullName: "Ada Lovelace"])
    #expect(needs.words(column: 0, step: 0, row: named) == "the row has no domain")
    let host = row([.domain: "acme.com"])
    #expect(
      needs.words(column: 0, step: 0, row: host)
        == "the row has no first_name + last_name or full_name")
    #expect(needs.words(column: 0, step: 1, row: host) == "the sheet has no linkedin_url")
    #expect(needs.words(column: 0, row: row([:])) == "the row has no domain")
    // Nothing is lacking, so that the reason must have been another one: no row is blamed.
    #expect(
      needs.words(column: 0, step: 2, row: host) == "the row lacks domain")
  }

  @Test func theFirstWholeAlternativeIsWhatWasSent() {
    let full = row([.fullName: "Ada Lovelace", .domain: "acme.com"])
    #expect(needs.sent(column: 0, step: 0, row: full) == [.fullName, .domain])
    let both = row([.firstName: "A", .lastName: "L", .fullName: "A L", .domain: "acme.com"])
    #expect(needs.sent(column: 0, step: 0, row: both) == [.firstName, .lastName, .domain])
    #expect(needs.sent(column: 0, step: 1, row: both) == nil)
    #expect(needs.sent(column: 9, step: 0, row: both) == nil)
  }
}
