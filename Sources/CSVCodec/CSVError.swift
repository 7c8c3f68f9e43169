/// What went wrong while reading, decoding or writing a sheet, and where.
///
/// `description` is one sentence fit for a user: the message followed by the place.
public struct CSVError: Error, Hashable, Sendable {
  /// The kind of failure, stable enough to switch on and to store.
  public enum Code: String, Hashable, Sendable, CaseIterable {
    /// Nothing to read: no bytes, only a byte order mark, or only blank lines.
    case emptyInput
    /// A quoted field is still open where the input ends.
    case unterminatedQuote
    /// One record is longer than `CSVReaderOptions.maximumRecordBytes`.
    case recordTooLong
    /// A record has not as many columns as the header. Never thrown by the reader itself.
    case columnCount
    /// The input is recognisably in another encoding than UTF-8 and none was named.
    case encodingNeeded
    /// The input is no text: a workbook, an archive, a database.
    case foreignFormat
    /// A byte that cannot stand in UTF-8 text.
    case invalidUTF8
    /// A lone surrogate, or half a code unit at the end, in UTF-16 text.
    case invalidUTF16
    /// The input does not have the line end that a resumed run remembers; it has changed.
    case positionMismatch
    /// The path names a directory.
    case isDirectory
    /// The operating system refused to open the path.
    case openFailed
    /// The operating system failed to read.
    case readFailed
    /// The operating system failed to write.
    case writeFailed
  }

  /// A place in the input. Parts that are not known are nil.
  public struct Location: Hashable, Sendable {
    /// The 1-based number of the data record; 0 is the header.
    public var record: Int?
    /// The 1-based physical line.
    public var line: Int?
    /// The 0-based offset in bytes, as in `CSVPosition.byteOffset`; for `invalidUTF16` it counts
    /// the bytes of the source itself.
    public var byteOffset: Int?

    /// A place of which all, some or no parts are known.
    public init(record: Int? = nil, line: Int? = nil, byteOffset: Int? = nil) {
      self.record = record
      self.line = line
      self.byteOffset = byteOffset
    }
  }

  /// The kind of failure.
  public var code: Code
  /// What happened and, where there is one, the way out; without the place.
  public var message: String
  /// Where it happened.
  public var location: Location

  /// An error with a place, if there is one.
  public init(_ code: Code, _ message: String, at location: Location = Location()) {
    self.code = code
    self.message = message
    self.location = location
  }
}

extension CSVError.Location: CustomStringConvertible {
  /// For example `row 12, line 14, byte 1024`; empty if nothing is known.
  public var description: String {
    var parts: [String] = []
    if let record { parts.append(record == 0 ? "header" : "row \(record)") }
    if let line { parts.append("line \(line)") }
    if let byteOffset { parts.append("byte \(byteOffset)") }
    return parts.joined(separator: ", ")
  }
}

extension CSVError: CustomStringConvertible {
  /// The message with the place in parentheses.
  public var description: String {
    let place = location.description
    return place.isEmpty ? message : "\(message) (\(place))"
  }
}
