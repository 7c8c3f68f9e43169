/// Finds records and fields in a growing stretch of bytes, each byte once, and can stop and go on
/// after any byte. Offsets count from the first byte of the stretch.
struct RecordScanner {
  enum Verdict {
    /// All bytes are read; more may follow.
    case exhausted
    /// There are as many records as were asked for.
    case full
    /// A sequence that is not UTF-8 begins here, in the record at `recordStart`.
    case invalidUTF8(Int)
  }

  private let finder: BlockFinder
  private let endsWithLineFeed: Bool
  private let validates: Bool

  /// The start of the line that is not complete yet.
  private(set) var recordStart = 0
  /// Line ends before `recordStart`.
  private(set) var recordLine = 0
  /// Line ends among the bytes read, those inside quotes included.
  private(set) var line = 0
  private(set) var quotes = QuoteState()
  private(set) var utf8 = UTF8Validator()
  private var scanned = 0
  /// The index of the first field of the record at `recordStart`.
  private var firstField = 0

  init(delimiter: CSVDelimiter, lineEnding: CSVLineEnding, validates: Bool) {
    finder = BlockFinder(delimiter: delimiter.rawValue, terminator: lineEnding.terminator)
    endsWithLineFeed = lineEnding != .cr
    self.validates = validates
  }

  /// Begins a new stretch, whose first `skipping` bytes are no part of any record.
  mutating func restart(skipping: Int = 0) {
    recordStart = skipping
    recordLine = 0
    line = 0
    quotes = QuoteState()
    utf8 = UTF8Validator()
    scanned = skipping
    firstField = 0
  }

  /// Reads on to byte `count` and adds the records that end there to `index`.
  ///
  /// A record is added once its line end is found, never before.
  mutating func scan(
    _ bytes: UnsafePointer<UInt8>, count: Int, into index: inout RecordIndex, maxRecords: Int
  ) -> Verdict {
    // Copies, so that the compiler can keep them in registers.
    var scanner = self
    var target = index
    let verdict = scanner.run(bytes, count: count, into: &target, maxRecords: maxRecords)
    target.seal(firstField: scanner.firstField)
    self = scanner
    index = target
    return verdict
  }

  /// Adds the last record, which ends with the input and not with a line end, if there is one.
  mutating func finish(count: Int, into index: inout RecordIndex) {
    guard recordStart < count else { return }
    index.reserveBlock()
    addField(end: count, to: &index)
    addRecord(end: count, to: &index)
    index.seal(firstField: firstField)
    recordLine = line
  }

  /// The first byte of the field that is not complete yet.
  func openFieldStart(in index: RecordIndex) -> Int {
    guard index.fieldCount > firstField else { return recordStart }
    return Int(index.fieldEnds[index.fieldCount - 1]) + 1
  }

  @inline(__always)
  private mutating func run(
    _ bytes: UnsafePointer<UInt8>, count: Int, into index: inout RecordIndex, maxRecords: Int
  ) -> Verdict {
    while scanned < count {
      var size = min(count &- scanned, BlockFinder.size)
      var masks =
        size == BlockFinder.size
        ? finder.masks(bytes + scanned) : finder.masks(bytes + scanned, count: size)
      var invalid: Int?
      if masks.hasHighBytes || utf8.isInsideSequence, validates {
        invalid = utf8.firstInvalid(in: bytes, from: scanned, to: scanned &+ size)
        if let invalid {
          // The sequence may have begun in an earlier block; then nothing here counts.
          size = max(0, invalid - scanned)
          masks.keepFirst(size)
        }
      }
      index.reserveBlock()
      if size > 0, !take(masks, size: size, bytes, into: &index, maxRecords: maxRecords) {
        return .full
      }
      scanned &+= size
      if let invalid { return .invalidUTF8(invalid) }
    }
    return .exhausted
  }

  /// Adds the fields and records that end in one block; false if there are enough records.
  @inline(__always)
  private mutating func take(
    _ masks: BlockMasks, size: Int, _ bytes: UnsafePointer<UInt8>,
    into index: inout RecordIndex, maxRecords: Int
  ) -> Bool {
    let inside = quotes.advance(over: masks, count: size)
    var quotedTerminators = masks.terminators & inside
    var separators = masks.separators & ~inside
    var terminators = masks.terminators & ~inside
    while terminators != 0 {
      let bit = terminators & (0 &- terminators)
      terminators &= terminators &- 1
      addFields(separators & (bit &- 1), to: &index)
      separators &= ~(bit | (bit &- 1))
      if quotedTerminators != 0 {
        line &+= (quotedTerminators & (bit &- 1)).nonzeroBitCount
        quotedTerminators &= 0 &- bit
      }
      endLine(at: scanned &+ bit.trailingZeroBitCount, bytes, into: &index)
      if index.count == maxRecords { return false }
    }
    addFields(separators, to: &index)
    if quotedTerminators != 0 { line &+= quotedTerminators.nonzeroBitCount }
    return true
  }

  @inline(__always)
  private mutating func endLine(
    at terminator: Int, _ bytes: UnsafePointer<UInt8>, into index: inout RecordIndex
  ) {
    var end = terminator
    if endsWithLineFeed, end > recordStart, bytes[end &- 1] == CSVByte.carriageReturn { end &-= 1 }
    line &+= 1
    if end > recordStart {
      addField(end: end, to: &index)
      addRecord(end: terminator &+ 1, to: &index)
    }
    recordStart = terminator &+ 1
    recordLine = line
  }

  @inline(__always)
  private func addFields(_ bits: UInt64, to index: inout RecordIndex) {
    var rest = bits
    while rest != 0 {
      addField(end: scanned &+ rest.trailingZeroBitCount, to: &index)
      rest &= rest &- 1
    }
  }

  @inline(__always)
  private func addField(end: Int, to index: inout RecordIndex) {
    (index.fieldEnds + index.fieldCount).initialize(to: UInt32(truncatingIfNeeded: end))
    index.fieldCount &+= 1
  }

  @inline(__always)
  private mutating func addRecord(end: Int, to index: inout RecordIndex) {
    let row = RecordRow(
      start: UInt32(truncatingIfNeeded: recordStart), end: UInt32(truncatingIfNeeded: end),
      firstField: UInt32(truncatingIfNeeded: firstField),
      line: UInt32(truncatingIfNeeded: recordLine))
    (index.rows + index.count).initialize(to: row)
    index.count &+= 1
    firstField = index.fieldCount
    recordStart = end
  }
}
