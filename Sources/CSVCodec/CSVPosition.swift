/// A place between two records, where a reader can stop and another can go on.
public struct CSVPosition: Hashable, Sendable, Codable {
  /// The 1-based number of the data record that starts here or, after blank lines, next.
  public var recordNumber: Int
  /// The 1-based physical line that starts here. Line ends inside quotes count.
  public var line: Int
  /// The 0-based offset in bytes from the start of the input, byte order mark included.
  ///
  /// For UTF-8 this is the offset in the source. For another encoding it is the offset in the
  /// UTF-8 text that the reader makes of it; `CSVReader.resume(at:)` knows the difference.
  public var byteOffset: Int

  /// A place, as a run remembers it.
  public init(recordNumber: Int, line: Int, byteOffset: Int) {
    self.recordNumber = recordNumber
    self.line = line
    self.byteOffset = byteOffset
  }

  /// The place as errors tell it.
  public var location: CSVError.Location {
    CSVError.Location(record: recordNumber, line: line, byteOffset: byteOffset)
  }
}
