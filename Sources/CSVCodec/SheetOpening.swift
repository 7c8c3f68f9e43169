/// What happens once at the beginning of a sheet: encoding, dialect, header.
struct SheetOpening {
  private(set) var feed: RecordFeed
  private let encoding: CSVEncoding
  private let survey: DialectSurvey
  private let hasMark: Bool
  /// Bytes before the sheet itself: a byte order mark, and a line that names the delimiter.
  private let preludeLength: Int

  init(_ source: any ByteSource, _ options: CSVReaderOptions) throws(CSVError) {
    let sampleBytes = DialectSurvey.sampleBytes
    var window = InputWindow(source, capacity: max(sampleBytes, options.batchBytes))
    window.fillCompletely(to: sampleBytes)
    if let words = ForeignFormat.words(window.buffer) { throw .foreignFormat(words) }
    encoding = try EncodingSurvey.settle(options.encoding, window.buffer)
    if encoding != .utf8 {
      window.transcode(from: encoding)
      window.fillCompletely(to: sampleBytes)
    }
    if window.count == 0 { throw window.failure ?? .emptyInput }

    hasMark = window.buffer.starts(with: CSVByte.byteOrderMark)
    let markLength = hasMark ? CSVByte.byteOrderMark.count : 0
    let separator = SeparatorLine(
      UnsafeBufferPointer(rebasing: window.buffer.dropFirst(markLength)))
    preludeLength = markLength + (separator?.length ?? 0)
    let sample = UnsafeBufferPointer(rebasing: window.buffer.dropFirst(preludeLength))
    survey = DialectSurvey(
      sample, isWhole: window.isAtEnd,
      delimiter: options.delimiter ?? separator?.delimiter, lineEnding: options.lineEnding)
    let validates = options.validatesUTF8 && encoding == .utf8
    let scanner = RecordScanner(
      delimiter: survey.delimiter, lineEnding: survey.lineEnding, validates: validates)
    feed = RecordFeed(
      window, scanner: scanner,
      limits: RecordFeed.Limits(
        batchBytes: min(options.batchBytes, options.maximumRecordBytes),
        maximumRecordBytes: options.maximumRecordBytes),
      terminator: survey.lineEnding.terminator,
      position: CSVPosition(recordNumber: 0, line: separator == nil ? 1 : 2, byteOffset: 0))
    try check(sample)
  }

  /// Refuses what is not UTF-8, and says so where it is no text in any encoding.
  private func check(_ sample: UnsafeBufferPointer<UInt8>) throws(CSVError) {
    do {
      try feed.check(skipping: preludeLength)
    } catch {
      guard error.code == .invalidUTF8, sample.contains(0) else { throw error }
      // UTF-16 that was called UTF-8 has them too, and says so here.
      _ = try EncodingSurvey.settle(nil, sample)
      throw .foreignFormat("no text: it has NUL bytes, and bytes that are not UTF-8")
    }
  }

  /// Takes the header, with all that is before it.
  mutating func readHeader() throws(CSVError) -> CSVBatch {
    let batch = CSVBatch()
    _ = try feed.next(into: batch, maxRecords: 1, skipping: preludeLength, needsRecord: true)
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
      delimiter: survey.delimiter, encoding: encoding, hasByteOrderMark: hasMark,
      lineEnding: lineEnding)
  }
}
