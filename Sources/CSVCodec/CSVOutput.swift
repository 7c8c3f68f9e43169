/// Bytes of a sheet on their way out: raw pieces of another sheet, fields and records.
///
/// Bytes that were read are written as they are. New values are quoted only where they need it,
/// and otherwise left alone: a value that begins with `=`, `+`, `-` or `@`, which a spreadsheet
/// may take for a formula, is written as it is. Guard against that, if need be, before.
///
/// The buffer grows with what is appended; write it out and empty it now and then.
public struct CSVOutput: Sendable {
  /// What has been appended since the buffer was emptied.
  public private(set) var bytes: [UInt8] = []

  /// What separates fields and ends new records.
  public let dialect: CSVDialect

  /// An empty output. Records of another sheet should go to an output with the dialect of that
  /// sheet: their line ends are kept, their delimiters too.
  public init(dialect: CSVDialect) {
    self.dialect = dialect
  }

  /// How many bytes there are.
  public var count: Int { bytes.count }

  /// Empties the buffer and keeps its memory.
  public mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
  }

  /// Makes room for `count` more bytes.
  public mutating func reserve(_ count: Int) {
    bytes.reserveCapacity(bytes.count + count)
  }

  /// Appends bytes as they are.
  public mutating func append(raw: UnsafeBufferPointer<UInt8>) {
    bytes.append(contentsOf: raw)
  }

  /// Appends bytes as they are.
  public mutating func append(raw: [UInt8]) {
    bytes.append(contentsOf: raw)
  }

  /// Appends one byte as it is.
  public mutating func append(raw byte: UInt8) {
    bytes.append(byte)
  }

  /// Appends the delimiter.
  public mutating func appendDelimiter() {
    bytes.append(dialect.delimiter.rawValue)
  }

  /// Appends the line end of the dialect.
  public mutating func appendLineEnd() {
    bytes.append(contentsOf: dialect.lineEnding.bytes)
  }

  /// Writes the buffer to a file descriptor and empties it. Interrupted calls are repeated.
  ///
  /// - Parameter name: What an error calls the target.
  /// - Throws: `writeFailed` with the system's reason; the bytes not written stay in the buffer.
  public mutating func flush(toDescriptor descriptor: Int32, name: String) throws(CSVError) {
    var written = 0
    do throws(CSVError) {
      try bytes.withUnsafeBufferPointer { buffer throws(CSVError) in
        try Self.write(buffer, toDescriptor: descriptor, name: name, written: &written)
      }
    } catch {
      bytes.removeFirst(written)
      throw error
    }
    removeAll()
  }

  /// Writes bytes to a file descriptor without a detour through a buffer.
  ///
  /// - Parameter name: What an error calls the target.
  /// - Throws: `writeFailed` with the system's reason; some of the bytes may be written then.
  public static func write(
    _ buffer: UnsafeBufferPointer<UInt8>, toDescriptor descriptor: Int32, name: String
  ) throws(CSVError) {
    var written = 0
    try write(buffer, toDescriptor: descriptor, name: name, written: &written)
  }

  private static func write(
    _ buffer: UnsafeBufferPointer<UInt8>, toDescriptor descriptor: Int32, name: String,
    written: inout Int
  ) throws(CSVError) {
    while written < buffer.count {
      let rest = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[written...])
      guard let count = SystemCalls.write(descriptor, rest) else {
        throw CSVError(.writeFailed, "cannot write \(name): \(SystemCalls.lastErrorText)")
      }
      written += count
    }
  }
}
