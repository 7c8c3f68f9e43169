import WaterfallCore
import WaterfallEngine

/// The answers that identical questions of one run share: each is asked and charged once.
///
/// Answers of batches that are not durable yet are kept in memory; older ones are looked up in the
/// journal by way of the index. Only hits and misses are shared: a failure is no answer.
struct SharedQuestions {
  typealias Shared = CellMachine.SharedAnswer

  private let run: RunID
  private let journal: any RunJournal
  private let index: QuestionIndex
  /// By the number of the batch that carries them to the journal.
  private var unwritten: [(batch: Int, answers: [QuestionKey: Shared])] = []
  private var newest: [QuestionKey: Shared] = [:]
  /// Answers that were looked up lately; emptied when it is full.
  private var lookedUp: [QuestionKey: Shared] = [:]

  private static let lookedUpLimit = 1 << 13

  init(run: RunID, journal: any RunJournal, scratchDirectory: String) {
    self.run = run
    self.journal = journal
    self.index = QuestionIndex(directory: scratchDirectory)
  }

  /// Takes in what an earlier process of this run asked. O(stored attempts).
  func restore() throws {
    let index = index
    try journal.forEachSharedQuestion(of: run) { key, attempt in
      if QuestionIndex.canIndex(attempt) { try index.insert(key.high, attempt) }
    }
  }

  /// The answer to this question, if the run has it.
  mutating func answer(to key: QuestionKey) throws -> Shared? {
    // Most questions are new, and the index alone says so.
    guard let attempt = try index.find(key.high, run: run) else { return nil }
    if let answer = newest[key] ?? lookedUp[key] { return answer }
    for batch in unwritten {
      if let answer = batch.answers[key] { return answer }
    }
    guard
      let record = try journal.attempt(attempt), record.question == key,
      let answer = Shared(record)
    else { return nil }
    if lookedUp.count >= Self.lookedUpLimit { lookedUp.removeAll(keepingCapacity: true) }
    lookedUp[key] = answer
    return answer
  }

  /// Puts an answered question where identical ones find it.
  mutating func insert(_ record: AttemptRecord) throws {
    guard case .asked = record.kind, let answer = Shared(record),
      QuestionIndex.canIndex(record.id)
    else { return }
    newest[record.question] = answer
    try index.insert(record.question.high, record.id)
  }

  /// What was inserted since the last call travels in this batch.
  mutating func seal(batch: Int) {
    guard !newest.isEmpty else { return }
    unwritten.append((batch, newest))
    newest = Dictionary(minimumCapacity: newest.count)
  }

  /// The batches up to this one are durable: the journal answers for them from now on.
  mutating func forget(through batch: Int) {
    unwritten.removeAll { $0.batch <= batch }
  }
}

extension CellMachine.SharedAnswer {
  /// The answer of a stored attempt that hit or missed; nil for every other one.
  init?(_ record: AttemptRecord) {
    let asked: AttemptID
    let outcome: Outcome
    switch record.kind {
    case .asked(let answer): (asked, outcome) = (record.id, answer)
    case .shared(let answer, let from): (asked, outcome) = (from, answer)
    case .skipped: return nil
    }
    switch outcome {
    case .hit, .miss: self.init(outcome: outcome, verdict: record.verdict, from: asked)
    case .failure, .unknown: return nil
    }
  }
}
