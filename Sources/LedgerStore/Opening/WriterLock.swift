import WaterfallCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Who writes to a workspace, for the message that another writer gets.
public struct LockOwner: Sendable, Equatable {
  /// Follows “is in use by ”: `process 4242 (waterfall enrich leads.csv), since 2026-11-21 10:00`.
  public let text: String
  public init(_ text: String) { self.text = text }
}

/// An advisory lock on a file beside the workspace. It ends with the process that holds it, however
/// that ends; the file itself stays, since removing it would open a race.
final class WriterLock: Sendable {
  private let descriptor: Int32

  /// Throws `UserError` when another process, or another store of this one, holds the lock.
  convenience init(beside path: String, owner: LockOwner) throws {
    let file = path + ".lock"
    let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Self.unopenable(file, errno) }
    guard Self.take(descriptor) else {
      // Not ours: leave the owner's name where it is.
      let error =
        errno == EWOULDBLOCK
        ? Self.inUse(path, by: Self.content(descriptor)) : Self.unopenable(file, errno)
      close(descriptor)
      throw error
    }
    self.init(held: descriptor)
    write(owner.text)
  }

  private init(held descriptor: Int32) { self.descriptor = descriptor }

  deinit {
    ftruncate(descriptor, 0)
    Self.closeUnlocked(descriptor)
  }

  /// The lock goes at once, although a process that is just being started still has the descriptor.
  private static func closeUnlocked(_ descriptor: Int32) {
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  private func write(_ text: String) {
    ftruncate(descriptor, 0)
    var text = text
    // The lock holds without its label: a disk too full for it must not stop a reader's message.
    _ = text.withUTF8 { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
  }

  private static func content(_ descriptor: Int32) -> String {
    var buffer = [UInt8](repeating: 0, count: 1024)
    let count = buffer.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
    return String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self)
  }

  /// Whoever looks whether the lock is free has it for a moment: that is waited for.
  private static func take(_ descriptor: Int32) -> Bool {
    for attempt in 1...5 {
      if retrying({ flock(descriptor, LOCK_EX | LOCK_NB) }) == 0 { return true }
      guard errno == EWOULDBLOCK, attempt < 5 else { return false }
      usleep(10_000)
    }
    return false
  }

  /// Whether no process holds the lock. False where that cannot be told.
  static func isFree(beside path: String) -> Bool {
    let descriptor = open(path + ".lock", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return errno == ENOENT }
    defer { closeUnlocked(descriptor) }
    return retrying { flock(descriptor, LOCK_SH | LOCK_NB) } == 0
  }

  private static func retrying(_ call: () -> Int32) -> Int32 {
    while true {
      let result = call()
      if result == 0 || errno != EINTR { return result }
    }
  }

  private static func inUse(_ path: String, by owner: String) -> UserError {
    UserError(
      .input, "\(path) is in use by \(owner.isEmpty ? "another process" : owner)",
      remedy: "Wait until it ends, or stop it; commands that only read work meanwhile.")
  }

  private static func unopenable(_ file: String, _ code: Int32) -> UserError {
    UserError(
      .io, "the lock file \(file) cannot be opened (\(String(cString: strerror(code))))",
      remedy: "Check that its directory exists and that you may write to it.")
  }
}
