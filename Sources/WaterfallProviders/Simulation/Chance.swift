#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Chance without state: numbers that follow from keys alone, in whatever order they are asked.
///
/// The mixer is the finaliser of SplitMix64 (Steele, Lea, Flood, “Fast splittable pseudorandom
/// number generators”, OOPSLA 2014), with the constants of Stafford’s variant 13.
enum Chance {
  /// A bijection of 64 bits in which every input bit reaches every output bit.
  @inline(__always) static func mix(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9e37_79b9_7f4a_7c15
    z = (z ^ (z &>> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z &>> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z &>> 31)
  }

  /// The key of `counter` under a key that is itself mixed.
  @inline(__always) static func key(_ key: UInt64, _ counter: UInt64) -> UInt64 {
    mix(key ^ (counter &* 0xd1b5_4a32_d192_ed03))
  }

  /// A number in 0 ..< 1 with 53 random bits.
  @inline(__always) static func uniform(_ bits: UInt64) -> Double {
    Double(bits &>> 11) * 0x1p-53
  }

  /// A number in 0 ..< `count`; the bias is below count ÷ 2³².
  @inline(__always) static func index(_ bits: UInt64, below count: Int) -> Int {
    Int(((bits &>> 32) &* UInt64(truncatingIfNeeded: count)) &>> 32)
  }

  /// A number drawn from the standard normal distribution.
  @inline(__always) static func normal(_ bits: UInt64) -> Double {
    quantile((Double(bits &>> 11) + 0.5) * 0x1p-53)
  }

  /// The quantile of the standard normal distribution, to about 1 part in 10⁷: algorithm AS 241
  /// (PPND7) of Wichura, Applied Statistics 37 (1988). Infinite at 0 and 1.
  @inline(__always) static func quantile(_ probability: Double) -> Double {
    let q = probability - 0.5
    if abs(q) <= 0.425 {
      let r = 0.180625 - q * q
      let above = ((59.109374720 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179
      let below = ((67.187563600 * r + 78.757757664) * r + 17.895169469) * r + 1
      return q * above / below
    }
    return tail(q, q < 0 ? probability : 1 - probability)
  }

  private static func tail(_ q: Double, _ outside: Double) -> Double {
    guard outside > 0 else { return q < 0 ? -.infinity : .infinity }
    let r = (-log(outside)).squareRoot()
    let size: Double
    if r <= 5 {
      let s = r - 1.6
      let above = ((0.17023821103 * s + 1.3067284816) * s + 2.7568153900) * s + 1.4234372777
      size = above / ((0.12021132975 * s + 0.73700164250) * s + 1)
    } else {
      let s = r - 5
      let above = ((0.017337203997 * s + 0.42868294337) * s + 3.0812263860) * s + 6.6579051150
      size = above / ((0.012258202635 * s + 0.24197894225) * s + 1)
    }
    return q < 0 ? -size : size
  }

  /// A key derived from bytes, eight at a time.
  static func key(of text: String) -> UInt64 {
    var hash = ByteHash()
    for byte in text.utf8 { hash.feed(byte) }
    return hash.finished
  }
}

/// Mixes bytes into a key, a word at a time. The length counts, so that no padding is ambiguous.
struct ByteHash {
  private var state: UInt64 = 0x2545_f491_4f6c_dd1d
  private var word: UInt64 = 0
  private var count: UInt64 = 0

  @inline(__always) mutating func feed(_ byte: UInt8) {
    word = (word &<< 8) | UInt64(byte)
    count &+= 1
    if count & 7 == 0 {
      state = Chance.mix(state ^ word)
      word = 0
    }
  }

  /// How many bytes were fed.
  @inline(__always) var isEmpty: Bool { count == 0 }

  @inline(__always) var finished: UInt64 { Chance.mix(Chance.mix(state ^ word) ^ count) }
}

/// `exp` of the C library.
@inline(__always) func exponential(_ value: Double) -> Double { exp(value) }

/// `log` of the C library.
func logarithm(_ value: Double) -> Double { log(value) }
