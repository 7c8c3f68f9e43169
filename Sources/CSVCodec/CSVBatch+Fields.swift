extension CSVBatch {
  /// The bytes of a field as they stand in the sheet, quotes included.
  @inlinable
  public func rawField(_ record: Int, _ column: Int) -> UnsafeBufferPointer<UInt8> {
    let row = row(record)
    precondition(
      column >= 0 && column < Int(row[1].firstField &- row[0].firstField),
      "no such column in the record")
    let fieldEnds = core.pointee.index.fieldEnds + Int(row[0].firstField)
    let start = column == 0 ? row[0].start : fieldEnds[column &- 1] &+ 1
    return slice(from: start, to: fieldEnds[column])
  }

  /// The bytes of consecutive fields with the delimiters between them; `columns` is not empty.
  @inlinable
  public func rawFields(_ record: Int, _ columns: Range<Int>) -> UnsafeBufferPointer<UInt8> {
    let first = rawField(record, columns.lowerBound)
    let last = rawField(record, columns.upperBound - 1)
    guard let start = first.baseAddress, let lastStart = last.baseAddress else { return first }
    return UnsafeBufferPointer(start: start, count: lastStart - start + last.count)
  }

  /// Whether a field has no content: no bytes, or two quotes and nothing else.
  ///
  /// - Parameter ignoringWhitespace: Whether spaces, tabs and line ends count as nothing.
  @inlinable
  public func isEmpty(_ record: Int, _ column: Int, ignoringWhitespace: Bool = false) -> Bool {
    let field = rawField(record, column)
    if field.isEmpty { return true }
    if field.count == 2, field[0] == CSVByte.quote, field[1] == CSVByte.quote { return true }
    guard ignoringWhitespace, field[0] <= CSVByte.quote else { return false }
    return FieldText.isWhitespace(field)
  }

  /// Gives the content of a field, without its quotes and with doubled quotes undone.
  ///
  /// A field begins with a quote or it is not quoted at all: then its bytes are its content. What
  /// follows a closing quote, which no writer should produce, belongs to the content as it is:
  /// `"a"b"c"` reads `ab"c"`.
  ///
  /// - Parameter body: Receives the content; the buffer is good until it returns.
  /// - Complexity: O(1) unless the field is quoted; then linear in its length.
  @inlinable
  public func withDecodedField<Result, Failure: Error>(
    _ record: Int, _ column: Int,
    _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let field = rawField(record, column)
    if field.isEmpty || field[0] != CSVByte.quote { return try body(field) }
    if let content = FieldText.plainContent(field) { return try body(content) }
    let scratch = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: field.count)
    defer { scratch.deallocate() }
    let count = FieldText.unescape(field, into: scratch)
    return try body(UnsafeBufferPointer(rebasing: UnsafeBufferPointer(scratch)[..<count]))
  }

  /// The content of a field, as `withDecodedField` gives it.
  ///
  /// Bytes that are not UTF-8, which only a reader that does not validate lets through, become
  /// U+FFFD.
  public func string(_ record: Int, _ column: Int) -> String {
    withDecodedField(record, column) { String(decoding: $0, as: UTF8.self) }
  }

  /// The contents of all fields of a record. For cold paths: it makes a string for each.
  public func strings(_ record: Int) -> [String] {
    (0..<fieldCount(record)).map { string(record, $0) }
  }
}
