import Synchronization
import WaterfallCore
import WaterfallProviders

/// How providers first failed in this process, in words. The ledger keeps the kind of a failure only,
/// and the last words of a run want to say more. Thread-safe.
final class FirstFailures: Sendable {
  private let notes = Mutex<[ProviderID: [FailureReason: String]]>([:])

  /// Keeps the first note of a provider for each kind of failure.
  func add(_ failure: AnswerFailure, of provider: ProviderID) {
    notes.withLock { notes in
      if notes[provider]?[failure.reason] == nil {
        notes[provider, default: [:]][failure.reason] = failure.note
      }
    }
  }

  /// nil for what happened in an earlier process, and for whoever is not asked over HTTP.
  func note(of provider: ProviderID, _ reason: FailureReason) -> String? {
    notes.withLock { $0[provider]?[reason] }
  }
}
