import TestSupport
import Testing
import WaterfallCore
import WaterfallEngine
import WaterfallLedger

/// The rows of the charging table that the worked examples leave out.
@Suite struct ChargeRuleTests {
  private let a = WorkedExampleTests.a
  private let b = WorkedExampleTests.b
  private let invalid = Verdict(.invalid, .nonexistent)

  @Test func aRejectedHitIsKeptUnderThePolicyNever() throws {
    let step = Step(provider: ProviderID("a"), price: Credits(2), refundsRejected: false)
    var cell = ScriptedCell([step, b], replies: [.hit("x", invalid), .miss])
    try cell.run()
    #expect(cell.entries.transcript == "hold 2, capture 2; hold 3, void")
    #expect(cell.state == .empty)
  }

  @Test func aCostBelowThePriceReleasesTheRest() throws {
    var cell = ScriptedCell([a], replies: [.hit("x", cost: Credits(micro: 500_000))])
    try cell.run()
    #expect(cell.entries.transcript == "hold 2, capture 0.5, void")
    #expect(cell.book.held == .zero)
    #expect(cell.results.first?.captured == Credits(micro: 500_000))
  }

  @Test func aCostAboveThePriceIsTheHousesOverrun() throws {
    var cell = ScriptedCell([a], replies: [.hit("x", cost: Credits(7))])
    try cell.run()
    #expect(cell.entries.transcript == "hold 2, capture 2")
    #expect(cell.results.first?.overrun == Credits(5))
  }

  @Test func aNegativeReportedCostIsNoCost() throws {
    var cell = ScriptedCell([a], replies: [.hit("x", cost: Credits(-1))])
    try cell.run()
    #expect(cell.entries.transcript == "hold 2, capture 2")
  }

  @Test func aSkippedStepWritesNoEntry() throws {
    var cell = ScriptedCell([a, b], replies: [.hit("x"), .hit("y")])
    cell.skips = [0: .missingInput]
    try cell.run()
    #expect(cell.entries.transcript == "hold 3, capture 3")
    #expect(cell.results.first?.kind == .skipped(.missingInput))
  }

  @Test func aCellWhoseStepsAreAllSkippedIsSkipped() throws {
    var cell = ScriptedCell([a, b], replies: [.miss, .miss])
    cell.skips = [0: .missingInput, 1: .condition]
    try cell.run()
    #expect(cell.state == .skipped)
    #expect(cell.entries.isEmpty)
  }

  @Test func aCellIsEmptyAsSoonAsOneProviderAnswered() throws {
    var cell = ScriptedCell([a, b], replies: [.failure(.unavailable), .miss])
    try cell.run()
    #expect(cell.state == .empty)
  }

  @Test func withoutCreditsTheCellStaysAndNothingIsWritten() throws {
    var cell = ScriptedCell([a, b], credits: Credits(1), replies: [.hit("x"), .hit("y")])
    try cell.run()
    #expect(cell.state == .running)
    #expect(cell.entries.isEmpty)
  }

  @Test func aVerifierThatCannotTellIsFreeWhereItsManifestSaysSo() throws {
    let undetermined = Verdict(.unverified, .undetermined)
    for (isFree, text) in [(true, "hold 0.5, void"), (false, "hold 0.5, capture 0.5")] {
      let verifier = Step(
        provider: ProviderID("v"), price: Credits(micro: 500_000),
        freeVerdicts: isFree ? [.unknown] : [])
      var cell = ScriptedCell([a], verifier: verifier, replies: [.hit("x")])
      cell.verifier = ["x": undetermined]
      try cell.run()
      #expect(cell.entries.transcript == "hold 2; \(text), capture 2")
      #expect(cell.state == .filled, "unverified is accepted by default")
    }
  }

  @Test func aCatchAllVerdictIsRejectedAndFreeWhereTheManifestSaysSo() throws {
    let verifier = Step(
      provider: ProviderID("v"), price: Credits(1), freeVerdicts: [.catchAll])
    var cell = ScriptedCell([a], verifier: verifier, replies: [.hit("x")])
    cell.verifier = ["x": Verdict(.risky, .catchAll)]
    try cell.run()
    #expect(cell.entries.transcript == "hold 2; hold 1, void, capture 2, refund 2")
    #expect(cell.state == .empty)
  }

  @Test func whatTheLocalValidatorRejectsNeverReachesTheVerifier() throws {
    var cell = ScriptedCell([a], verifier: WorkedExampleTests.v, replies: [.hit("x", invalid)])
    try cell.run()
    #expect(cell.entries.transcript == "hold 2, capture 2, refund 2")
  }

  @Test(arguments: [
    (AcceptanceRule.valid, [true, false, false, false]),
    (.notInvalid, [true, true, false, false]),
    (.risky, [true, true, true, false]),
  ])
  func acceptsWhatTheRuleSays(rule: AcceptanceRule, expected: [Bool]) {
    let verdicts = [
      Verdict.valid, Verdict(.unverified, .undetermined), Verdict(.risky, .catchAll), invalid,
    ]
    #expect(verdicts.map(rule.accepts) == expected)
  }
}
