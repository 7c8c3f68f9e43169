/// Turns bytes of one encoding into UTF-8.
struct TextDecoder {
  /// No character is longer than this many bytes; so as many that decode to nothing are wrong.
  static let longestCharacter = 4

  private let encoding: CSVEncoding

  init(_ encoding: CSVEncoding) {
    self.encoding = encoding
  }

  /// Decodes from the front of `input` until its end, or until an incomplete or wrong character.
  ///
  /// - Parameter output: Room for three bytes for each byte of input.
  func decode(
    _ input: UnsafeBufferPointer<UInt8>, into output: UnsafeMutableBufferPointer<UInt8>
  ) -> (consumed: Int, written: Int) {
    guard let source = input.baseAddress, let target = output.baseAddress else { return (0, 0) }
    var writer = UTF8Writer(target)
    let consumed =
      switch encoding {
      case .utf8: preconditionFailure("UTF-8 needs no decoder")
      case .latin1: Self.decodeLatin1(source, input.count, &writer)
      case .windows1252: Self.decodeWindows1252(source, input.count, &writer)
      case .utf16, .utf16LittleEndian:
        Self.decodeUTF16(source, input.count, highByte: 1, &writer)
      case .utf16BigEndian:
        Self.decodeUTF16(source, input.count, highByte: 0, &writer)
      }
    return (consumed, writer.count)
  }

  private static func decodeLatin1(
    _ input: UnsafePointer<UInt8>, _ count: Int, _ writer: inout UTF8Writer
  ) -> Int {
    for index in 0..<count { writer.write(UInt32(input[index])) }
    return count
  }

  private static func decodeWindows1252(
    _ input: UnsafePointer<UInt8>, _ count: Int, _ writer: inout UTF8Writer
  ) -> Int {
    for index in 0..<count {
      let byte = input[index]
      writer.write(byte & 0xE0 == 0x80 ? UInt32(windows1252[Int(byte & 0x1F)]) : UInt32(byte))
    }
    return count
  }

  /// - Parameter highByte: Which byte of a code unit, 0 or 1, is the more significant one.
  private static func decodeUTF16(
    _ input: UnsafePointer<UInt8>, _ count: Int, highByte: Int, _ writer: inout UTF8Writer
  ) -> Int {
    func unit(_ index: Int) -> UInt32 {
      UInt32(input[index + highByte]) << 8 | UInt32(input[index + 1 - highByte])
    }
    var index = 0
    while index + 1 < count {
      let first = unit(index)
      if first & 0xF800 != 0xD800 {
        writer.write(first)
        index += 2
        continue
      }
      guard first < 0xDC00, index + 3 < count else { break }
      let second = unit(index + 2)
      guard second & 0xFC00 == 0xDC00 else { break }
      writer.write(0x10000 + (first & 0x3FF) << 10 + second & 0x3FF)
      index += 4
    }
    return index
  }

  /// Code page 1252 from 80 to 9F.
  private static let windows1252: [UInt16] = [
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D, 0x017D, 0x008F,
    0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
  ]
}

/// Writes code points as UTF-8, one after the other.
private struct UTF8Writer {
  private let target: UnsafeMutablePointer<UInt8>
  private(set) var count = 0

  init(_ target: UnsafeMutablePointer<UInt8>) {
    self.target = target
  }

  @inline(__always)
  mutating func write(_ point: UInt32) {
    if point < 0x80 {
      append(point)
    } else if point < 0x800 {
      append(0xC0 | point >> 6)
      append(0x80 | point & 0x3F)
    } else if point < 0x10000 {
      append(0xE0 | point >> 12)
      append(0x80 | point >> 6 & 0x3F)
      append(0x80 | point & 0x3F)
    } else {
      append(0xF0 | point >> 18)
      append(0x80 | point >> 12 & 0x3F)
      append(0x80 | point >> 6 & 0x3F)
      append(0x80 | point & 0x3F)
    }
  }

  @inline(__always)
  private mutating func append(_ byte: UInt32) {
    (target + count).initialize(to: UInt8(truncatingIfNeeded: byte))
    count &+= 1
  }
}
