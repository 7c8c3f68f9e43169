import Hashing
import Testing

@Suite struct SHA256Tests {
  /// The short examples of FIPS 180-4, and the digest of nothing.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ]) func knownDigests(text: String, digest: String) {
    #expect(SHA256.digest(text).hexadecimal == digest)
  }

  /// The long one: an argument of this length would fill the log.
  @Test func aMillionLetters() {
    let digest = SHA256.digest(String(repeating: "a", count: 1_000_000)).hexadecimal
    #expect(digest == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test func howTheBytesComeMakesNoDifference() {
    let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0 * 7) }
    let whole = bytes.withUnsafeBytes { SHA256.digest($0).bytes }
    for cut in bytes.indices {
      var hash = SHA256()
      bytes[..<cut].withUnsafeBytes { hash.update($0) }
      bytes[cut...].withUnsafeBytes { hash.update($0) }
      #expect(hash.finish().bytes == whole, "cut at \(cut)")
    }
  }

  @Test func afterADigestAnotherOneBegins() {
    var hash = SHA256()
    "left from before".utf8.withContiguousStorageIfAvailable {
      hash.update(UnsafeRawBufferPointer($0))
    }
    _ = hash.finish()
    #expect(hash.finish().hexadecimal == SHA256.digest("").hexadecimal)
  }

  @Test func theFirstHalfIsThatOfTheDigits() {
    let digest = SHA256.digest("abc")
    #expect(digest.firstHalf.high == 0xba78_16bf_8f01_cfea)
    #expect(digest.firstHalf.low == 0x4141_40de_5dae_2223)
    #expect(digest.bytes.count == 32 && digest.bytes.last == 0xad)
  }
}
