extension CSVOutput {
  /// Appends records of a batch as they are, with the blank lines before each: one copy.
  public mutating func appendRecords(_ records: Range<Int>, of batch: CSVBatch) {
    append(raw: batch.rawBytes(records))
  }

  /// Appends the blank lines after the last record of a batch.
  public mutating func appendTrailing(of batch: CSVBatch) {
    append(raw: batch.trailingBytes)
  }

  /// Appends a record of a batch with some values replaced and some added at the end.
  ///
  /// All other bytes stay what they are: the blank lines before the record, the quoting and the
  /// spaces of every other field, and the line end, or none where the input ends without one. So
  /// calls for all records of a batch, then `appendTrailing(of:)`, give the whole batch.
  ///
  /// - Parameters:
  ///   - replacing: New values by column, in any order; of two for one column the later one
  ///     counts. A column that the record does not have is added, after empty ones if need be.
  ///   - appending: Values of new columns.
  ///   - width: How many columns there are before the appended ones: a record with fewer is
  ///     filled up with empty fields, so that the new values stand under their names. By default
  ///     they follow the last field of the record.
  public mutating func appendRecord(
    _ record: Int, of batch: CSVBatch, replacing: [(column: Int, value: String)] = [],
    appending: [String] = [], width: Int = 0
  ) {
    append(raw: batch.blankBytes(before: record))
    appendContent(
      record, of: batch, replacing: Self.ordered(replacing), appending: appending, width: width)
    append(raw: batch.terminatorBytes(record))
  }

  /// Appends the header of a sheet with new columns, and all that is before it: the byte order
  /// mark and blank lines.
  public mutating func appendHeader(of reader: CSVReader, appending: [String] = []) {
    appendRecord(0, of: reader.headerBatch, appending: appending)
  }

  private mutating func appendContent(
    _ record: Int, of batch: CSVBatch, replacing: [(column: Int, value: String)],
    appending: [String], width: Int
  ) {
    let start = count
    let fieldCount = batch.fieldCount(record)
    var column = 0
    for (replaced, value) in replacing {
      appendColumns(column..<replaced, record, of: batch)
      if replaced > 0 { appendDelimiter() }
      appendField(value)
      column = replaced + 1
    }
    appendColumns(column..<max(column, fieldCount, width), record, of: batch)
    for value in appending {
      appendDelimiter()
      appendField(value)
    }
    quoteIfNothing(since: start)
  }

  /// Appends consecutive columns as they are; those that the record does not have are empty.
  private mutating func appendColumns(_ columns: Range<Int>, _ record: Int, of batch: CSVBatch) {
    let present = columns.clamped(to: 0..<batch.fieldCount(record))
    if !present.isEmpty {
      if present.lowerBound > 0 { appendDelimiter() }
      append(raw: batch.rawFields(record, present))
    }
    for _ in present.count..<columns.count { appendDelimiter() }
  }

  /// The replacements in the order of their columns, one for each.
  private static func ordered(
    _ replacing: [(column: Int, value: String)]
  ) -> [(column: Int, value: String)] {
    precondition(replacing.allSatisfy { $0.column >= 0 }, "columns are numbered from 0")
    if zip(replacing, replacing.dropFirst()).allSatisfy({ $0.column < $1.column }) {
      return replacing
    }
    var values: [Int: String] = [:]
    for (column, value) in replacing { values[column] = value }
    return values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
