public import WaterfallCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file that appears under its name only when it is whole: until then it is `NAME.part`, which
/// one process at a time can write.
public final class PartFile: OutputSink {
  public let path: String
  public var partPath: String { path + ".part" }
  private let descriptor: Int32

  /// Opens `path.part` for writing, keeping what an interrupted run left in it.
  ///
  /// Throws `UserError` where the directory is missing or cannot be written to, and where another
  /// process, or another `PartFile` of this one, is writing to it.
  public init(path: String) throws(UserError) {
    self.path = path
    descriptor = try Self.openAlone(path)
  }

  deinit { Self.closeUnlocked(descriptor) }

  public var size: Int64 {
    get throws(UserError) {
      var info = stat()
      guard fstat(descriptor, &info) == 0 else {
        throw UserError(output: "cannot look at the output", partPath, errno)
      }
      return Int64(info.st_size)
    }
  }

  public func truncate(to size: Int64) throws(UserError) {
    guard ftruncate(descriptor, off_t(size)) == 0, lseek(descriptor, off_t(size), SEEK_SET) >= 0
    else { throw UserError(output: "cannot write the output", partPath, errno) }
  }

  public func write(_ bytes: UnsafeRawBufferPointer) throws(UserError) {
    guard let code = writeAll(bytes, to: descriptor) else { return }
    throw UserError(output: "cannot write the output", partPath, code)
  }

  public func synchronize() throws(UserError) {
    guard fsync(descriptor) == 0 else {
      throw UserError(output: "cannot write the output", partPath, errno)
    }
  }

  public func finish() throws(UserError) {
    try synchronize()
    // Renaming what somebody else has put there would pass it off as ours.
    guard Self.names(partPath, descriptor) else {
      throw UserError(
        .io, "the half-written output was moved or removed while it was written", place: partPath)
    }
    guard rename(partPath, path) == 0 else {
      throw UserError(output: "cannot give the output its name", path, errno)
    }
    synchronizeDirectory()
  }

  /// Takes the name from an output again whose run was killed right after it had got it: the run
  /// goes on, and ends, in the half-written file, as if it had been killed before.
  ///
  /// Throws `UserError` where the file cannot be renamed.
  public static func takeBack(_ path: String) throws(UserError) {
    guard rename(path, path + ".part") == 0 else {
      throw UserError(output: "cannot go on with the output", path, errno)
    }
  }

  /// Makes the new name survive a power cut. Where directories cannot be synced, the file system
  /// has its own ways.
  private func synchronizeDirectory() {
    let end = path.lastIndex(of: "/")
    let directory = open(end.map { String(path[...$0]) } ?? ".", O_RDONLY | O_CLOEXEC)
    guard directory >= 0 else { return }
    fsync(directory)
    close(directory)
  }

  // MARK: One at a time

  /// Opens and locks `path.part`. The lock ends with the process, however that ends.
  private static func openAlone(_ path: String) throws(UserError) -> Int32 {
    let part = path + ".part"
    while true {
      let descriptor = open(part, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
      guard descriptor >= 0 else {
        throw UserError(output: "cannot write the output", part, errno)
      }
      let code = patientLock(descriptor)
      // Whoever had the lock before may have given the file its name meanwhile.
      if code == nil, names(part, descriptor) { return descriptor }
      close(descriptor)
      guard let code else { continue }
      guard code == EWOULDBLOCK else {
        throw UserError(output: "cannot lock the output", part, code)
      }
      throw busy(path)
    }
  }

  /// Throws `UserError` while a process is writing `path.part`. It may start right afterwards.
  public static func refuseBusy(_ path: String) throws(UserError) {
    let descriptor = open(path + ".part", O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { return }
    defer { closeUnlocked(descriptor) }
    if lock(descriptor, LOCK_SH) == EWOULDBLOCK { throw busy(path) }
  }

  private static func busy(_ path: String) -> UserError {
    UserError(
      .input, "another process is writing it now", place: path,
      remedy: "Wait until it ends, or name another output.")
  }

  /// Whoever looks whether the file is busy has a lock on it for a moment: that is waited for.
  private static func patientLock(_ descriptor: Int32) -> Int32? {
    for _ in 1..<5 {
      guard let code = lock(descriptor) else { return nil }
      guard code == EWOULDBLOCK else { return code }
      usleep(10_000)
    }
    return lock(descriptor)
  }

  /// The lock goes at once, although a process that is just being started still has the descriptor.
  private static func closeUnlocked(_ descriptor: Int32) {
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  /// The error number, or nil. A file system that knows no locks has to do without.
  private static func lock(_ descriptor: Int32, _ kind: Int32 = LOCK_EX) -> Int32? {
    while flock(descriptor, kind | LOCK_NB) != 0 {
      switch errno {
      case EINTR: continue
      case EOPNOTSUPP, ENOSYS, ENOLCK: return nil
      case let code: return code
      }
    }
    return nil
  }

  /// Whether the path still leads to the open file.
  private static func names(_ path: String, _ descriptor: Int32) -> Bool {
    var (named, opened) = (stat(), stat())
    return lstat(path, &named) == 0 && fstat(descriptor, &opened) == 0
      && named.st_ino == opened.st_ino && named.st_dev == opened.st_dev
  }
}
