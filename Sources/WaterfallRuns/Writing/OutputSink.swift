public import WaterfallCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Where the enriched sheet goes. Used by one thread at a time.
public protocol OutputSink: AnyObject, Sendable {
  /// Bytes that an earlier process left there and that are still good; 0 for a stream.
  var size: Int64 { get throws(UserError) }
  /// Forgets everything after `size` bytes. A stream starts anew.
  func truncate(to size: Int64) throws(UserError)
  func write(_ bytes: UnsafeRawBufferPointer) throws(UserError)
  /// When it returns, what was written survives a power cut. Nothing for a stream.
  func synchronize() throws(UserError)
  /// The output is whole: gives it its name.
  func finish() throws(UserError)
}

/// A file that appears under its name only when it is whole: until then it is `NAME.part`.
public final class PartFile: OutputSink {
  public let path: String
  public var partPath: String { path + ".part" }
  private let descriptor: Int32

  /// Opens `path.part` for writing, keeping what an interrupted run left in it.
  ///
  /// Throws `UserError` where the directory is missing or cannot be written to.
  public init(path: String) throws(UserError) {
    self.path = path
    descriptor = open(path + ".part", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw Self.failure("cannot write the output", path + ".part", errno)
    }
  }

  deinit { close(descriptor) }

  public var size: Int64 {
    get throws(UserError) {
      var info = stat()
      guard fstat(descriptor, &info) == 0 else {
        throw Self.failure("cannot look at the output", partPath, errno)
      }
      return Int64(info.st_size)
    }
  }

  public func truncate(to size: Int64) throws(UserError) {
    guard ftruncate(descriptor, off_t(size)) == 0, lseek(descriptor, off_t(size), SEEK_SET) >= 0
    else { throw Self.failure("cannot write the output", partPath, errno) }
  }

  public func write(_ bytes: UnsafeRawBufferPointer) throws(UserError) {
    guard let code = writeAll(bytes, to: descriptor) else { return }
    throw Self.failure("cannot write the output", partPath, code)
  }

  public func synchronize() throws(UserError) {
    guard fsync(descriptor) == 0 else {
      throw Self.failure("cannot write the output", partPath, errno)
    }
  }

  public func finish() throws(UserError) {
    try synchronize()
    guard rename(partPath, path) == 0 else {
      throw Self.failure("cannot give the output its name", path, errno)
    }
    synchronizeDirectory()
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

  private static func failure(_ what: String, _ path: String, _ code: Int32) -> UserError {
    let remedy =
      switch code {
      case ENOSPC, EDQUOT: "The disk is full: make room, then resume the run."
      case ENOENT, ENOTDIR: "The directory does not exist: create it, or name another output."
      case EACCES, EPERM, EROFS: "You may not write there: name another output."
      default: "Mend it, or name another output."
      }
    return UserError(
      .io, "\(what): \(systemWords(code))", place: path, remedy: remedy)
  }
}

/// An open descriptor, such as standard output: written once, from the start.
public final class StreamOutput: OutputSink {
  private let descriptor: Int32
  private let name: String

  /// `descriptor` stays open; `name` is what errors call it.
  public init(descriptor: Int32, name: String) {
    self.descriptor = descriptor
    self.name = name
  }

  public var size: Int64 { 0 }
  public func truncate(to size: Int64) {}
  public func synchronize() {}
  public func finish() {}

  public func write(_ bytes: UnsafeRawBufferPointer) throws(UserError) {
    guard let code = writeAll(bytes, to: descriptor) else { return }
    guard code != EPIPE else { throw UserError.brokenPipe }
    throw UserError(.io, "cannot write: \(systemWords(code))", place: name)
  }
}

/// Nowhere: for runs that only measure.
public final class NoOutput: OutputSink {
  public init() {}
  public var size: Int64 { 0 }
  public func truncate(to size: Int64) {}
  public func write(_ bytes: UnsafeRawBufferPointer) {}
  public func synchronize() {}
  public func finish() {}
}

extension UserError {
  /// The reader of our output went away: a reason to stop, not to complain.
  public static let brokenPipe = UserError(.io, "the reader of the output went away")
}

/// Writes everything, through interruptions and short writes. Returns the error number, or nil.
private func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32? {
  var rest = bytes
  while !rest.isEmpty {
    let count = systemWrite(descriptor, rest)
    if count < 0 {
      if errno == EINTR { continue }
      return errno
    }
    rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
  }
  return nil
}

/// The system call, named apart from the protocol's `write`.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  write(descriptor, bytes.baseAddress, bytes.count)
}
