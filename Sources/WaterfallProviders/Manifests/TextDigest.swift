import Crypto

/// SHA-256 of a text's UTF-8 bytes.
enum TextDigest {
  /// In lower-case hexadecimal.
  static func hex(_ text: String) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var hash = SHA256()
    hash.update(data: Array(text.utf8))
    let bytes = hash.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: bytes, as: UTF8.self)
  }
}
