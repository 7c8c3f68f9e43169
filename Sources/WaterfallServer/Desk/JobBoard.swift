import Synchronization
import WaterfallProviders

/// The jobs of one provider: what was submitted, and how often it was asked after. Thread-safe.
final class JobBoard: Sendable {
  struct Job: Sendable {
    let answer: SandboxAnswer
    /// The ledger's key of the question.
    let key: String
    /// Polls that still find it not ready.
    var pending: Int
  }

  private let jobs = Mutex<[String: Job]>([:])

  /// Keeps a job, unless it is there already: the same submission again is the same job.
  func submit(_ id: String, _ job: Job) {
    jobs.withLock { jobs in
      if jobs[id] == nil { jobs[id] = job }
    }
  }

  /// nil for a job that was never submitted.
  func operation(_ id: String) -> SandboxOperation? {
    jobs.withLock { $0[id]?.answer.question.operation }
  }

  /// The job as this poll finds it. `more` polls are added to those that find it not ready.
  func poll(_ id: String, more: Int) -> Job? {
    jobs.withLock { jobs in
      guard var job = jobs[id] else { return nil }
      job.pending += more
      let found = job
      job.pending = max(0, job.pending - 1)
      jobs[id] = job
      return found
    }
  }
}
