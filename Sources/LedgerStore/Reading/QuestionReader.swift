import GRDB
import WaterfallCore

/// Reads the questions that are under way.
enum QuestionReader {
  /// Of every run where `run` is nil.
  static func openQuestions(
    of run: RunID?, in database: Database
  ) throws -> [OpenQuestion] {
    var questions: [OpenQuestion] = []
    try database.forEachRow(
      """
      SELECT run, "row", col, generation, step, role, question, job FROM open_question
      WHERE run = ?1 OR ?1 = 0
      """, run?.rawValue ?? 0
    ) { row in
      questions.append(
        OpenQuestion(
          attempt: try AttemptReader.id(row), question: AttemptReader.question(row, 6),
          job: row.isNull(7) ? nil : row.text(7)))
    }
    return questions
  }
}
