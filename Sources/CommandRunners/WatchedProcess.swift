import Foundation
import Synchronization

/// A process of our own that nobody has waited for yet: so its number, and that of its group, is
/// nobody else's.
struct WatchedProcess: Sendable {
  let id: pid_t

  /// Waits for the process, which has got the end of its input, to end; then asks it to, then makes
  /// it. In the end nothing of its group is left.
  func end(_ patience: Duration) async {
    for step in [0, SIGTERM] where !hasEnded {
      if step != 0 { Foundation.kill(-id, step) }
      let deadline = ContinuousClock.now + patience
      while !hasEnded, ContinuousClock.now < deadline {
        try? await Task.sleep(for: .milliseconds(5))
      }
    }
    kill()
  }

  /// Ends it and all of its group at once.
  func kill() { _ = Foundation.kill(-id, SIGKILL) }

  private var hasEnded: Bool {
    var info = siginfo_t()
    while waitid(P_PID, id_t(id), &info, WEXITED | WNOHANG | WNOWAIT) != 0 {
      guard errno == EINTR else { return true }
    }
    return info.si_signo == SIGCHLD
  }
}

/// The processes of a runner that nobody has waited for yet.
final class LivingPrograms: Sendable {
  private let processes = Mutex<[pid_t: WatchedProcess]>([:])

  func add(_ process: WatchedProcess) { processes.withLock { $0[process.id] = process } }

  /// Before it is waited for.
  func remove(_ process: WatchedProcess) { processes.withLock { $0[process.id] = nil } }

  func killAll() {
    processes.withLock { processes in
      for process in processes.values { process.kill() }
    }
  }
}
