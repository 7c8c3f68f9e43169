import Foundation
import Synchronization
import TestSupport
import Testing
import WaterfallCore

@testable import WaterfallRuns

/// Answers that come later, from other threads, in any order.
@Suite struct ConcurrencyTests {
  static func seed() -> UInt64 { TestSeed.drawn("RUNS_SEED") }

  @Test(arguments: [false, true]) func theOrderOfAnswersChangesNothing(isHarmless: Bool) throws {
    let seed = Self.seed()
    var scenario = Sheets.rich(Sheets.people(700))
    scenario.limits.attemptsInBatch = 64
    scenario.limits.window = 300
    let wanted = Trace(try scenario.undisturbed())
    for round in 0..<4 {
      let postman = Postman(seed: seed &+ UInt64(round))
      defer { postman.close() }
      let journal = try scenario.journal()
      let output = MemoryOutput(journey: journal.journey)
      let end = try scenario.run(journal, output, .later(postman, isHarmless: isHarmless))
      #expect(end == .done)
      #expect(postman.longestQueue > 20, "seed \(seed): \(postman.longestQueue) in flight")
      try expectLawful(journal, "seed \(seed)")
      try expectSame(Trace(journal, output), wanted, "seed \(seed), round \(round)")
    }
  }
}
