/// Consecutive records of a sheet: their bytes, and where in them each record and field is.
///
/// A batch is made once and filled again and again by `CSVReader.read(into:maxRecords:)`, which
/// reuses its memory. Pointers into a batch are good until it is filled again or released. There
/// is no object and no string for a record or a field; looking one up takes constant time.
///
/// The bytes of a batch are, in this order: for each record the blank lines before it, the record,
/// its line end; and then `trailingBytes`, blank lines that no record follows in this batch.
///
/// Records are numbered from 0 in each batch, fields from 0 in each record. An index out of range
/// is a programming error and stops the process.
public final class CSVBatch {
  @usableFromInline let core: UnsafeMutablePointer<CSVBatchCore>

  /// An empty batch.
  public init() {
    core = .allocate(capacity: 1)
    core.initialize(to: CSVBatchCore())
  }

  deinit {
    core.pointee.index.deallocate()
    core.deinitialize(count: 1)
    core.deallocate()
  }

  /// How many records there are.
  @inlinable public var count: Int { core.pointee.index.count }

  /// Whether there is no record. There may be blank lines in `trailingBytes` nevertheless.
  @inlinable public var isEmpty: Bool { core.pointee.index.count == 0 }

  /// How many fields record `record` has, at least one.
  @inlinable
  public func fieldCount(_ record: Int) -> Int {
    let row = row(record)
    return Int(row[1].firstField &- row[0].firstField)
  }

  /// Where record `record` begins, after any blank lines before it.
  @inlinable
  public func position(_ record: Int) -> CSVPosition {
    let row = row(record)[0]
    let origin = core.pointee.origin
    return CSVPosition(
      recordNumber: origin.recordNumber + record, line: origin.line + Int(row.line),
      byteOffset: origin.byteOffset + Int(row.start))
  }

  /// Where the bytes after record `record` and its line end begin: where to resume once the
  /// record is done. Takes time proportional to the length of the record.
  public func positionAfter(_ record: Int) -> CSVPosition {
    let row = row(record)[0]
    var position = position(record)
    position.recordNumber += 1
    position.byteOffset += Int(row.end &- row.start)
    for offset in Int(row.start)..<Int(row.end)
    where core.pointee.bytes[offset] == core.pointee.terminator {
      position.line += 1
    }
    return position
  }

  /// The error that says record `record` has not `expected` columns.
  public func columnCountError(_ record: Int, expected: Int) -> CSVError {
    .columnCount(fieldCount(record), expected: expected, at: position(record))
  }

  /// The row of a record; the next one in memory follows it, or closes the list.
  @inlinable
  func row(_ record: Int) -> UnsafePointer<RecordRow> {
    precondition(record >= 0 && record < core.pointee.index.count, "no such record in the batch")
    return UnsafePointer(core.pointee.index.rows + record)
  }
}
