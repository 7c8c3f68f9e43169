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

/// An open descriptor, a named pipe or a device: written once, from the start.
public final class StreamOutput: OutputSink {
  private let descriptor: Int32
  private let name: String
  private let isOurs: Bool

  /// `descriptor` stays open; `name` is what errors call it.
  public init(descriptor: Int32, name: String) {
    self.descriptor = descriptor
    self.name = name
    isOurs = false
  }

  /// Opens what is there; a named pipe waits for its reader. Throws `UserError`.
  public init(path: String) throws(UserError) {
    name = path
    isOurs = true
    descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else {
      throw UserError(output: "cannot write the output", path, errno)
    }
  }

  deinit {
    if isOurs, descriptor >= 0 { close(descriptor) }
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

  /// What the system refused to do with an output, with the remedy.
  init(output what: String, _ path: String, _ code: Int32) {
    let remedy =
      switch code {
      case ENOSPC, EDQUOT: "The disk is full: make room, then resume the run."
      case ENOENT, ENOTDIR: "The directory does not exist: create it, or name another output."
      case EACCES, EPERM, EROFS: "You may not write there: name another output."
      default: "Mend it, or name another output."
      }
    self.init(.io, "\(what): \(systemWords(code))", place: path, remedy: remedy)
  }
}

/// Writes everything, through interruptions and short writes. Returns the error number, or nil.
func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32? {
  var rest = bytes
  while !rest.isEmpty {
    let count = write(descriptor, rest.baseAddress, rest.count)
    if count < 0 {
      if errno == EINTR { continue }
      return errno
    }
    rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
  }
  return nil
}
