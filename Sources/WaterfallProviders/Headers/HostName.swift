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
    // Where a port would start, unless an at sign shows that it was a password.
    var port: Int?
    var index = start
    scan: while index < bytes.count {
      switch bytes[index] {
      case slash:
        // The two strokes after a scheme, or at the very start, which leaves the scheme out.
        let isAuthority = index == start || (port.map { $0 + 1 == index } ?? false)
        guard isAuthority, index + 1 < bytes.count, bytes[index + 1] == slash else { break scan }
        (start, port) = (index + 2, nil)
        index += 1
      case UInt8(ascii: "@"): (start, port) = (index + 1, nil)
      case UInt8(ascii: ":"): if port == nil { port = index }
      case UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "\\"): break scan
      default: if isSpace(bytes[index]) { break scan }
      }
      index += 1
    }
    var end = max(start, port ?? index)
    while end > start, bytes[end - 1] == UInt8(ascii: ".") { end -= 1 }
    return withoutWWW(start..<end, bytes)
  }

  /// Passes over a leading `www.`, unless one label alone would be left.
  @inline(__always) private static func withoutWWW(
    _ host: Range<Int>, _ bytes: UnsafeBufferPointer<UInt8>
  ) -> Range<Int> {
    let dot = UInt8(ascii: ".")
    guard host.count > 4, bytes[host.lowerBound + 3] == dot,
      host.prefix(3).allSatisfy({ bytes[$0] | 0x20 == UInt8(ascii: "w") })
    else { return host }
    let rest = (host.lowerBound + 4)..<host.upperBound
    return bytes[rest].contains(dot) ? rest : host
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
