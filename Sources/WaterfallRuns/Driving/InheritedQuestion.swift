import WaterfallCore

/// A question that an earlier process left under way: it may have been sent.
///
/// Several attempts can be under way with it: a process asks it for one row and is killed, the next
/// one comes to another row with the same question first, and is killed as well.
struct InheritedQuestion {
  /// The attempt for which it was sent at first: its idempotency key is the one that counts.
  let sentFor: AttemptID
  /// The provider's name for its work, where it told one.
  let job: String?
  private(set) var attempts: Set<AttemptID>

  /// nil for none at all. All of them ask the same question.
  init?(_ questions: [OpenQuestion]) {
    let first = questions.map { $0.sentFor ?? $0.attempt }.min { $0.cell.row < $1.cell.row }
    guard let first else { return nil }
    sentFor = first
    job = questions.lazy.compactMap(\.job).first
    attempts = Set(questions.map(\.attempt))
  }

  /// True when the last attempt that was under way with it has ended: whoever asks next asks anew.
  mutating func end(_ attempt: AttemptID) -> Bool {
    attempts.remove(attempt)
    return attempts.isEmpty
  }
}
