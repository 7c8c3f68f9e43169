#if canImport(CommonCrypto)
  import CommonCrypto
#else
  import CCrypto
#endif

/// SHA-256 (FIPS 180-4) of bytes that come bit by bit. A value: no allocation but for what it
/// returns.
public struct SHA256 {
  #if canImport(CommonCrypto)
    private var context = CC_SHA256_CTX()
  #else
    private var context = SHA256_CTX()
  #endif

  public init() { start() }

  private mutating func start() {
    #if canImport(CommonCrypto)
      CC_SHA256_Init(&context)
    #else
      SHA256_Init(&context)
    #endif
  }

  /// O(bytes).
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard !bytes.isEmpty else { return }
    #if canImport(CommonCrypto)
      CC_SHA256_Update(&context, bytes.baseAddress, CC_LONG(bytes.count))
    #else
      SHA256_Update(&context, bytes.baseAddress, bytes.count)
    #endif
  }

  /// The digest of everything since the start, or since the last digest; another one begins.
  public mutating func finish() -> Digest {
    var digest = Digest()
    withUnsafeMutableBytes(of: &digest.words) { words in
      let bytes = words.bindMemory(to: UInt8.self).baseAddress
      #if canImport(CommonCrypto)
        CC_SHA256_Final(bytes, &context)
      #else
        SHA256_Final(bytes, &context)
      #endif
    }
    start()
    return digest
  }

  /// The digest of these bytes.
  public static func digest(_ bytes: UnsafeRawBufferPointer) -> Digest {
    var hash = SHA256()
    hash.update(bytes)
    return hash.finish()
  }

  /// The digest of a text's UTF-8.
  public static func digest(_ text: String) -> Digest {
    var text = text
    return text.withUTF8 { digest(UnsafeRawBufferPointer($0)) }
  }

  /// 32 bytes.
  public struct Digest: Sendable {
    fileprivate var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    /// The first half of its 256 bits, read as two numbers in big-endian order.
    public var firstHalf: (high: UInt64, low: UInt64) {
      (UInt64(bigEndian: words.0), UInt64(bigEndian: words.1))
    }

    public var bytes: [UInt8] { withUnsafeBytes(of: words) { Array($0) } }

    /// 64 lower-case digits.
    public var hexadecimal: String {
      let digits = StaticString("0123456789abcdef").utf8Start
      return String(unsafeUninitializedCapacity: 64) { text in
        for (index, byte) in bytes.enumerated() {
          text[2 * index] = digits[Int(byte >> 4)]
          text[2 * index + 1] = digits[Int(byte & 15)]
        }
        return 64
      }
    }
  }
}
