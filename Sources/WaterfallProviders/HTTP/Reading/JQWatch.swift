import CJQ
import Foundation
import Synchronization

/// Ends programs of jq that run too long: libjq itself has no time limit.
///
/// A thread looks at what runs, twice a second or so, and is there only while something does. What
/// it finds overdue it halts: libjq looks for that before every instruction. One instruction is
/// never interrupted, however long it takes.
final class JQWatch: Sendable {
  /// A run that is watched.
  struct Run {
    fileprivate let number: UInt64
  }

  private struct Watched: @unchecked Sendable {
    let machine: OpaquePointer
    let end: ContinuousClock.Instant
    var isHalted = false
  }

  private struct State {
    var runs: [UInt64: Watched] = [:]
    var count: UInt64 = 0
    var hasThread = false
  }

  static let shared = JQWatch()

  private static let look = 0.1
  /// The thread goes after so many looks at nothing.
  private static let patience = 20

  private let state = Mutex(State())

  /// From now on, and until `end`, the machine must stay as it is.
  func begin(_ machine: OpaquePointer, longest: Duration) -> Run {
    let watched = Watched(machine: machine, end: .now + longest)
    let (number, needsThread) = state.withLock { state -> (UInt64, Bool) in
      state.count += 1
      state.runs[state.count] = watched
      defer { state.hasThread = true }
      return (state.count, !state.hasThread)
    }
    if needsThread { Thread.detachNewThread { self.watch() } }
    return Run(number: number)
  }

  /// The machine has stopped. Returns whether it was made to.
  func end(_ run: Run) -> Bool {
    state.withLock { $0.runs.removeValue(forKey: run.number)?.isHalted ?? false }
  }

  private func watch() {
    var idle = 0
    while true {
      Thread.sleep(forTimeInterval: Self.look)
      let isOver = state.withLock { state in
        haltOverdue(&state)
        idle = state.runs.isEmpty ? idle + 1 : 0
        guard idle > Self.patience else { return false }
        state.hasThread = false
        return true
      }
      if isOver { return }
    }
  }

  /// Within the lock, so that no machine is halted that has gone on to something else.
  private func haltOverdue(_ state: inout State) {
    let now = ContinuousClock.now
    for (number, run) in state.runs where run.end < now && !run.isHalted {
      jq_halt(run.machine, jv_invalid(), jv_invalid())
      state.runs[number]?.isHalted = true
    }
  }
}
