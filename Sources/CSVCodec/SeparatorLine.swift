/// The line `sep=;` with which a sheet for Excel may begin: it names the delimiter, and is no part
/// of the sheet.
struct SeparatorLine {
  let delimiter: CSVDelimiter
  /// In bytes, with the line end.
  let length: Int

  /// nil where the bytes do not begin with such a line, or it names a delimiter that is none here.
  init?(_ bytes: UnsafeBufferPointer<UInt8>) {
    let word = Array("sep=".utf8)
    guard bytes.count > word.count + 1,
      zip(bytes, word).allSatisfy({ $0 == $1 || ($0 | 0x20 == $1 && $1 != 0x3D) }),
      let delimiter = CSVDelimiter(rawValue: bytes[word.count])
    else { return nil }
    let end = word.count + 1
    switch bytes[end] {
    case CSVByte.lineFeed: length = end + 1
    case CSVByte.carriageReturn:
      length = bytes.count > end + 1 && bytes[end + 1] == CSVByte.lineFeed ? end + 2 : end + 1
    default: return nil
    }
    self.delimiter = delimiter
  }
}
