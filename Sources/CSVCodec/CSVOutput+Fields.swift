extension CSVOutput {
  /// Appends a value as one field, quoted if it contains the delimiter, a quote, CR or LF, or
  /// begins or ends with a space or tab.
  public mutating func appendField(_ value: UnsafeBufferPointer<UInt8>) {
    guard Self.needsQuotes(value, dialect.delimiter) else {
      append(raw: value)
      return
    }
    append(raw: CSVByte.quote)
    var pending = 0
    for index in value.indices where value[index] == CSVByte.quote {
      append(raw: UnsafeBufferPointer(rebasing: value[pending...index]))
      append(raw: CSVByte.quote)
      pending = index + 1
    }
    append(raw: UnsafeBufferPointer(rebasing: value[pending...]))
    append(raw: CSVByte.quote)
  }

  /// Appends a value as one field, quoted if need be.
  public mutating func appendField(_ value: String) {
    var value = value
    value.withUTF8 { appendField($0) }
  }

  /// Appends a new record with the line end of the dialect.
  ///
  /// A record of one empty field is written as `""`; without quotes it would be a blank line.
  public mutating func appendRecord(_ values: [String]) {
    precondition(!values.isEmpty, "a record has at least one field")
    let start = count
    for (column, value) in values.enumerated() {
      if column > 0 { appendDelimiter() }
      appendField(value)
    }
    quoteIfNothing(since: start)
    appendLineEnd()
  }

  /// Writes two quotes if the record that began at `start` has no byte.
  mutating func quoteIfNothing(since start: Int) {
    if count == start { append(raw: [CSVByte.quote, CSVByte.quote]) }
  }

  private static func needsQuotes(
    _ value: UnsafeBufferPointer<UInt8>, _ delimiter: CSVDelimiter
  ) -> Bool {
    guard let first = value.first, let last = value.last else { return false }
    if isBlank(first) || isBlank(last) { return true }
    return value.contains { byte in
      byte == delimiter.rawValue || byte == CSVByte.quote || byte == CSVByte.lineFeed
        || byte == CSVByte.carriageReturn
    }
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == CSVByte.space || byte == CSVByte.tab
  }
}
