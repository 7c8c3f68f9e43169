import WaterfallCore

/// The questions of one run that are under way, as its writer knows them.
///
/// Those that their providers have a name for have a row each in `open_question`; the others are on
/// pages, one for each commit. Most of a page is answered soon; the pages are replaced by a single
/// one, of what is still open, when that is the smaller part of them, so that each question is
/// written twice at most, and what is stored stays within twice the window.
struct OpenQuestions {
  /// What a batch changes.
  struct Change {
    var named: [OpenQuestion] = []
    /// Attempts whose row goes.
    var ended: [AttemptID] = []
    /// To be stored; in place of all other pages if `replacesPages`.
    var page: [AttemptID: QuestionKey] = [:]
    var replacesPages = false
    fileprivate var unnamed: [AttemptID: QuestionKey] = [:]
    fileprivate var answered: [AttemptID] = []
  }

  /// So many on pages are always allowed.
  private static let mostStale = 8192

  private(set) var named: Set<AttemptID>
  private(set) var unnamed: [AttemptID: QuestionKey]
  /// How many are on the pages, those that have been answered included.
  private var stored: Int

  init(named: Set<AttemptID>, unnamed: [AttemptID: QuestionKey], stored: Int) {
    self.named = named
    self.unnamed = unnamed
    self.stored = stored
  }

  /// What storing the batch means for the list. O(attempts and questions of the batch).
  func change(by batch: JournalBatch) -> Change {
    var change = Change()
    guard !named.isEmpty || !unnamed.isEmpty || !batch.questions.isEmpty else { return change }
    for question in batch.questions {
      if question.job == nil {
        change.unnamed[question.attempt] = question.question
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
      for id in change.answered { change.page.removeValue(forKey: id) }
    }
    return change
  }

  /// What it means that the run ends, for good or for now: pages of what was answered go. Nobody will
  /// fetch the answers of a run that is done; one that was given up may still be resumed.
  func change(by state: RunRecord.State) -> Change {
    var change = Change(page: unnamed, replacesPages: true)
    guard state == .done else { return change }
    change.page = [:]
    change.ended = Array(named)
    change.answered = Array(unnamed.keys)
    return change
  }

  /// To be called when the change is durable.
  mutating func apply(_ change: Change) {
    named.formUnion(change.named.map(\.attempt))
    named.subtract(change.ended)
    for id in change.answered { unnamed.removeValue(forKey: id) }
    unnamed.merge(change.unnamed) { $1 }
    stored = (change.replacesPages ? 0 : stored) + change.page.count
  }
}
