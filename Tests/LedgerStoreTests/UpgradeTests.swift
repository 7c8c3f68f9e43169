import GRDB
import LedgerStore
import Testing
import WaterfallCore

/// A workspace of an earlier version is read as it is, and brought up to date by its first writer.
@Suite struct UpgradeTests {
  /// What version 1 had in place of what version 4 has.
  private static let toVersion1 = """
    ALTER TABLE run_state RENAME TO run_state_2;
    CREATE TABLE run_state (
      run INTEGER NOT NULL PRIMARY KEY REFERENCES run (id),
      state TEXT NOT NULL CHECK (state IN ('running', 'done', 'paused', 'interrupted')),
      note TEXT NOT NULL,
      ended INTEGER,
      rows_done INTEGER NOT NULL CHECK (rows_done >= 0)
    ) STRICT;
    INSERT INTO run_state SELECT run, state, note, ended, rows_done FROM run_state_2;
    DROP TABLE run_state_2;
    DROP TABLE tally_verdict;
    DROP TABLE open_question;
    DROP TABLE open_question_page;
    PRAGMA user_version = 1;
    """

  @Test func aWorkspaceOfVersion1() throws {
    let workspace = try SampleWorkspace()
    let (run, sample) = try workspace.fill(seed: 21)
    try workspace.open(create: false).setState(
      of: run.id, .paused, note: "out of credits", ended: SampleWorkspace.now)
    try workspace.tamper(Self.toVersion1)

    let old = try workspace.open(create: false, lock: nil)
    let paused = try #require(try old.run(run.id))
    #expect(paused.state == .paused && paused.note == "out of credits")
    #expect(paused.output == "out.csv" && paused.rows == 100)
    #expect(try old.verify().breaches == [])
    #expect(try workspace.row("PRAGMA user_version")["user_version"] == "1")

    let store = try workspace.open(create: false)
    #expect(try workspace.row("PRAGMA user_version")["user_version"] == "4")
    #expect(try store.run(run.id) == paused)
    #expect(try store.runs() == [paused])
    #expect(try store.verify().breaches == [])
    try store.setState(of: run.id, .dropped)
    #expect(try store.run(run.id)?.state == .dropped)
    #expect(try store.verify().breaches == [])
    let attempts = try store.attempts(of: run.id, rows: 1...100)
    #expect(attempts.count == sample.records.count)
    #expect(try old.run(run.id)?.state == .dropped, "who has it open sees what was written")
  }

  /// Version 3 had a row for each question under way, with or without a job.
  @Test func questionsOfVersion3() throws {
    let workspace = try SampleWorkspace()
    let answers: JournalBatch
    let key = QuestionKey(high: 1, low: 2)
    do {
      let opened = try workspace.openWithSample(seed: 23)
      var sample = opened.sample
      answers = try sample.batch(rows: 1...10)
      var early = JournalBatch(run: answers.run, time: answers.time)
      early.questions = [OpenQuestion(attempt: answers.attempts[0].id, question: key, job: "j")]
      try opened.store.commit(early)
    }
    try workspace.tamper("UPDATE open_question SET job = NULL; DROP TABLE open_question_page")
    try workspace.tamper("PRAGMA user_version = 3")
    let store = try workspace.open(create: false)
    #expect(try workspace.row("PRAGMA user_version")["user_version"] == "4")
    #expect(
      try store.openQuestions(of: answers.run)
        == [OpenQuestion(attempt: answers.attempts[0].id, question: key)])
    try store.commit(answers)
    #expect(try store.openQuestions(of: answers.run) == [])
    #expect(try store.verify().breaches == [])
  }

  /// The run's start is hashed with the output that it began with.
  @Test func anotherOutputLeavesTheChainWhole() throws {
    let workspace = try SampleWorkspace()
    let (run, _) = try workspace.fill(seed: 22)
    let store = try workspace.open(create: false)
    try store.setOutput(of: run.id, "elsewhere.csv")
    let moved = try #require(try store.run(run.id))
    #expect(moved.output == "elsewhere.csv" && moved.firstOutput == "out.csv")
    #expect(try store.verify().breaches == [])
    #expect(throws: UserError.self) { try store.setOutput(of: RunID(9), "x") }
  }
}
