import Testing
import WaterfallCore

@Suite struct RunTalliesTests {
  private static func tallies(_ change: (inout ProviderTally) -> Void) -> RunTallies {
    var failing = ProviderTally()
    failing.attempts = 3
    failing.failures = [.notSent: 2]
    failing.unknown = 1
    var other = ProviderTally()
    change(&other)
    var column = ColumnTally()
    column.providers = [
      .init(provider: ProviderID("one"), role: .finder, keySource: .managed): failing,
      .init(provider: ProviderID("two"), role: .finder, keySource: .own): other,
    ]
    var tallies = RunTallies()
    tallies.columns = [0: column]
    return tallies
  }

  @Test func oneAnswerIsEnough() {
    #expect(Self.tallies { _ in }.isUnanswered)
    #expect(Self.tallies { $0.skipped = [.missingInput: 4] }.isUnanswered)
    #expect(!Self.tallies { ($0.attempts, $0.hits) = (1, 1) }.isUnanswered)
    #expect(!Self.tallies { ($0.attempts, $0.misses) = (1, 1) }.isUnanswered)
    #expect(!Self.tallies { $0.cached = 1 }.isUnanswered)
  }

  @Test func whoAsksNobodyIsNotUnanswered() {
    #expect(!RunTallies().isUnanswered)
    var skipped = RunTallies()
    skipped.add(SkipRange(column: 0, reason: .missingInput, firstRow: 1, lastRow: 4))
    #expect(!skipped.isUnanswered)
  }
}
