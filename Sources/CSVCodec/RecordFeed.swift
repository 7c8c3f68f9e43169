/// Takes batches of records from the front of an input, one after the other.
struct RecordFeed {
  private var window: InputWindow
  private var scanner: RecordScanner
  private let limits: Limits
  private let terminator: UInt8
  /// Where the first byte of the window stands.
  private(set) var position: CSVPosition

  struct Limits {
    let batchBytes: Int
    let maximumRecordBytes: Int
  }

  init(
    _ window: InputWindow, scanner: RecordScanner, limits: Limits, terminator: UInt8,
    position: CSVPosition
  ) {
    self.window = window
    self.scanner = scanner
    self.limits = limits
    self.terminator = terminator
    self.position = position
  }

  /// Fills `batch` with the next complete lines; false at the end of the input.
  ///
  /// What a batch takes does not depend on the pieces in which the source hands out its bytes. An
  /// error is thrown only once all lines before it have been handed out.
  ///
  /// - Parameters:
  ///   - skipping: How many bytes at the front are no part of any record.
  ///   - needsRecord: Whether to read on if there are only blank lines so far.
  mutating func next(
    into batch: CSVBatch, maxRecords: Int, skipping: Int = 0, needsRecord: Bool = false
  ) throws(CSVError) -> Bool {
    scanner.restart(skipping: skipping)
    batch.core.pointee.removeAll()
    // How many bytes to look at. More may be in memory; they must not make a difference.
    var goal = limits.batchBytes
    while true {
      let reached = min(goal, window.count)
      let verdict = scanner.scan(
        window.bytes, count: reached, into: &batch.core.pointee.index, maxRecords: maxRecords)
      let hasLines =
        scanner.recordStart > skipping && !(needsRecord && batch.isEmpty)
      switch verdict {
      case .full: return hand(to: batch)
      case .invalidUTF8(let offset):
        if hasLines { return hand(to: batch) }
        throw invalidUTF8(at: offset, in: batch)
      case .exhausted: break
      }
      if window.isAtEnd, reached == window.count { return try finish(batch, hasLines: hasLines) }
      if reached == goal, hasLines { return hand(to: batch) }
      goal = try extend(goal, batch)
    }
  }

  /// Checks what is in memory, so that a file in another encoding is refused at once.
  func check(skipping: Int) throws(CSVError) {
    let batch = CSVBatch()
    var probe = scanner
    probe.restart(skipping: skipping)
    let verdict = probe.scan(
      window.bytes, count: window.count, into: &batch.core.pointee.index, maxRecords: .max)
    var copy = self
    copy.scanner = probe
    if case .invalidUTF8(let offset) = verdict { throw copy.invalidUTF8(at: offset, in: batch) }
  }

  /// Passes over everything before `target`, which must be the end of a line.
  mutating func skip(to target: CSVPosition) throws(CSVError) {
    let distance = target.byteOffset - position.byteOffset
    guard distance >= 0 else {
      throw .positionMismatch("that is before what has been read already", target)
    }
    if distance > 0 {
      guard try window.skip(distance - 1) == distance - 1 else {
        throw .positionMismatch("the input ends before that", target)
      }
      window.fillCompletely(to: 2)
      guard let last = window.buffer.first else {
        throw window.failure ?? .positionMismatch("the input ends before that", target)
      }
      guard last == terminator || window.count == 1 else {
        throw .positionMismatch("no line begins there; the input has changed", target)
      }
      window.drop(1)
    }
    position = target
  }

  private mutating func finish(
    _ batch: CSVBatch, hasLines: Bool
  ) throws(CSVError) -> Bool {
    if let failure = failureAtEnd(batch) {
      if hasLines { return hand(to: batch) }
      throw failure
    }
    scanner.finish(count: window.count, into: &batch.core.pointee.index)
    return hand(to: batch)
  }

  /// What is wrong with the last record, if the input ends, or breaks off, inside it.
  private func failureAtEnd(_ batch: CSVBatch) -> CSVError? {
    if var failure = window.failure {
      let place = location(of: window.count, line: scanner.line, in: batch)
      failure.location.record = failure.location.record ?? place.record
      failure.location.line = failure.location.line ?? place.line
      failure.location.byteOffset = failure.location.byteOffset ?? place.byteOffset
      return failure
    }
    if let offset = scanner.utf8.incompleteSequence { return invalidUTF8(at: offset, in: batch) }
    if scanner.quotes.isInside { return .unterminatedQuote(openQuote(in: batch)) }
    return nil
  }

  /// Reads on towards the goal or, if that is reached without a complete line, returns one that
  /// is further away.
  private mutating func extend(_ goal: Int, _ batch: CSVBatch) throws(CSVError) -> Int {
    if window.count < goal {
      window.fill(towards: goal)
      return goal
    }
    let limit = limits.maximumRecordBytes
    if goal < limit { return min(goal + limits.batchBytes, limit) }
    // A record of just the limit is fine if the input ends here.
    if window.count == goal { window.fill(towards: goal + 1) }
    if window.count == goal { return goal }
    throw .recordTooLong(
      limit: limits.maximumRecordBytes,
      record: location(of: scanner.recordStart, line: scanner.recordLine, in: batch),
      quote: scanner.quotes.isInside ? openQuote(in: batch) : nil)
  }

  /// Ends the batch after the last complete line. False if there is none.
  private mutating func hand(to batch: CSVBatch) -> Bool {
    let core = batch.core
    let taken = scanner.recordStart
    core.pointee.byteCount = taken
    core.pointee.origin = position
    core.pointee.terminator = terminator
    core.pointee.bytes = window.give(taken, to: &core.pointee.storage)
    position.recordNumber += batch.count
    position.line += scanner.recordLine
    position.byteOffset += taken
    return taken > 0
  }

  private func invalidUTF8(at offset: Int, in batch: CSVBatch) -> CSVError {
    .invalidUTF8(
      byte: window.bytes[offset], location(of: offset, line: scanner.line, in: batch))
  }

  private func openQuote(in batch: CSVBatch) -> CSVError.Location {
    let start = scanner.openFieldStart(in: batch.core.pointee.index)
    var line = scanner.recordLine
    for offset in scanner.recordStart..<start where window.bytes[offset] == terminator {
      line += 1
    }
    return location(of: start, line: line, in: batch)
  }

  private func location(of offset: Int, line: Int, in batch: CSVBatch) -> CSVError.Location {
    CSVError.Location(
      record: position.recordNumber + batch.count, line: position.line + line,
      byteOffset: position.byteOffset + offset)
  }
}
