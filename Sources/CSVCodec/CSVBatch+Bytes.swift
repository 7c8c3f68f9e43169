extension CSVBatch {
  /// All bytes of the batch. Written as they are, batch after batch, they give the sheet again.
  @inlinable public var allBytes: UnsafeBufferPointer<UInt8> {
    slice(from: 0, to: UInt32(truncatingIfNeeded: core.pointee.byteCount))
  }

  /// The bytes of `records`, with the blank lines before each and the line end of each, in one
  /// piece. Consecutive ranges give consecutive pieces; the last is followed by `trailingBytes`.
  @inlinable
  public func rawBytes(_ records: Range<Int>) -> UnsafeBufferPointer<UInt8> {
    precondition(records.lowerBound >= 0 && records.upperBound <= count, "no such records")
    return slice(from: end(before: records.lowerBound), to: end(before: records.upperBound))
  }

  /// The bytes of record `record`, without its line end.
  @inlinable
  public func recordBytes(_ record: Int) -> UnsafeBufferPointer<UInt8> {
    let row = row(record)
    return slice(from: row[0].start, to: contentEnd(row))
  }

  /// The line end of record `record`; empty if the input ends without one.
  @inlinable
  public func terminatorBytes(_ record: Int) -> UnsafeBufferPointer<UInt8> {
    let row = row(record)
    return slice(from: contentEnd(row), to: row[0].end)
  }

  /// The blank lines between record `record` and the one before, or the start of the batch.
  @inlinable
  public func blankBytes(before record: Int) -> UnsafeBufferPointer<UInt8> {
    slice(from: end(before: record), to: row(record)[0].start)
  }

  /// The blank lines after the last record of the batch.
  @inlinable public var trailingBytes: UnsafeBufferPointer<UInt8> {
    slice(from: end(before: count), to: UInt32(truncatingIfNeeded: core.pointee.byteCount))
  }

  @inlinable
  func end(before record: Int) -> UInt32 {
    record == 0 ? 0 : row(record - 1)[0].end
  }

  @inlinable
  func contentEnd(_ row: UnsafePointer<RecordRow>) -> UInt32 {
    core.pointee.index.fieldEnds[Int(row[1].firstField) &- 1]
  }

  @inlinable
  func slice(from start: UInt32, to end: UInt32) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: core.pointee.bytes + Int(start), count: Int(end &- start))
  }
}
