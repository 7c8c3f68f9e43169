import WaterfallProviders

/// What can be sent: a method, headers and a URL that nobody can read as something else.
///
/// Messages name a host or a header, never what follows them.
enum RequestCheck {
  /// Where the request goes; throws what is wrong with it. O(bytes of the URL and the headers)
  static func origin(of request: HTTPRequest) throws(HTTPFailure) -> Origin {
    try check(method: request.method, hasBody: request.body != nil)
    for header in request.headers { try check(header) }
    return try origin(ofURL: request.url)
  }

  // MARK: Method and headers

  private static func check(method: String, hasBody: Bool) throws(HTTPFailure) {
    switch method {
    case "GET", "POST": return
    case "HEAD" where hasBody: throw refusal("a HEAD request cannot have a body")
    case "CONNECT", "TRACE": throw refusal("the method \(method) is not for requests like these")
    default:
      if !isToken(method) { throw refusal("the method is not a word that HTTP allows") }
    }
  }

  private static func check(_ header: HTTPHeader) throws(HTTPFailure) {
    guard isToken(header.name) else {
      throw refusal("a header has a name that HTTP does not allow")
    }
    if breakingBytes.containsAny(of: header.value) {
      throw refusal("the value of the header \(header.name) has a line break or a NUL in it")
    }
    if framingLengths >> header.name.utf8.count & 1 == 1,
      framing.contains(where: header.name.isSame)
    {
      throw refusal("the header \(header.name) follows from the request and cannot be set")
    }
  }

  private static let breakingBytes = ByteSet("\r\n\0")

  /// What says where a request ends and how it travels: two opinions on that let one request be
  /// read as two.
  private static let framing = [
    "content-length", "transfer-encoding", "connection", "expect", "upgrade", "te", "trailer",
    "keep-alive", "proxy-connection",
  ]

  /// Which lengths those have, a bit for each: most headers need no closer look.
  private static let framingLengths: Int = framing.reduce(0) { $0 | 1 << $1.utf8.count }

  private static func isToken(_ word: String) -> Bool {
    !word.isEmpty && tokenBytes.containsAll(of: word)
  }

  private static let tokenBytes = ByteSet("-_!#$%&'*+.^`|~", withWords: true)

  // MARK: URL

  static func origin(ofURL url: String) throws(HTTPFailure) -> Origin {
    var url = url
    let result = url.withUTF8 { bytes in
      Result { () throws(HTTPFailure) in try origin(of: bytes) }
    }
    return try result.get()
  }

  private static func origin(
    of url: UnsafeBufferPointer<UInt8>
  ) throws(HTTPFailure) -> Origin {
    let isSecure = hasPrefix(url, "https://")
    guard isSecure || hasPrefix(url, "http://") else {
      throw refusal("the URL does not begin with http:// or https://")
    }
    let start = isSecure ? 8 : 7
    let end = url[start...].firstIndex { $0 == 0x2F || $0 == 0x3F || $0 == 0x23 } ?? url.count
    let authority = url[start..<end]
    if authority.contains(UInt8(ascii: "@")) {
      throw refusal("the URL has a user name or password in it; they belong into a header")
    }
    let (host, port) = try split(authority, usual: isSecure ? 443 : 80)
    for byte in url[end...] where byte <= 0x20 || byte >= 0x7F {
      throw refusal("the URL of \(host) has a character in it that has to be encoded")
    }
    return Origin(isSecure: isSecure, host: host, port: port)
  }

  private static func split(
    _ authority: Slice<UnsafeBufferPointer<UInt8>>, usual: Int
  ) throws(HTTPFailure) -> (host: String, port: Int) {
    let isAddress = authority.first == UInt8(ascii: "[")
    let hostEnd: Int
    if isAddress {
      guard let bracket = authority.firstIndex(of: UInt8(ascii: "]")) else { throw noHost }
      hostEnd = bracket + 1
    } else {
      hostEnd = authority.firstIndex(of: UInt8(ascii: ":")) ?? authority.endIndex
    }
    let host = authority[..<hostEnd]
    let allowed = isAddress ? addressBytes : hostBytes
    guard host.count > (isAddress ? 2 : 0), host.allSatisfy({ allowed.contains($0) }) else {
      throw noHost
    }
    var name = String(decoding: UnsafeBufferPointer(rebasing: host), as: UTF8.self)
    if host.contains(where: { $0 & 0x60 == 0x40 }) { name = name.lowercased() }
    guard hostEnd < authority.endIndex else { return (name, usual) }
    let digits = authority[(hostEnd + 1)...]
    guard authority[hostEnd] == UInt8(ascii: ":"), digits.count <= 5,
      let port = Int(String(decoding: digits, as: UTF8.self)), (1...65_535).contains(port)
    else { throw refusal("the URL of \(name) has no proper port") }
    return (name, port)
  }

  private static let noHost = refusal("the URL has no proper host")
  private static let hostBytes = ByteSet(".-_", withWords: true)
  private static let addressBytes = ByteSet(".-_[]:%", withWords: true)

  private static func hasPrefix(
    _ url: UnsafeBufferPointer<UInt8>, _ prefix: StaticString
  ) -> Bool {
    let length = prefix.utf8CodeUnitCount
    guard url.count > length else { return false }
    for index in 0..<length {
      let byte = url[index]
      let lower = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
      if lower != prefix.utf8Start[index] { return false }
    }
    return true
  }

  private static func refusal(_ message: String) -> HTTPFailure {
    HTTPFailure(.badRequest, message)
  }
}

extension String {
  /// Whether two names of headers are the same: capitals do not count.
  func isSame(as other: String) -> Bool {
    guard utf8.count == other.utf8.count else { return false }
    return zip(utf8, other.utf8).allSatisfy { left, right in
      left == right
        || (left ^ right) == 0x20 && (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(left | 0x20)
    }
  }
}
