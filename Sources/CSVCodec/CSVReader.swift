/// Reads a sheet in batches, in memory bounded by the batch and the longest record, and keeps
/// every byte of it.
///
/// A sheet is a header and then data records. Fields are separated by the delimiter; a record ends
/// at LF, CR LF or the end of the input, where the line end may be missing. Line ends may be mixed.
/// A lone CR is data, unless no line of the first 64 KiB ends with LF: then the sheet is read as
/// one with CR line ends. A line without a single byte is no record, in a sheet of one column
/// either: it is passed through as it is.
///
/// A field that begins with a quote is quoted up to the next single quote; delimiters, line ends
/// and doubled quotes in between are content. Bytes between the closing quote and the delimiter
/// are kept and belong to the field; another quote among them is plain data, as it is in the
/// middle of an unquoted field. A space before a quote makes the field unquoted.
///
/// A first line `sep=;`, which names the delimiter for Excel, is passed through like blank lines
/// before the header.
///
/// Any other byte, NUL included, is data. Values that a spreadsheet might take for formulas are
/// data too. Ragged records are reported as they are: compare `CSVBatch.fieldCount` to the header.
///
/// What the reader hands out is UTF-8. A source in another encoding is transcoded on the fly if
/// the options name it, and else refused with an error that says what to name.
///
/// A reader is for one task at a time.
public final class CSVReader {
  /// How the sheet is written.
  public let dialect: CSVDialect
  /// The header's fields as text. Names may be empty and may occur twice.
  public let header: [String]

  let headerBatch: CSVBatch
  private var feed: RecordFeed

  /// Reads the header of a sheet, and finds out what `options` leaves open.
  ///
  /// Up to 64 KiB are read before anything is decided, or all there is if that is less.
  ///
  /// - Throws: `foreignFormat` for a workbook, an archive or other bytes that are no text,
  ///   `emptyInput`, `encodingNeeded`, `invalidUTF8` if any of the first 64 KiB is not
  ///   UTF-8, what the header itself is guilty of, or what the source throws.
  public init(
    _ source: any ByteSource, options: CSVReaderOptions = CSVReaderOptions()
  ) throws(CSVError) {
    var opening = try SheetOpening(source, options)
    headerBatch = try opening.readHeader()
    header = headerBatch.strings(0)
    dialect = opening.dialect(header: headerBatch)
    feed = opening.feed
  }

  /// The bytes of the header record, without byte order mark and line end.
  ///
  /// The buffer is good as long as the reader lives.
  public var headerBytes: UnsafeBufferPointer<UInt8> { headerBatch.recordBytes(0) }

  /// All bytes before the first data record: byte order mark, a line `sep=;`, blank lines, header
  /// and line end.
  ///
  /// The buffer is good as long as the reader lives.
  public var preambleBytes: UnsafeBufferPointer<UInt8> { headerBatch.allBytes }

  /// Where the next batch begins.
  public var position: CSVPosition { feed.position }

  /// Fills `batch` with the next records, at least one unless only blank lines are left, and
  /// returns true; or returns false at the end of the input, with an empty batch.
  ///
  /// A batch ends after `maxRecords` records, at the last complete line of about
  /// `CSVReaderOptions.batchBytes` of input, or at the end of the input. Where it ends depends on
  /// the sheet and the options only, not on the pieces in which the source delivers.
  ///
  /// All records before an error are delivered first. After an error, reading again throws again.
  ///
  /// - Throws: `unterminatedQuote`, `recordTooLong`, `invalidUTF8`, `invalidUTF16`, or what the
  ///   source throws.
  /// - Complexity: Linear in the bytes of the batch; each byte is scanned once and copied twice
  ///   at most, one of these times by the system.
  public func read(
    into batch: CSVBatch, maxRecords: Int = .max
  ) throws(CSVError) -> Bool {
    precondition(maxRecords > 0, "a batch of no records would never come to an end")
    return try feed.next(into: batch, maxRecords: maxRecords)
  }

  /// Goes on at a position that `CSVBatch.positionAfter` or `position` told in an earlier run.
  ///
  /// The source must stand at its beginning when the reader is made, so that the header is known
  /// again; from there a regular file is seeked, a pipe is read and dropped, and text in another
  /// encoding is transcoded and dropped. Options with the dialect of the earlier run spare
  /// detecting it again.
  ///
  /// - Throws: `positionMismatch` if the position is before the reader's or beyond the end of the
  ///   input, or if no line begins there: then the input is not what it was. Or what the source
  ///   throws.
  public func resume(at position: CSVPosition) throws(CSVError) {
    try feed.skip(to: position)
  }
}
