/// Some of the bytes of ASCII.
struct ByteSet {
  private var low: UInt64 = 0
  private var high: UInt64 = 0

  /// These, and with `withWords` the letters and digits too.
  init(_ bytes: String, withWords: Bool = false) {
    let words = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    for byte in (bytes + (withWords ? words : "")).utf8 {
      if byte < 64 { low |= 1 << UInt64(byte) } else { high |= 1 << UInt64(byte - 64) }
    }
  }

  @inline(__always) func contains(_ byte: UInt8) -> Bool {
    byte < 64 ? low >> UInt64(byte) & 1 == 1 : byte < 128 && high >> UInt64(byte - 64) & 1 == 1
  }

  func containsAll(of text: String) -> Bool {
    var text = text
    return text.withUTF8 { bytes in bytes.allSatisfy { contains($0) } }
  }

  func containsAny(of text: String) -> Bool {
    var text = text
    return text.withUTF8 { bytes in bytes.contains { contains($0) } }
  }
}
