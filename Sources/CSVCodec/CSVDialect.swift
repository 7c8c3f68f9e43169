/// The byte between two fields.
public enum CSVDelimiter: UInt8, Hashable, Sendable, CaseIterable, Codable {
  case comma = 0x2C
  case semicolon = 0x3B
  case tab = 0x09
  case pipe = 0x7C

  /// The delimiter called `name`: the character itself, its English name, or `\t`.
  public init?(name: String) {
    switch name.lowercased() {
    case ",", "comma": self = .comma
    case ";", "semicolon": self = .semicolon
    case "\t", "\\t", "tab": self = .tab
    case "|", "pipe": self = .pipe
    default: return nil
    }
  }
}

/// The bytes at the end of a line.
public enum CSVLineEnding: String, Hashable, Sendable, CaseIterable, Codable {
  case lf
  case crlf
  /// A lone carriage return, as classic Mac OS wrote it. Only in sheets without any line feed
  /// outside quotes; everywhere else a lone carriage return is data.
  case cr

  /// The bytes themselves.
  public var bytes: [UInt8] {
    switch self {
    case .lf: [CSVByte.lineFeed]
    case .crlf: [CSVByte.carriageReturn, CSVByte.lineFeed]
    case .cr: [CSVByte.carriageReturn]
    }
  }

  /// The byte that ends a line; before a line feed, a carriage return belongs to the line end.
  var terminator: UInt8 { self == .cr ? CSVByte.carriageReturn : CSVByte.lineFeed }
}

/// How a sheet is written, so that what is added to it can be written alike.
public struct CSVDialect: Hashable, Sendable, Codable {
  /// The byte between two fields.
  public var delimiter: CSVDelimiter
  /// The encoding of the source. What the reader hands out is UTF-8 always.
  public var encoding: CSVEncoding
  /// Whether the source begins with a byte order mark. `CSVOutput` writes it (as UTF-8) again.
  public var hasByteOrderMark: Bool
  /// The end of the header line; `lf` if the header has none. Records keep their own ends.
  public var lineEnding: CSVLineEnding

  /// A dialect; by default what RFC 4180 calls CSV, with line feeds.
  public init(
    delimiter: CSVDelimiter = .comma, encoding: CSVEncoding = .utf8,
    hasByteOrderMark: Bool = false, lineEnding: CSVLineEnding = .lf
  ) {
    self.delimiter = delimiter
    self.encoding = encoding
    self.hasByteOrderMark = hasByteOrderMark
    self.lineEnding = lineEnding
  }
}
