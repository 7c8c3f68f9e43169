/// Makes gzip files by hand: one block with the fixed code of RFC 1951.
struct Gzip {
  private(set) var bytes: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]
  private var bits: UInt32 = 0
  private var count: UInt32 = 0

  /// A text, byte for byte.
  static func text(_ text: String) -> [UInt8] {
    var gzip = Gzip()
    let content = Array(text.utf8)
    for byte in content { gzip.literal(byte) }
    return gzip.finished(crc(content), content.count)
  }

  /// So many zeros, in a sixteenth of a thousandth of the room or so. The check sum is wrong: nobody
  /// should get that far.
  static func zeros(_ count: Int) -> [UInt8] {
    var gzip = Gzip()
    gzip.literal(0)
    for _ in 0..<count / 258 { gzip.copyOf258() }
    return gzip.finished(0, count)
  }

  private init() {
    put(1, 1)  // the last block
    put(1, 2)  // with the fixed code
  }

  /// Codes have their most significant bit first, everything else its least.
  private mutating func code(_ value: UInt32, _ length: UInt32) {
    for bit in (0..<length).reversed() { put(value >> bit & 1, 1) }
  }

  private mutating func put(_ value: UInt32, _ length: UInt32) {
    bits |= value << count
    count += length
    while count >= 8 {
      bytes.append(UInt8(bits & 0xFF))
      bits >>= 8
      count -= 8
    }
  }

  private mutating func literal(_ byte: UInt8) {
    if byte < 144 { code(0x30 + UInt32(byte), 8) } else { code(0x190 + UInt32(byte) - 144, 9) }
  }

  private mutating func copyOf258() {
    code(0xC5, 8)
    code(0, 5)  // from one byte back
  }

  private mutating func finished(_ crc: UInt32, _ size: Int) -> [UInt8] {
    code(0, 7)
    if count > 0 { put(0, 8 - count) }
    for value in [crc, UInt32(truncatingIfNeeded: size)] {
      for shift in stride(from: UInt32(0), to: 32, by: 8) {
        bytes.append(UInt8(value >> shift & 0xFF))
      }
    }
    return bytes
  }

  private static func crc(_ bytes: [UInt8]) -> UInt32 {
    var crc = ~UInt32(0)
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 {
        let carry = crc & 1
        crc >>= 1
        if carry == 1 { crc ^= 0xEDB8_8320 }
      }
    }
    return ~crc
  }
}
