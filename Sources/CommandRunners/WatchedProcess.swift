import Foundation

/// A process of our own that nobody has waited for yet: so its number, and that of its group, is
/// nobody else's.
struct WatchedProcess: Sendable {
  let id: pid_t

  /// Waits for the process, which has got the end of its input, to end; then asks it to, then makes
  /// it. In the end nothing of its group is left.
  func end(_ patience: Duration) async {
    for step in [0, SIGTERM] where !hasEnded {
      if step != 0 { kill(-id, step) }
      let deadline = ContinuousClock.now + patience
      while !hasEnded, ContinuousClock.now < deadline {
        try? await Task.sleep(for: .milliseconds(5))
      }
    }
    kill(-id, SIGKILL)
  }

  private var hasEnded: Bool {
    var info = siginfo_t()
    while waitid(P_PID, id_t(id), &info, WEXITED | WNOHANG | WNOWAIT) != 0 {
      guard errno == EINTR else { return true }
    }
    return info.si_signo == SIGCHLD
  }
}
