/// What a sample looks like, read with one delimiter and one line ending.
struct DialectTrial {
  let delimiter: CSVDelimiter
  let lineEnding: CSVLineEnding
  private(set) var lineEnds = 0
  /// Line feeds that are neither a line end nor inside quotes.
  private(set) var lineFeeds = 0
  private(set) var endsInsideQuotes = false

  private var headerFields = 0
  private var records = 0
  private var recordsLikeHeader = 0

  private var recordStart = 0
  private var fieldStart = 0
  private var fields = 1
  private var quoteClosed = -1

  private static let recordLimit = 500

  init(
    _ sample: UnsafeBufferPointer<UInt8>, isWhole: Bool,
    _ delimiter: CSVDelimiter, _ lineEnding: CSVLineEnding
  ) {
    self.delimiter = delimiter
    self.lineEnding = lineEnding
    for (index, byte) in sample.enumerated() {
      if byte == CSVByte.quote {
        readQuote(at: index)
      } else if !endsInsideQuotes {
        readPlain(byte, at: index, in: sample)
        if records == Self.recordLimit { return }
      }
    }
    let isComplete = isWhole && !endsInsideQuotes
    if recordStart < sample.count, isComplete || headerFields == 0 { countRecord() }
  }

  /// How much the sample looks like a sheet of this dialect: 0 with one column only, else the
  /// share of regular records, squared so that regularity counts for more than width.
  var score: Double {
    guard headerFields > 1 else { return 0 }
    let regular = records == 0 ? 1 : Double(recordsLikeHeader) / Double(records)
    return regular * regular * (1 - 1 / Double(headerFields))
  }

  private mutating func readQuote(at index: Int) {
    if endsInsideQuotes {
      endsInsideQuotes = false
      quoteClosed = index
    } else if index == fieldStart || index == quoteClosed + 1 {
      endsInsideQuotes = true
    }
  }

  private mutating func readPlain(
    _ byte: UInt8, at index: Int, in sample: UnsafeBufferPointer<UInt8>
  ) {
    if byte == lineEnding.terminator {
      lineEnds += 1
      let length = index - recordStart
      let isBlank = length == 0 || length == 1 && sample[recordStart] == CSVByte.carriageReturn
      if !isBlank { countRecord() }
      fields = 1
      recordStart = index + 1
      fieldStart = index + 1
    } else if byte == delimiter.rawValue {
      fields += 1
      fieldStart = index + 1
    } else if byte == CSVByte.lineFeed {
      lineFeeds += 1
    }
  }

  private mutating func countRecord() {
    if headerFields == 0 {
      headerFields = fields
    } else {
      records += 1
      if fields == headerFields { recordsLikeHeader += 1 }
    }
  }
}
