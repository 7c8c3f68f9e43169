import WaterfallCore

/// The questions of one run that are under way, as its writer knows them.
///
/// Those that their providers have a name for have a row each in `open_question`; the others are on
/// pages, one for each commit. Most of a page is answered soon. When more is stored than
/// `mostStale` and twice what is open, one page of what is open replaces them all: what is stored
/// stays small, and a question is written twice on the average at most.
struct OpenQuestions {
  /// What a batch changes.
  struct Change {
    var named: [OpenQuestion] = []
    /// Attempts whose row goes.
    var ended: [AttemptID] = []
    /// To be stored; in place of all other pages if `replacesPages`.
    var page: [AttemptID: OpenQuestion] = [:]
    var replacesPages = false
    fileprivate var unnamed: [AttemptID: OpenQuestion] = [:]
    fileprivate var answered: [AttemptID] = []
  }

  static let mostStale = 8192

  private(set) var named: Set<AttemptID>
  private(set) var unnamed: [AttemptID: OpenQuestion]
  /// How many are on the pages, those that have been answered included.
  private(set) var stored: Int

  init(named: Set<AttemptID> = [], unnamed: [AttemptID: OpenQuestion] = [:], stored: Int = 0) {
    self.named = named
    self.unnamed = unnamed
    self.stored = stored
  }

  /// What storing the batch means for the list. O(attempts and questions of the batch), and now and
  /// then O(questions under way).
  func change(by batch: JournalBatch) -> Change {
    var change = Change()
    guard !named.isEmpty || !unnamed.isEmpty || !batch.questions.isEmpty else { return change }
    for question in batch.questions {
      if question.job == nil {
        change.unnamed[question.attempt] = question
      } else {
        change.named.append(question)
      }
    }
    let new = Set(change.named.map(\.attempt))
    change.answered = batch.attempts.map(\.id) + batch.unsent
    for id in change.answered {
      change.unnamed.removeValue(forKey: id)
      if named.contains(id) || new.contains(id) { change.ended.append(id) }
    }
    change.page = change.unnamed
    change.replacesPages =
      !batch.unsent.isEmpty || stored + change.page.count > Self.mostStale + 2 * unnamed.count
    if change.replacesPages {
      change.page.merge(unnamed) { new, _ in new }
      for id in change.answered + new { change.page.removeValue(forKey: id) }
    }
    return change
  }

  /// What it means that the run goes on, or has ended. Nobody will fetch the answers of one that is
  /// done. One that is paused, interrupted or given up may be resumed, and is left alone: it may be
  /// the disk that has ended it.
  func change(by state: RunRecord.State) -> Change {
    var change = Change()
    switch state {
    case .done:
      change.ended = Array(named)
      change.answered = Array(unnamed.keys)
      change.replacesPages = true
    case .running where stored > unnamed.count:
      change.page = unnamed
      change.replacesPages = true
    case .running, .paused, .interrupted, .dropped: break
    }
    return change
  }

  /// To be called when the change is durable.
  mutating func apply(_ change: Change) {
    unnamed.merge(change.unnamed) { $1 }
    for question in change.named {
      named.insert(question.attempt)
      unnamed.removeValue(forKey: question.attempt)
    }
    for id in change.answered { unnamed.removeValue(forKey: id) }
    named.subtract(change.ended)
    stored = (change.replacesPages ? 0 : stored) + change.page.count
  }
}
