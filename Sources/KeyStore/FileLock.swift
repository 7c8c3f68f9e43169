import Foundation
import WaterfallCore

/// An advisory lock on a file beside another one. It ends with the process that holds it; the lock
/// file itself stays, since removing it would open a race.
struct FileLock {
  private let descriptor: Int32

  /// Waits for others, for a while. Throws `UserError` when they do not come to an end.
  init(beside path: String, patience: Duration) throws(UserError) {
    let file = path + ".lock"
    descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw PrivateFile.failure("the lock file cannot be opened", file) }
    let deadline = ContinuousClock.now + patience
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR else {
        let error = PrivateFile.failure("the lock file cannot be locked", file)
        close(descriptor)
        throw error
      }
      guard ContinuousClock.now < deadline else {
        close(descriptor)
        throw UserError(
          .io, "another process is changing the key file and does not end", place: path,
          remedy: "Find it with “fuser \(file)”, end it, and try again.")
      }
      usleep(5_000)
    }
  }

  /// The lock goes at once, although a process that is just being started still has the descriptor.
  func end() {
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}
