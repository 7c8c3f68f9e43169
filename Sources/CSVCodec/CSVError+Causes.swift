extension CSVError {
  /// The error for a record that has not as many columns as the header.
  ///
  /// The reader only counts the fields; whether a ragged record matters is for the caller to say.
  public static func columnCount(
    _ found: Int, expected: Int, at position: CSVPosition
  ) -> CSVError {
    let columns = found == 1 ? "1 column" : "\(found) columns"
    return CSVError(
      .columnCount,
      "row \(position.recordNumber) has \(columns) where the header has \(expected)",
      at: Location(line: position.line, byteOffset: position.byteOffset))
  }

  static var emptyInput: CSVError {
    CSVError(.emptyInput, "the input is empty: there is no header")
  }

  static func unterminatedQuote(_ location: Location) -> CSVError {
    CSVError(
      .unterminatedQuote, "the input ends inside a quoted field; its quote was opened here",
      at: location)
  }

  /// `quote` is where an open quote stands, the likeliest reason for an endless record.
  static func recordTooLong(limit: Int, record: Location, quote: Location?) -> CSVError {
    guard let quote else {
      return CSVError(.recordTooLong, "a row is longer than \(limit) bytes", at: record)
    }
    return CSVError(
      .recordTooLong,
      "a row is longer than \(limit) bytes; a quote opened here may never be closed", at: quote)
  }

  static func invalidUTF8(byte: UInt8, _ location: Location) -> CSVError {
    CSVError(
      .invalidUTF8,
      "byte \(hexadecimal(byte)) is not UTF-8 text; the file looks like Latin-1 or Windows-1252: "
        + "pass --encoding latin-1 or --encoding windows-1252",
      at: location)
  }

  static func encodingNeeded(_ name: String, option: String?) -> CSVError {
    let advice = option.map { "pass --encoding \($0)" } ?? "convert it to UTF-8 first"
    return CSVError(.encodingNeeded, "the file looks like \(name), not UTF-8: \(advice)")
  }

  /// `words` follow “this is”.
  static func foreignFormat(_ words: String) -> CSVError {
    CSVError(.foreignFormat, "this is \(words)")
  }

  static func invalidUTF16(_ what: String, byteOffset: Int) -> CSVError {
    CSVError(.invalidUTF16, "\(what) in UTF-16 text", at: Location(byteOffset: byteOffset))
  }

  static func positionMismatch(_ what: String, _ position: CSVPosition) -> CSVError {
    CSVError(
      .positionMismatch, "cannot resume before row \(position.recordNumber): \(what)",
      at: Location(line: position.line, byteOffset: position.byteOffset))
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return byte < 16 ? "0x0\(digits)" : "0x\(digits)"
  }
}
