import Synchronization
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
    #expect(journal.now.questions.isEmpty, "a job whose answer is stored is forgotten")
    #expect(desk.submissions.values.allSatisfy { $0 == 1 } && desk.fetches == 0)

    var fetched = 0
    let batches = journal.now.batches
    for commits in 0...batches.count {
      let resumed = try scenario.journal(Array(batches.prefix(commits)))
      let open = resumed.now.questions.filter { $0.value.job != nil }
      let later = JobDesk(resumed)
      defer { later.close() }
      let rest = MemoryOutput()
      #expect(try scenario.run(resumed, rest, .byJob(later)) == .done)
      try expectSame(Trace(resumed, rest), whole, "\(commits) commits")
      try expectLawful(resumed, "\(commits) commits")
      #expect(later.wrong == [])
      #expect(later.fetches == open.count, "\(commits) commits: every job is fetched, once")
      #expect(open.keys.allSatisfy { later.submissions[$0] == nil }, "\(commits) commits")
      #expect(resumed.now.questions.isEmpty)
      fetched += later.fetches
    }
    #expect(fetched > 20, "jobs were under way at many of the commits")
  }

  /// Another row may be the first to ask the same question after the crash: the job is its, too.
  @Test func aJobBelongsToItsQuestion() throws {
    var scenario = Sheets.rich("name,company,work_email,note\nada,acme,,\nada,acme,,\n")
    scenario.columns = [scenario.columns[0]]
    let asked = Mutex<[Question]>([])
    try scenario.run(try scenario.journal(), MemoryOutput()) { question in
      asked.withLock { $0.append(question) }
    }
    let first = try #require(asked.withLock { $0.first })
    let second = AttemptID(
      cell: CellID(run: Scenario.run, row: 2, column: 0), step: 0, role: .finder)
    var batch = JournalBatch(run: Scenario.run, time: Scenario.now)
    batch.questions = [OpenQuestion(attempt: second, question: first.key, job: "job of row 2")]
    let resumed = try scenario.journal([batch])
    asked.withLock { $0 = [] }
    try scenario.run(resumed, MemoryOutput()) { question in asked.withLock { $0.append(question) } }
    let again = try #require(asked.withLock { $0.first })
    #expect(again.attempt == first.attempt && again.key == first.key)
    #expect(again.job == "job of row 2" && again.sentFor == second)
    #expect(resumed.now.questions.isEmpty)
  }

  /// Nobody gets an answer, so that each of them asks.
  private var threeRowsWithOneQuestion: Scenario {
    var scenario = Sheets.rich("name,company,work_email,note\nada,acme,,\nada,acme,,\nada,acme,,\n")
    scenario.columns = [scenario.columns[0]]
    scenario.columns[0].steps = [
      Scenario.Asked(provider: "alpha") { _ in Answer(.unknown, exchanges: 1) }
    ]
    scenario.columns[0].verifier = nil
    return scenario
  }

  /// The doubt stays with the row that it was asked for, if another one does not get an answer.
  @Test func anotherRowsFailureDoesNotEndTheDoubt() throws {
    let scenario = threeRowsWithOneQuestion
    let asked = Mutex<[Question]>([])
    try scenario.run(try scenario.journal(), MemoryOutput()) { question in
      asked.withLock { $0.append(question) }
    }
    let key = try #require(asked.withLock { $0.first?.key })
    let second = AttemptID(
      cell: CellID(run: Scenario.run, row: 2, column: 0), step: 0, role: .finder)
    var batch = JournalBatch(run: Scenario.run, time: Scenario.now)
    batch.questions = [OpenQuestion(attempt: second, question: key)]
    asked.withLock { $0 = [] }
    try scenario.run(try scenario.journal([batch]), MemoryOutput()) { question in
      asked.withLock { $0.append(question) }
    }
    #expect(asked.withLock { $0.map(\.mayHaveBeenSent) } == [true, true, false])
  }

  /// Two processes were killed while they asked the same for two rows: the first one's key counts, and
  /// the doubt lasts until both rows have ended.
  @Test(arguments: [[1, 2], [2, 1]]) func aQuestionThatTwoProcessesLeft(rows: [Int64]) throws {
    let scenario = threeRowsWithOneQuestion
    let asked = Mutex<[Question]>([])
    func run(_ batches: [JournalBatch]) throws -> [Question] {
      asked.withLock { $0 = [] }
      try scenario.run(try scenario.journal(batches), MemoryOutput(), .atOnce(isHarmless: false)) {
        question in asked.withLock { $0.append(question) }
      }
      return asked.withLock { $0 }
    }
    let key = try #require(try run([]).first?.key)
    let ids = rows.map {
      AttemptID(cell: CellID(run: Scenario.run, row: $0, column: 0), step: 0, role: .finder)
    }
    var batch = JournalBatch(run: Scenario.run, time: Scenario.now)
    batch.questions = [
      OpenQuestion(attempt: ids[0], question: key),
      OpenQuestion(attempt: ids[1], question: key, sentFor: ids[0]),
    ]
    #expect(try run([batch]).map(\.sentFor) == [ids[0], ids[0], nil])
    // What is asked in doubt is marked with the attempt that it was first sent for.
    batch.questions.removeLast()
    let journal = try scenario.journal([batch])
    try scenario.run(journal, MemoryOutput(), .atOnce(isHarmless: false))
    let marks = journal.now.batches.dropFirst().flatMap(\.questions)
    let expected = Set((1...3).map { $0 <= rows[0] ? ids[0] : nil })
    #expect(Set(marks.map(\.sentFor)) == expected && marks.count == 3)
  }

  /// A good-order stop leaves no doubt: what was not sent is known not to be.
  @Test func whatWasNotSentIsTakenBack() throws {
    let seed = ConcurrencyTests.seed()
    var scenario = Sheets.rich(Sheets.people(160))
    scenario.limits.attemptsInBatch = 16
    scenario.limits.window = 40
    let whole = Trace(try scenario.undisturbed())
    let postman = Postman(seed: seed, pile: 12)
    defer { postman.close() }
    let stop = StopSignal()
    let sent = Mutex<Set<AttemptID>>([])
    let journal = try scenario.journal()
    let output = MemoryOutput(journey: journal.journey)
    let end = try scenario.run(
      journal, output, .later(postman, isHarmless: false), stop: stop
    ) { question in
      let sent = sent.withLock { sent in
        sent.insert(question.attempt)
        return sent
      }
      // While it asks, the driver sends nothing else: what is held and not sent now will not be.
      let isSomethingHeld = journal.now.holds.values.contains {
        $0.attempt.role == .finder && !sent.contains($0.attempt)
      }
      if sent.count >= 60, isSomethingHeld { stop.raise() }
    }
    #expect(end == .interrupted, "seed \(seed)")
    #expect(!journal.now.holds.isEmpty && journal.now.questions.isEmpty, "seed \(seed)")
    let doubted = Atomic<Int>(0)
    let rest = MemoryOutput(output.bytes)
    #expect(
      try scenario.run(journal, rest, .later(postman, isHarmless: false)) { question in
        if question.mayHaveBeenSent { doubted.add(1, ordering: .relaxed) }
      } == .done)
    #expect(doubted.load(ordering: .relaxed) == 0, "seed \(seed)")
    try expectLawful(journal, "seed \(seed)")
    #expect(String(decoding: rest.bytes, as: UTF8.self) == whole.output, "seed \(seed)")
  }

  /// That a question is sent stands in the journal before; with an own key, there is no hold.
  @Test(arguments: [KeySource.own, .managed])
  func aQuestionIsMarkedBeforeItIsSent(key: KeySource) throws {
    var scenario = Sheets.rich(Sheets.people(20))
    scenario.columns = [scenario.columns[0]]
    scenario.columns[0].steps = [Scenario.Asked(provider: "gamma", price: Credits(5), key: key)]
    scenario.columns[0].verifier = nil
    let journal = try scenario.journal()
    let unmarked = Atomic<Int>(0)
    let count = Atomic<Int>(0)
    try scenario.run(journal, MemoryOutput(), .atOnce(isHarmless: false)) { question in
      count.add(1, ordering: .relaxed)
      if journal.now.questions[question.attempt] == nil { unmarked.add(1, ordering: .relaxed) }
    }
    #expect(count.load(ordering: .relaxed) > 10 && unmarked.load(ordering: .relaxed) == 0)
    #expect(journal.now.questions.isEmpty)
    // A process that died just then: the next one knows that it may have been sent.
    let marked = try #require(journal.now.batches.firstIndex { !$0.questions.isEmpty })
    let resumed = try scenario.journal(Array(journal.now.batches.prefix(marked + 1)))
    let doubts = Mutex<Set<AttemptID>>([])
    let open = Set(resumed.now.questions.keys)
    try scenario.run(resumed, MemoryOutput(), .atOnce(isHarmless: false)) { question in
      if question.mayHaveBeenSent { doubts.withLock { _ = $0.insert(question.attempt) } }
    }
    #expect(!open.isEmpty && doubts.withLock { $0 } == open)
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
