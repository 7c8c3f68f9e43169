/// A small gzip stream (RFC 1952) that becomes many zero bytes.
enum GzipBomb {
  /// Complexity: O(count ÷ 158), which is also the length of the result in bytes.
  static func zeros(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]
    var bits = BitWriter()
    // One last block with the fixed codes of RFC 1951 §3.2.6.
    bits.append(1, count: 1)
    bits.append(1, count: 2)
    // A literal zero, and matches of the longest length at distance 1.
    var rest = count
    while rest > 0 {
      if rest == count || rest < 258 {
        bits.append(0b0000_1100, count: 8)
        rest -= 1
      } else {
        bits.append(0b1010_0011, count: 8)
        bits.append(0, count: 5)
        rest -= 258
      }
    }
    bits.append(0, count: 7)
    bytes += bits.finished
    for value in [crcOfZeros(count), UInt32(truncatingIfNeeded: count)] {
      for shift in stride(from: UInt32(0), to: 32, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: value >> shift))
      }
    }
    return bytes
  }

  private struct BitWriter {
    private var bytes: [UInt8] = []
    private var pending: UInt32 = 0
    private var count: UInt32 = 0

    /// Low bits first.
    mutating func append(_ value: UInt32, count added: UInt32) {
      pending |= value << count
      count += added
      while count >= 8 {
        bytes.append(UInt8(truncatingIfNeeded: pending))
        pending >>= 8
        count -= 8
      }
    }

    var finished: [UInt8] {
      count == 0 ? bytes : bytes + [UInt8(truncatingIfNeeded: pending)]
    }
  }

  /// CRC-32 of zero bytes: the register after them is its start times x to the 8 × count, modulo
  /// the polynomial. O(log count).
  private static func crcOfZeros(_ count: Int) -> UInt32 {
    var power: UInt32 = 1 << 23  // x⁸, bits reflected
    var register: UInt32 = 0xFFFF_FFFF
    var rest = count
    while rest > 0 {
      if rest & 1 == 1 { register = product(register, power) }
      power = product(power, power)
      rest >>= 1
    }
    return ~register
  }

  /// Of two polynomials with reflected bits, modulo CRC-32's.
  private static func product(_ left: UInt32, _ right: UInt32) -> UInt32 {
    var (left, right, sum) = (left, right, UInt32(0))
    while right != 0 {
      if right & 0x8000_0000 != 0 { sum ^= left }
      right <<= 1
      left = left & 1 == 1 ? left >> 1 ^ 0xEDB8_8320 : left >> 1
    }
    return sum
  }
}
