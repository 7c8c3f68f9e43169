/// The bytes of a file, a pipe or a terminal. Interrupted calls are repeated.
public final class FileByteSource: ByteSource {
  /// What errors call the source: the path, or the name given.
  public let name: String

  private let descriptor: Int32
  private let closesDescriptor: Bool

  /// Opens the file at `path`; it is closed when the source goes away.
  ///
  /// - Throws: `openFailed` with the system's reason, `isDirectory` for a directory.
  public init(path: String) throws(CSVError) {
    guard let descriptor = SystemCalls.openForReading(path) else {
      throw CSVError(.openFailed, "cannot open \(path): \(SystemCalls.lastErrorText)")
    }
    if SystemCalls.isDirectory(descriptor) {
      SystemCalls.closeDescriptor(descriptor)
      throw CSVError(.isDirectory, "cannot read \(path): it is a directory")
    }
    self.name = path
    self.descriptor = descriptor
    self.closesDescriptor = true
  }

  /// Reads from a descriptor that somebody else opened and will close, from where it stands.
  public init(descriptor: Int32, name: String) {
    self.name = name
    self.descriptor = descriptor
    self.closesDescriptor = false
  }

  /// The standard input of the process.
  public static func standardInput() -> FileByteSource {
    FileByteSource(descriptor: 0, name: "standard input")
  }

  deinit {
    if closesDescriptor { SystemCalls.closeDescriptor(descriptor) }
  }

  public func read(into buffer: UnsafeMutableRawBufferPointer) throws(CSVError) -> Int {
    if let count = SystemCalls.read(descriptor, buffer) { return count }
    let reason = SystemCalls.lastErrorText
    if SystemCalls.isDirectory(descriptor) {
      throw CSVError(.isDirectory, "cannot read \(name): it is a directory")
    }
    throw CSVError(.readFailed, "cannot read \(name): \(reason)")
  }

  /// Seeks in a regular file; reads and drops the bytes of a pipe.
  public func skip(_ count: Int) throws(CSVError) -> Int {
    if let remaining = SystemCalls.remainingBytes(descriptor) {
      let distance = min(count, remaining)
      if SystemCalls.advance(descriptor, by: distance) { return distance }
    }
    return try skipByReading(count)
  }
}
