/// What a reader is told, rather than left to find out, and its limits.
public struct CSVReaderOptions: Hashable, Sendable {
  /// The delimiter; nil has it detected from the first 64 KiB.
  public var delimiter: CSVDelimiter?
  /// The encoding of the source; nil means UTF-8, with a clear error if it recognisably is not.
  public var encoding: CSVEncoding?
  /// The line ending; nil has it detected. Only `cr` changes how the sheet is read.
  public var lineEnding: CSVLineEnding?
  /// Whether bytes that are not UTF-8 are an error. If not, `string` replaces them with U+FFFD.
  public var validatesUTF8: Bool
  /// How much input one batch takes, in bytes; a longer record gets a batch of its own.
  public var batchBytes: Int
  /// The longest record that is read, in bytes with its line end, so that a quote which is never
  /// closed does not take all memory. Blank lines before the header count as part of it. Besides,
  /// each field of a record takes four bytes. At most 1 GiB.
  public var maximumRecordBytes: Int

  /// Options; by default all is detected, text is validated, batches take 256 KiB and records
  /// may be 256 MiB long.
  public init(
    delimiter: CSVDelimiter? = nil, encoding: CSVEncoding? = nil,
    lineEnding: CSVLineEnding? = nil, validatesUTF8: Bool = true,
    batchBytes: Int = 256 << 10, maximumRecordBytes: Int = 256 << 20
  ) {
    self.delimiter = delimiter
    self.encoding = encoding
    self.lineEnding = lineEnding
    self.validatesUTF8 = validatesUTF8
    self.batchBytes = max(1, batchBytes)
    // Offsets inside a batch are 32 bits wide.
    self.maximumRecordBytes = min(max(1, maximumRecordBytes), 1 << 30)
  }

  /// Options that detect nothing, for a sheet whose dialect is known already.
  public init(dialect: CSVDialect) {
    self.init(
      delimiter: dialect.delimiter, encoding: dialect.encoding, lineEnding: dialect.lineEnding)
  }
}
