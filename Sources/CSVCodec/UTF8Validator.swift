/// Checks that bytes are well-formed UTF-8, piece by piece.
struct UTF8Validator {
  /// How many continuation bytes are still to come.
  private var missing = 0
  /// What the next continuation byte must be between; narrower than 80...BF only after a few
  /// lead bytes, to refuse overlong forms, surrogates and numbers above 10FFFF.
  private var lower: UInt8 = 0x80
  private var upper: UInt8 = 0xBF
  /// Where the sequence that is not complete yet begins.
  private var lead = 0

  /// The start of a sequence whose end has not come yet; at the end of the input, an error.
  var incompleteSequence: Int? { missing > 0 ? lead : nil }

  var isInsideSequence: Bool { missing > 0 }

  /// Reads bytes `from..<to`; returns the offset of the first sequence that is not UTF-8.
  mutating func firstInvalid(
    in bytes: UnsafePointer<UInt8>, from: Int, to: Int
  ) -> Int? {
    var index = from
    while index < to {
      let byte = bytes[index]
      if missing > 0 {
        guard byte >= lower, byte <= upper else { return lead }
        missing &-= 1
        lower = 0x80
        upper = 0xBF
        index &+= 1
      } else if byte < 0x80 {
        index &+= index &+ 8 <= to && Self.isASCII(bytes + index) ? 8 : 1
      } else if let length = Self.commonLength(bytes + index, limit: to &- index) {
        index &+= length
      } else {
        guard begin(byte, at: index) else { return index }
        index &+= 1
      }
    }
    return nil
  }

  /// The length of a sequence of two or three bytes, if it is complete and sound: the common
  /// case, without a state in between. Nil leaves the decision to the slower way.
  @inline(__always)
  private static func commonLength(_ bytes: UnsafePointer<UInt8>, limit: Int) -> Int? {
    let first = bytes[0]
    guard first < 0xF0, limit > 2, bytes[1] & 0xC0 == 0x80 else { return nil }
    if first < 0xE0 { return first >= 0xC2 ? 2 : nil }
    guard bytes[2] & 0xC0 == 0x80 else { return nil }
    // Overlong forms begin E0 80...9F, surrogates ED A0...BF.
    if first == 0xE0 { return bytes[1] >= 0xA0 ? 3 : nil }
    if first == 0xED { return bytes[1] < 0xA0 ? 3 : nil }
    return 3
  }

  @inline(__always)
  private static func isASCII(_ eightBytes: UnsafePointer<UInt8>) -> Bool {
    let word = UnsafeRawPointer(eightBytes).loadUnaligned(as: UInt64.self)
    return word & 0x8080_8080_8080_8080 == 0
  }

  private mutating func begin(_ byte: UInt8, at index: Int) -> Bool {
    lead = index
    switch byte {
    case 0xC2...0xDF: missing = 1
    case 0xE0...0xEF: missing = 2
    case 0xF0...0xF4: missing = 3
    default: return false
    }
    switch byte {
    case 0xE0: lower = 0xA0
    case 0xED: upper = 0x9F
    case 0xF0: lower = 0x90
    case 0xF4: upper = 0x8F
    default: break
    }
    return true
  }
}
