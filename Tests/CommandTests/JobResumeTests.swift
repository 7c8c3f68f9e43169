import Testing

/// The tool is killed while a provider works on what it was asked: the next process fetches the
/// answers, and asks nobody twice.
struct JobResumeTests {
  private static let rows = 8

  @Test(arguments: ["WATERFALL_MANAGED_KEY_ICYPEAS", "WATERFALL_KEY_ICYPEAS"])
  func theNextProcessFetchesTheAnswers(key: String) throws {
    let run = try KilledRun(
      of: "icypeas", key: key, rows: Self.rows, sandbox: ["--pending", "5"]
    ) { $0.replacing("every: 5s", with: "every: 2s").replacing(/\n  limits: .*\n/, with: "\n") }
    defer { run.runner.cleanUp() }
    try run.killAndResume(
      once: "SELECT count(job) FROM open_question", is: "\(Self.rows)")
    #expect(
      try Database.rows(run.path, "SELECT DISTINCT outcome FROM attempt ORDER BY 1")
        == ["hit", "miss"])
    let hits = try Database.rows(
      run.path, "SELECT count(*) FROM attempt WHERE outcome = 'hit'")
    let bill = try run.bill()
    #expect(bill.questions == Self.rows)
    #expect(["\(bill.paid)"] == hits)
    for table in ["open_question", "open_question_page"] {
      #expect(try Database.rows(run.path, "SELECT count(*) FROM \(table)") == ["0"])
    }
  }
}
