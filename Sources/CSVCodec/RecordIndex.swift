/// One record of a batch; offsets count from the first byte of the batch.
@usableFromInline
struct RecordRow {
  /// The first byte of the record, after any blank lines.
  @usableFromInline var start: UInt32
  /// The byte after the line end.
  @usableFromInline var end: UInt32
  /// The index of the first field in `RecordIndex.fieldEnds`.
  @usableFromInline var firstField: UInt32
  /// Line ends between the first byte of the batch and `start`.
  @usableFromInline var line: UInt32
}

/// Where the records and fields of a batch are, in two arrays that grow and never shrink.
///
/// Not an `Array`, so that neither scanning nor looking up checks bounds or counts references.
/// The owner calls `deallocate`.
@usableFromInline
struct RecordIndex {
  /// One row for each record, and one more whose `firstField` ends the last record.
  @usableFromInline var rows: UnsafeMutablePointer<RecordRow>
  @usableFromInline var count = 0
  /// For each field the offset of the byte after it.
  @usableFromInline var fieldEnds: UnsafeMutablePointer<UInt32>
  var fieldCount = 0

  private var rowCapacity: Int
  private var fieldCapacity: Int

  init() {
    rowCapacity = 512
    fieldCapacity = 4096
    rows = .allocate(capacity: rowCapacity)
    fieldEnds = .allocate(capacity: fieldCapacity)
    seal(firstField: 0)
  }

  func deallocate() {
    rows.deallocate()
    fieldEnds.deallocate()
  }

  mutating func removeAll() {
    count = 0
    fieldCount = 0
    seal(firstField: 0)
  }

  /// Makes room for all that one block can bring, and for the closing row.
  @inline(__always)
  mutating func reserveBlock() {
    if rowCapacity < count &+ BlockFinder.size &+ 1 { growRows() }
    if fieldCapacity < fieldCount &+ BlockFinder.size &+ 1 { growFields() }
  }

  /// Ends the list of rows. To be called after the last record of a scan.
  ///
  /// - Parameter firstField: The first field that belongs to no complete record.
  func seal(firstField: Int) {
    let closing = RecordRow(
      start: 0, end: 0, firstField: UInt32(truncatingIfNeeded: firstField), line: 0)
    (rows + count).initialize(to: closing)
  }

  @inline(never)
  private mutating func growRows() {
    rowCapacity *= 2
    let grown = UnsafeMutablePointer<RecordRow>.allocate(capacity: rowCapacity)
    grown.initialize(from: rows, count: count)
    rows.deallocate()
    rows = grown
  }

  @inline(never)
  private mutating func growFields() {
    fieldCapacity *= 2
    let grown = UnsafeMutablePointer<UInt32>.allocate(capacity: fieldCapacity)
    grown.initialize(from: fieldEnds, count: fieldCount)
    fieldEnds.deallocate()
    fieldEnds = grown
  }
}
