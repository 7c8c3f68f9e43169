import Foundation
import Synchronization
import WaterfallCore

/// Takes every question on as a job, and answers once the journal has kept it.
struct JobProvider: Provider {
  let desk: JobDesk
  var room: Int?
  let watch: @Sendable (Question) -> Void
  let rule: @Sendable (Question) -> Answer

  var isHarmless: Bool { false }

  func ask(_ question: Question, reply: @escaping @Sendable (Answer) -> Void) {
    ask(question, accepted: { _ in }, reply: reply)
  }

  func ask(
    _ question: Question, accepted: @escaping @Sendable (_ job: String) -> Void,
    reply: @escaping @Sendable (Answer) -> Void
  ) {
    watch(question)
    let answer = rule(question)
    if let job = question.job {
      desk.fetched(job, for: question.attempt)
      return reply(answer)
    }
    accepted(desk.submit(question.attempt))
    desk.whenKept(question.attempt) { reply(answer) }
  }
}

/// What was submitted and fetched, in all processes of a run.
final class JobDesk: Sendable {
  struct State {
    var jobs: [AttemptID: [String]] = [:]
    var wrong: [String] = []
    var fetches = 0
    var waiting: [(attempt: AttemptID, deliver: @Sendable () -> Void)] = []
    var isClosed = false
    var mostWaiting = 0
  }

  private let state = Mutex(State())

  /// - Parameter journal: Whose word counts.
  init(_ journal: MemoryJournal) {
    Thread.detachNewThread { [self] in
      while !state.withLock({ $0.isClosed }) {
        let kept = Set(
          journal.now.batches.flatMap(\.questions)
            .filter { $0.job != nil }.map(\.attempt))
        let ready = state.withLock { state in
          let ready = state.waiting.filter { kept.contains($0.attempt) }
          state.waiting.removeAll { kept.contains($0.attempt) }
          return ready
        }
        for letter in ready { letter.deliver() }
        usleep(100)
      }
    }
  }

  func close() { state.withLock { $0.isClosed = true } }

  func submit(_ attempt: AttemptID) -> String {
    state.withLock { state in
      let job = "job \(attempt.cell.row).\(attempt.cell.column).\(attempt.step)"
      state.jobs[attempt, default: []].append(job)
      return job
    }
  }

  func fetched(_ job: String, for attempt: AttemptID) {
    state.withLock { state in
      state.fetches += 1
      let expected = "job \(attempt.cell.row).\(attempt.cell.column).\(attempt.step)"
      if job != expected { state.wrong.append("\(job) for \(attempt)") }
    }
  }

  func whenKept(_ attempt: AttemptID, _ deliver: @escaping @Sendable () -> Void) {
    state.withLock {
      $0.waiting.append((attempt, deliver))
      $0.mostWaiting = max($0.mostWaiting, $0.waiting.count)
    }
  }

  /// Jobs under way at once, at most.
  var mostWaiting: Int { state.withLock { $0.mostWaiting } }

  /// Questions that were submitted, and how often each.
  var submissions: [AttemptID: Int] { state.withLock { $0.jobs.mapValues(\.count) } }
  var fetches: Int { state.withLock { $0.fetches } }
  /// Fetches under another question's job.
  var wrong: [String] { state.withLock { $0.wrong } }
}
