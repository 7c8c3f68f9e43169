import Testing
import WaterfallCore

@testable import WaterfallRuns

/// What a provider has taken on is fetched after a crash, and not submitted again.
@Suite struct JobTests {
  @Test func theNextProcessFetchesWhatWasSubmitted() throws {
    var scenario = Sheets.rich(Sheets.people(40))
    scenario.limits.attemptsInBatch = 8
    scenario.limits.window = 12
    let whole = Trace(try scenario.undisturbed())
    let journal = try scenario.journal()
    let output = MemoryOutput(journey: journal.journey)
    let desk = JobDesk(journal)
    defer { desk.close() }
    #expect(try scenario.run(journal, output, .byJob(desk)) == .done)
    try expectSame(Trace(journal, output), whole, "undisturbed")
    #expect(journal.now.jobs.isEmpty, "a job whose answer is stored is forgotten")
    #expect(desk.submissions.values.allSatisfy { $0 == 1 } && desk.fetches == 0)

    var fetched = 0
    let batches = journal.now.batches
    for commits in 0...batches.count {
      let resumed = try scenario.journal(Array(batches.prefix(commits)))
      let open = resumed.now.jobs
      let later = JobDesk(resumed)
      defer { later.close() }
      let rest = MemoryOutput()
      #expect(try scenario.run(resumed, rest, .byJob(later)) == .done)
      try expectSame(Trace(resumed, rest), whole, "\(commits) commits")
      try expectLawful(resumed, "\(commits) commits")
      #expect(later.wrong == [])
      #expect(later.fetches == open.count, "\(commits) commits: every job is fetched, once")
      #expect(open.keys.allSatisfy { later.submissions[$0] == nil }, "\(commits) commits")
      #expect(resumed.now.jobs.isEmpty)
      fetched += later.fetches
    }
    #expect(fetched > 20, "jobs were under way at many of the commits")
  }

  /// The journal learns of jobs even while nothing else happens: a desk answers only then, so that
  /// a run that kept them to itself would wait for ever.
  @Test func oneQuestionIsKeptWhileNothingElseHappens() throws {
    var scenario = Sheets.rich(Sheets.people(1))
    scenario.columns = [scenario.columns[0]]
    let journal = try scenario.journal()
    let output = MemoryOutput(journey: journal.journey)
    let desk = JobDesk(journal)
    defer { desk.close() }
    #expect(try scenario.run(journal, output, .byJob(desk)) == .done)
    #expect(desk.submissions.count >= 1)
  }
}
