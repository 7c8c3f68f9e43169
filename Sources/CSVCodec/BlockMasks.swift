/// Where the bytes that matter stand in one block of 64 bytes: bit k speaks of byte k.
struct BlockMasks {
  /// Delimiters and line terminators, inside quotes as well as outside.
  var separators: UInt64
  var terminators: UInt64
  var quotes: UInt64
  /// Whether any byte is not ASCII.
  var hasHighBytes: Bool

  /// Forgets all about byte `count` and those after it.
  mutating func keepFirst(_ count: Int) {
    guard count < BlockFinder.size else { return }
    let kept: UInt64 = (1 << UInt64(count)) &- 1
    separators &= kept
    terminators &= kept
    quotes &= kept
  }
}

/// Finds delimiters, quotes and line terminators 64 bytes at a time.
struct BlockFinder {
  static let size = 64

  private let delimiter: SIMD16<UInt8>
  private let terminator: SIMD16<UInt8>

  init(delimiter: UInt8, terminator: UInt8) {
    self.delimiter = SIMD16(repeating: delimiter)
    self.terminator = SIMD16(repeating: terminator)
  }

  /// The masks of the 64 bytes at `bytes`.
  @inline(__always)
  func masks(_ bytes: UnsafePointer<UInt8>) -> BlockMasks {
    let block = Block(bytes)
    let terminators = block.equal(terminator)
    let separators = block.equal(delimiter).union(terminators)
    let quotes = block.equal(SIMD16(repeating: CSVByte.quote))
    return BlockMasks(
      separators: separators.bits, terminators: terminators.bits,
      quotes: quotes.isEmpty ? 0 : quotes.bits, hasHighBytes: block.hasHighBytes)
  }

  /// The masks of fewer than 64 bytes, which may be the last that are allocated.
  @inline(never)
  func masks(_ bytes: UnsafePointer<UInt8>, count: Int) -> BlockMasks {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.size) { padded in
      padded.initialize(repeating: 0)
      guard let base = padded.baseAddress else {
        return BlockMasks(separators: 0, terminators: 0, quotes: 0, hasHighBytes: false)
      }
      base.update(from: bytes, count: count)
      var result = masks(UnsafePointer(base))
      result.keepFirst(count)
      return result
    }
  }
}

/// 64 bytes in four vectors, or the result of comparing them: then each byte is all ones or zero.
private struct Block {
  private var a: SIMD16<UInt8>
  private var b: SIMD16<UInt8>
  private var c: SIMD16<UInt8>
  private var d: SIMD16<UInt8>

  @inline(__always)
  private init(
    _ a: SIMD16<UInt8>, _ b: SIMD16<UInt8>, _ c: SIMD16<UInt8>, _ d: SIMD16<UInt8>
  ) {
    self.a = a
    self.b = b
    self.c = c
    self.d = d
  }

  @inline(__always)
  init(_ bytes: UnsafePointer<UInt8>) {
    let raw = UnsafeRawPointer(bytes)
    a = raw.loadUnaligned(as: SIMD16<UInt8>.self)
    b = raw.loadUnaligned(fromByteOffset: 16, as: SIMD16<UInt8>.self)
    c = raw.loadUnaligned(fromByteOffset: 32, as: SIMD16<UInt8>.self)
    d = raw.loadUnaligned(fromByteOffset: 48, as: SIMD16<UInt8>.self)
  }

  @inline(__always)
  func equal(_ value: SIMD16<UInt8>) -> Block {
    Block(
      unsafeBitCast(a .== value, to: SIMD16<UInt8>.self),
      unsafeBitCast(b .== value, to: SIMD16<UInt8>.self),
      unsafeBitCast(c .== value, to: SIMD16<UInt8>.self),
      unsafeBitCast(d .== value, to: SIMD16<UInt8>.self))
  }

  @inline(__always)
  func union(_ other: Block) -> Block {
    Block(a | other.a, b | other.b, c | other.c, d | other.d)
  }

  @inline(__always)
  private var anyByte: UInt64 {
    let halves = unsafeBitCast((a | b) | (c | d), to: SIMD2<UInt64>.self)
    return halves[0] | halves[1]
  }

  @inline(__always)
  var isEmpty: Bool { anyByte == 0 }

  @inline(__always)
  var hasHighBytes: Bool { anyByte & 0x8080_8080_8080_8080 != 0 }

  /// One bit for each byte of a comparison.
  ///
  /// Swift has no instruction that gathers the sign bits of a vector. Instead each vector keeps
  /// another bit of its bytes, so that all four fit into one 8 by 8 matrix of bits: bit 2v + h of
  /// byte k tells of byte 16v + 8h + k. Transposed, the bits stand in the order of the bytes.
  @inline(__always)
  var bits: UInt64 {
    let low = (a & SIMD16(repeating: 1)) | (b & SIMD16(repeating: 4))
    let high = (c & SIMD16(repeating: 16)) | (d & SIMD16(repeating: 64))
    let halves = unsafeBitCast(low | high, to: SIMD2<UInt64>.self)
    var matrix = halves[0] | (halves[1] &<< 1)
    var swapped = (matrix ^ (matrix &>> 7)) & 0x00AA_00AA_00AA_00AA
    matrix ^= swapped ^ (swapped &<< 7)
    swapped = (matrix ^ (matrix &>> 14)) & 0x0000_CCCC_0000_CCCC
    matrix ^= swapped ^ (swapped &<< 14)
    swapped = (matrix ^ (matrix &>> 28)) & 0x0000_0000_F0F0_F0F0
    return matrix ^ swapped ^ (swapped &<< 28)
  }
}
