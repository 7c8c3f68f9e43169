import Testing
import WaterfallCore

@testable import LedgerStore

/// The list of questions that are under way, from their sending until their attempts are stored.
@Suite struct OpenQuestionTests {
  let workspace: SampleWorkspace
  let store: LedgerStore
  let run: RunRecord
  var sample: SampleRun

  init() throws {
    workspace = try SampleWorkspace()
    (store, run, sample) = try workspace.openWithSample(seed: 11)
  }

  /// A question of a row that the sample does not answer.
  private func late(_ row: Int64) -> OpenQuestion {
    let id = AttemptID(cell: CellID(run: run.id, row: row, column: 0), step: 0, role: .finder)
    return OpenQuestion(attempt: id, question: QuestionKey(high: UInt64(row), low: .max))
  }

  private func commit(
    _ questions: [OpenQuestion] = [], unsent: [AttemptID] = [], to store: LedgerStore? = nil
  ) throws {
    var batch = JournalBatch(run: run.id, time: SampleWorkspace.now)
    batch.questions = questions
    batch.unsent = unsent
    try (store ?? self.store).commit(batch)
  }

  private func pages() throws -> String? {
    try workspace.row("SELECT count(*) AS n FROM open_question_page")["n"]
  }

  private func open(_ store: LedgerStore) throws -> Set<Int64> {
    let questions = try store.openQuestions(of: run.id)
    let rows = Set(questions.map(\.attempt.cell.row))
    #expect(rows.count == questions.count, "each is there once")
    return rows
  }

  @Test mutating func theyAreKeptUntilTheyAreAnswered() throws {
    let batch = try sample.batch(rows: 1...10)
    let ids = batch.attempts.map(\.id)
    let (key, other) = (QuestionKey(high: 7, low: .max), QuestionKey(high: 0, low: 0))
    let verifier = AttemptID(
      cell: CellID(run: run.id, row: .max, column: 7, generation: 3), step: 40, role: .verifier)
    let questions = [
      OpenQuestion(attempt: ids[0], question: key, job: "a/1"),
      OpenQuestion(attempt: ids[2], question: other),
      OpenQuestion(attempt: verifier, question: key, sentFor: ids[9]),
    ]
    try commit(questions)
    let stored = try store.openQuestions(of: run.id)
    #expect(stored.count == 3 && questions.allSatisfy(stored.contains))
    #expect(try store.openQuestions(of: RunID(2)) == [])
    var answered = batch
    answered.questions = [
      OpenQuestion(attempt: ids[1], question: key, job: "begun and ended at once"),
      OpenQuestion(attempt: verifier, question: key, job: "żółw 'x'"),
      OpenQuestion(attempt: ids[3], question: key),
    ]
    answered.unsent = [ids[2]]
    try store.commit(answered)
    #expect(try store.openQuestions(of: run.id) == [answered.questions[1]])
    #expect(try store.verify().breaches == [])
  }

  @Test func theNextWriterEndsThem() throws {
    let workspace = try SampleWorkspace()
    let answers: JournalBatch
    do {
      let opened = try workspace.openWithSample(seed: 12)
      var sample = opened.sample
      answers = try sample.batch(rows: 1...10)
      let key = QuestionKey(high: 1, low: 2)
      try commit(
        [
          OpenQuestion(attempt: answers.attempts[0].id, question: key, job: "j"),
          OpenQuestion(attempt: answers.attempts[1].id, question: key),
          late(900),
          OpenQuestion(attempt: late(901).attempt, question: key, job: "k"),
        ], to: opened.store)
    }
    let next = try workspace.open(create: false)
    #expect(try next.openQuestions(of: run.id).count == 4)
    try next.commit(answers)
    #expect(try open(next) == [900, 901])
    // A run that was given up may still be resumed, one that is done not.
    try next.setState(of: run.id, .dropped)
    #expect(try open(next) == [900, 901])
    try next.setState(of: run.id, .done)
    #expect(try next.openQuestions(of: run.id) == [])
    #expect(
      try workspace.row("SELECT count(*) AS n FROM open_question_page")["n"] == "0")
    #expect(try next.verify().breaches == [])
  }

  /// However many come and go, what is stored stays small, what is open stays known, and pages are
  /// not written again all the time.
  @Test(arguments: [10, 9_000]) func pagesAreReplacedNowAndThen(open: Int) {
    var questions = OpenQuestions()
    var kept: [AttemptID: OpenQuestion] = [:]
    var (written, replaced, asked) = (0, 0, 0)
    func store(_ batch: JournalBatch) {
      let change = questions.change(by: batch)
      questions.apply(change)
      written += change.page.count
      if change.replacesPages { replaced += 1 }
      #expect(questions.unnamed == kept)
      #expect(questions.stored <= OpenQuestions.mostStale + 2 * kept.count + 100)
    }
    for number in 0..<open { kept[late(Int64(number)).attempt] = late(Int64(number)) }
    var first = JournalBatch(run: run.id, time: SampleWorkspace.now)
    first.questions = Array(kept.values)
    store(first)
    for number in 1...600 {
      let rows = (0..<100).map { late(Int64(100_000 + 100 * number + $0)) }
      var batch = JournalBatch(run: run.id, time: SampleWorkspace.now)
      batch.questions = rows
      for question in rows { kept[question.attempt] = question }
      store(batch)
      batch.questions = []
      batch.attempts = rows.map {
        AttemptRecord(id: $0.attempt, provider: ProviderID("p"), kind: .asked(.miss))
      }
      for question in rows { kept[question.attempt] = nil }
      store(batch)
      asked += rows.count
    }
    #expect(kept.count == open)
    #expect((2...10).contains(replaced), "\(replaced) times")
    #expect(written <= 2 * (asked + open), "\(written) written for \(asked + open)")
  }

  /// Answers do not touch the pages that their questions are on, until most of what is there has
  /// been answered, or the run ends for now.
  @Test mutating func pagesAreLeftAloneForAWhile() throws {
    for rows in [1...100, 101...200] as [ClosedRange<Int64>] {
      let answers = try sample.batch(rows: rows)
      let asked = answers.attempts.map { OpenQuestion(attempt: $0.id, question: $0.question) }
      try commit(asked + [late(rows.upperBound + 10_000)])
      try store.commit(answers)
    }
    #expect(try pages() == "2")
    #expect(try open(store) == [10_100, 10_200])
    try store.setState(of: run.id, .interrupted)
    #expect(try pages() == "2", "a full disk may have ended the run")
    try store.setState(of: run.id, .running)
    #expect(try pages() == "1")
    #expect(try open(store) == [10_100, 10_200])
    try commit((1...9_000).map { late(20_000 + $0) })
    #expect(try pages() == "1")
    #expect(try open(store).count == 9_002)
    try commit([late(50_000)])
    #expect(try pages() == "2")
    #expect(try open(store).count == 9_003)
    #expect(try store.verify().breaches == [])
  }

  /// A process that was killed leaves pages on which most has been answered.
  @Test mutating func whatACrashLeaves() throws {
    let answers = try sample.batch(rows: 1...50)
    let asked = answers.attempts.map { OpenQuestion(attempt: $0.id, question: $0.question) }
    let workspace = self.workspace
    try commit(asked + [late(7_000)])
    try store.commit(answers)
    let other = try workspace.open(create: false, lock: nil)
    #expect(try other.openQuestions(of: run.id) == [late(7_000)])
  }

  @Test func aDamagedPageIsNamed() throws {
    try commit([late(1)])
    try workspace.tamper("UPDATE open_question_page SET questions = x'0102'")
    let error = #expect(throws: UserError.self) { try store.openQuestions(of: run.id) }
    #expect(
      error?.message.contains("a page of questions under way is cut off after 2 bytes") == true,
      "\(error as Any)")
  }
}
