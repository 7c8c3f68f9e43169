/// What happens once at the beginning of a sheet: encoding, dialect, header.
struct SheetOpening {
  private(set) var feed: RecordFeed
  private let encoding: CSVEncoding
  private let survey: DialectSurvey
  private let markLength: Int

  init(_ source: any ByteSource, _ options: CSVReaderOptions) throws(CSVError) {
    let sampleBytes = DialectSurvey.sampleBytes
    var window = InputWindow(source, capacity: max(sampleBytes, options.batchBytes))
    window.fillCompletely(to: sampleBytes)
    encoding = try EncodingSurvey.settle(options.encoding, window.buffer)
    if encoding != .utf8 {
      window.transcode(from: encoding)
      window.fillCompletely(to: sampleBytes)
    }
    if window.count == 0 { throw window.failure ?? .emptyInput }

    let hasMark = window.buffer.starts(with: CSVByte.byteOrderMark)
    markLength = hasMark ? CSVByte.byteOrderMark.count : 0
    let sample = UnsafeBufferPointer(rebasing: window.buffer.dropFirst(markLength))
    survey = DialectSurvey(
      sample, isWhole: window.isAtEnd,
      delimiter: options.delimiter, lineEnding: options.lineEnding)
    let validates = options.validatesUTF8 && encoding == .utf8
    let scanner = RecordScanner(
      delimiter: survey.delimiter, lineEnding: survey.lineEnding, validates: validates)
    feed = RecordFeed(
      window, scanner: scanner,
      limits: RecordFeed.Limits(
        batchBytes: min(options.batchBytes, options.maximumRecordBytes),
        maximumRecordBytes: options.maximumRecordBytes),
      terminator: survey.lineEnding.terminator,
      position: CSVPosition(recordNumber: 0, line: 1, byteOffset: 0))
    try feed.check(skipping: markLength)
  }

  /// Takes the header, with all that is before it.
  mutating func readHeader() throws(CSVError) -> CSVBatch {
    let batch = CSVBatch()
    _ = try feed.next(into: batch, maxRecords: 1, skipping: markLength, needsRecord: true)
    if batch.isEmpty { throw .emptyInput }
    return batch
  }

  func dialect(header: CSVBatch) -> CSVDialect {
    let lineEnding: CSVLineEnding =
      switch header.terminatorBytes(0).count {
      case 2: .crlf
      default: survey.lineEnding
      }
    return CSVDialect(
      delimiter: survey.delimiter, encoding: encoding, hasByteOrderMark: markLength > 0,
      lineEnding: lineEnding)
  }
}
