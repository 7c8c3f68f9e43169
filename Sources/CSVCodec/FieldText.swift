/// Reading what is inside a quoted field.
@usableFromInline
enum FieldText {
  /// The content of a field that begins with a quote, if it is a piece of the field: if the only
  /// other quote is the last byte.
  @usableFromInline
  static func plainContent(
    _ field: UnsafeBufferPointer<UInt8>
  ) -> UnsafeBufferPointer<UInt8>? {
    let last = field.count - 1
    guard last > 0, field[last] == CSVByte.quote else { return nil }
    for index in 1..<last where field[index] == CSVByte.quote { return nil }
    return UnsafeBufferPointer(rebasing: field[1..<last])
  }

  /// Writes the content of any field that begins with a quote and returns its length.
  @usableFromInline
  static func unescape(
    _ field: UnsafeBufferPointer<UInt8>, into target: UnsafeMutableBufferPointer<UInt8>
  ) -> Int {
    var count = 0
    var index = 1
    while index < field.count {
      if field[index] == CSVByte.quote {
        index += 1
        // A second quote is content; anything else means that the first one closed the field.
        guard index < field.count, field[index] == CSVByte.quote else { break }
      }
      target[count] = field[index]
      count += 1
      index += 1
    }
    for byte in field[min(index, field.count)...] {
      target[count] = byte
      count += 1
    }
    return count
  }

  /// Whether the content of a field is nothing but ASCII whitespace.
  @usableFromInline
  static func isWhitespace(_ field: UnsafeBufferPointer<UInt8>) -> Bool {
    guard field.first == CSVByte.quote else { return isAllWhitespace(field) }
    if let content = plainContent(field) { return isAllWhitespace(content) }
    let scratch = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: field.count)
    defer { scratch.deallocate() }
    let count = unescape(field, into: scratch)
    return isAllWhitespace(UnsafeBufferPointer(rebasing: scratch[..<count]))
  }

  private static func isAllWhitespace(_ content: UnsafeBufferPointer<UInt8>) -> Bool {
    content.allSatisfy { byte in
      byte == CSVByte.space || (byte >= CSVByte.tab && byte <= CSVByte.carriageReturn)
    }
  }
}
