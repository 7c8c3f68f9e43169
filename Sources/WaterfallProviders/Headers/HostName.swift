/// The host of what people write as a website: `https://www.acme.com:443/about` is `acme.com`.
enum HostName {
  /// The host of a text, in lower case, without scheme, user, port, path and `www.`; empty where
  /// there is none. O(length).
  static func host(of text: String) -> String {
    var text = text
    let host = text.withUTF8 { bytes in
      String(decoding: UnsafeBufferPointer(rebasing: bytes[range(in: bytes)]), as: UTF8.self)
    }
    return host.lowercased()
  }

  /// The host without its last label, dots as spaces: `cantwell senate` of `cantwell.senate.gov`.
  static func name(in text: String) -> String {
    var labels = host(of: text).split(separator: ".")
    if labels.count > 1 { labels.removeLast() }
    return labels.joined(separator: " ")
  }

  /// Where the host stands in the bytes of a text.
  @inline(__always) static func range(in bytes: UnsafeBufferPointer<UInt8>) -> Range<Int> {
    var start = 0
    while start < bytes.count, isSpace(bytes[start]) { start += 1 }
    var end = start
    var index = start
    scan: while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: ":"):
        if index + 2 < bytes.count, bytes[index + 1] == slash, bytes[index + 2] == slash {
          index += 2
          start = index + 1
        } else {
          break scan
        }
      case UInt8(ascii: "@"): start = index + 1
      case slash:
        // `//acme.com` leaves the scheme to the reader.
        guard index == start, index + 1 < bytes.count, bytes[index + 1] == slash else { break scan }
        index += 1
        start = index + 1
      case UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "\\"): break scan
      default: if isSpace(bytes[index]) { break scan }
      }
      index += 1
      end = index
    }
    end = max(index, start)
    while end > start, bytes[end - 1] == UInt8(ascii: ".") { end -= 1 }
    if end - start > 4, bytes[start + 3] == UInt8(ascii: "."),
      (start..<start + 3).allSatisfy({ bytes[$0] | 0x20 == UInt8(ascii: "w") })
    {
      start += 4
    }
    return start..<end
  }

  /// Where the last label of a host starts, with its dot; the end where there is one label.
  @inline(__always) static func endOfName(
    in bytes: UnsafeBufferPointer<UInt8>, host: Range<Int>
  ) -> Int {
    bytes[host].lastIndex(of: UInt8(ascii: ".")) ?? host.upperBound
  }

  private static var slash: UInt8 { UInt8(ascii: "/") }

  @inline(__always) private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (9...13).contains(byte)
  }
}
