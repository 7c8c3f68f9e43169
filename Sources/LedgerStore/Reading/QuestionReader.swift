import GRDB
import WaterfallCore

/// Reads the questions that are under way.
enum QuestionReader {
  /// In no particular order.
  static func list(of run: RunID, in database: Database) throws -> [OpenQuestion] {
    var (named, unnamed, _) = try stored(of: run, in: database)
    for question in named { unnamed.removeValue(forKey: question.attempt) }
    return named + unnamed.values
  }

  static func questions(of run: RunID, in database: Database) throws -> OpenQuestions {
    let (named, unnamed, onPages) = try stored(of: run, in: database)
    return OpenQuestions(named: Set(named.map(\.attempt)), unnamed: unnamed, stored: onPages)
  }

  /// `onPages`: how many are on pages, those that have been answered included. O(those)
  private static func stored(
    of run: RunID, in database: Database
  ) throws -> (named: [OpenQuestion], unnamed: [AttemptID: OpenQuestion], onPages: Int) {
    var named: [OpenQuestion] = []
    try database.forEachRow(
      """
      SELECT run, "row", col, generation, step, role, question, job FROM open_question
      WHERE run = ?
      """, run.rawValue
    ) { row in
      named.append(
        OpenQuestion(
          attempt: try AttemptReader.id(row), question: AttemptReader.question(row, 6),
          job: row.optionalText(7)))
    }
    var unnamed: [AttemptID: OpenQuestion] = [:]
    var onPages = 0
    try database.forEachRow(
      "SELECT questions FROM open_question_page WHERE run = ?", run.rawValue
    ) { row in
      try QuestionPage.read(row.blob(0), of: run) { question in
        unnamed[question.attempt] = question
        onPages += 1
      }
    }
    try removeAnswered(from: &unnamed, in: database)
    return (named, unnamed, onPages)
  }

  private static func removeAnswered(
    from questions: inout [AttemptID: OpenQuestion], in database: Database
  ) throws {
    guard !questions.isEmpty else { return }
    let attempt = try RawStatement(
      cached: """
        SELECT 1 FROM attempt WHERE run = ? AND "row" = ? AND col = ? AND generation = ?
          AND step = ? AND role = ?
        """, in: database)
    defer { attempt.reset() }
    for id in questions.keys {
      attempt.reset()
      attempt.bind(1, id)
      if try attempt.next() { questions.removeValue(forKey: id) }
    }
  }
}
