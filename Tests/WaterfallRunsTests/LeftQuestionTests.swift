import Synchronization
import Testing
import WaterfallCore

@testable import WaterfallRuns

/// Questions that an earlier process left and that nobody would ask again: whoever was asked may
/// bill them, so that each is listed.
@Suite struct LeftQuestionTests {
  /// One row, whose finder knows no repeated question.
  private func scenario(_ key: KeySource, _ door: Door? = nil) -> Scenario {
    var scenario = Sheets.rich("name,company,work_email,note\nada,acme,,\n")
    scenario.limits.attemptsInBatch = 1
    scenario.columns = [scenario.columns[0]]
    scenario.columns[0].steps = [
      Scenario.Asked(provider: "alpha", door: door) { question in
        question.mayHaveBeenSent ? Answer(.unknown) : Answer(.hit("ada@acme.example"))
      }
    ]
    scenario.columns[0].verifier = Scenario.Asked(provider: "check", key: key) { question in
      Answer(.hit(question.candidate ?? ""), verdict: Verdict(.valid))
    }
    return scenario
  }

  private func batches(of scenario: Scenario, upTo role: AttemptID.Role) throws -> [JournalBatch] {
    let whole = try scenario.journal()
    try scenario.run(whole, MemoryOutput(), .atOnce(isHarmless: false))
    let all = whole.now.batches
    let mark = all.firstIndex { $0.questions.contains { $0.attempt.role == role } }
    let left = Array(all.prefix(try #require(mark) + 1))
    #expect(left.flatMap(\.attempts).isEmpty)
    return left
  }

  /// The verifier was asked about a hit that went with the process.
  @Test(arguments: [KeySource.managed, .own])
  func aVerdictThatNobodyWaitsFor(key: KeySource) throws {
    let scenario = scenario(key)
    let resumed = try scenario.journal(try batches(of: scenario, upTo: .verifier))
    let asked = Mutex<[AttemptID.Role]>([])
    try scenario.run(resumed, MemoryOutput(), .atOnce(isHarmless: false)) { question in
      asked.withLock { $0.append(question.attempt.role) }
    }
    #expect(asked.withLock { $0 } == [.finder])
    let attempts = resumed.now.attempts.values
    #expect(attempts.count == 2 && Set(attempts.map(\.id.role)) == [.finder, .verifier])
    #expect(attempts.allSatisfy { $0.kind == .asked(.unknown) && $0.captured == .zero })
    #expect(resumed.now.questions.isEmpty)
    try expectLawful(resumed, "\(key)")
  }

  /// What a later process learns of the provider does not undo that it was asked.
  @Test func aProviderThatIsDownByNow() throws {
    let door = Door()
    let scenario = scenario(.managed, door)
    let resumed = try scenario.journal(try batches(of: scenario, upTo: .finder))
    door.shut(.providerDown)
    try scenario.run(resumed, MemoryOutput(), .atOnce(isHarmless: false))
    #expect(resumed.now.attempts.values.map(\.kind) == [.asked(.unknown)])
    #expect(resumed.now.questions.isEmpty)
    try expectLawful(resumed, "down")
  }
}
