/// What has to be known about quotes to read on from any byte.
///
/// A quote opens a field only as its first byte; anywhere else in an unquoted field it is data.
/// A doubled quote is read as a quote that closes and, right after it, one that opens again.
struct QuoteState {
  /// All ones inside quotes, else zero.
  private(set) var inside: UInt64 = 0
  /// 1 if a quote as the next byte would open, else 0.
  private var mayOpen: UInt64 = 1

  var isInside: Bool { inside != 0 }

  /// Reads a block of `count` bytes and returns the bits of the bytes inside quotes, opening
  /// quotes included, closing ones not.
  @inline(__always)
  mutating func advance(over masks: BlockMasks, count: Int) -> UInt64 {
    let last = UInt64(truncatingIfNeeded: count &- 1)
    if masks.quotes | inside == 0 {
      mayOpen = (masks.separators &>> last) & 1
      return 0
    }
    return advanceOverQuotes(masks, last: last)
  }

  private mutating func advanceOverQuotes(_ masks: BlockMasks, last: UInt64) -> UInt64 {
    // Suppose that each quote opens or closes; true of all well-formed sheets, and quickly checked.
    var result = Self.parity(masks.quotes) ^ inside
    var closing = masks.quotes & ~result
    let mayPrecede = (masks.separators & ~result) | closing
    if masks.quotes & result & ~((mayPrecede &<< 1) | mayOpen) != 0 {
      (result, closing) = readOneByOne(masks)
    }
    mayOpen = (((masks.separators & ~result) | closing) &>> last) & 1
    inside = 0 &- (result &>> 63)
    return result
  }

  /// The slow way, for blocks in which some quote is plain data.
  private func readOneByOne(_ masks: BlockMasks) -> (inside: UInt64, closing: UInt64) {
    var result: UInt64 = 0
    var closing: UInt64 = 0
    var rest = masks.quotes
    var isInside = isInside
    var opened: UInt64 = 1
    while rest != 0 {
      let quote = rest & (0 &- rest)
      rest &= rest &- 1
      if isInside {
        isInside = false
        closing |= quote
        result |= quote &- opened
      } else if quote & (((masks.separators | closing) &<< 1) | mayOpen) != 0 {
        isInside = true
        opened = quote
      }
    }
    if isInside { result |= 0 &- opened }
    return (result, closing)
  }

  /// For each bit, whether the number of bits set up to and with it is odd.
  private static func parity(_ bits: UInt64) -> UInt64 {
    var result = bits
    result ^= result &<< 1
    result ^= result &<< 2
    result ^= result &<< 4
    result ^= result &<< 8
    result ^= result &<< 16
    return result ^ (result &<< 32)
  }
}
