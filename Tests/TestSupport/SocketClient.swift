import Foundation

/// A client of HTTP/1.1 over a plain socket, which shows what really came over the wire.
public struct SocketClient: Sendable {
  public enum Ending: String, Sendable {
    /// The whole body came.
    case complete
    /// The connection was closed in good order, too early.
    case closed
    case reset
    /// Nothing more came in time.
    case timedOut
  }

  public struct Reply: Sendable {
    public var status = 0
    /// Names in lower case.
    public var headers: [String: String] = [:]
    public var body: [UInt8] = []
    public var ending = Ending.complete
    /// Pieces in which it came.
    public var pieces = 0

    public init() {}

    public var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as JSON; nil where it is none.
    public var json: [String: Any]? {
      (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any]
    }
  }

  public let port: UInt16

  public init(port: UInt16) { self.port = port }

  /// One request on a connection of its own. `patience` is how long it waits for the next byte.
  public func send(
    _ method: String = "GET", _ target: String, headers: [String: String] = [:],
    body: String? = nil, patience: Duration = .seconds(20)
  ) throws -> Reply {
    let socket = try connect(patience)
    defer { close(socket) }
    var text = "\(method) \(target) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n"
    for (name, value) in headers.sorted(by: { $0.key < $1.key }) { text += "\(name): \(value)\r\n" }
    if let body { text += "Content-Length: \(body.utf8.count)\r\n" }
    text += "\r\n" + (body ?? "")
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(socket, $0.baseAddress, $0.count) }
      guard count > 0 else { throw Failure(what: "cannot write", number: errno) }
      rest = rest.dropFirst(count)
    }
    return read(from: socket)
  }

  public struct Failure: Error {
    public let what: String
    public let number: Int32
  }

  private func connect(_ patience: Duration) throws -> Int32 {
    #if canImport(Glibc) || canImport(Musl)
      let kind = Int32(SOCK_STREAM.rawValue)
    #else
      let kind = SOCK_STREAM
    #endif
    let socket = Foundation.socket(AF_INET, kind, 0)
    guard socket >= 0 else { throw Failure(what: "no socket", number: errno) }
    let (seconds, fraction) = patience.components
    var limit = timeval()
    limit.tv_sec = numericCast(seconds)
    limit.tv_usec = numericCast(fraction / 1_000_000_000_000)
    setsockopt(
      socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Foundation.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else {
      let number = errno
      close(socket)
      throw Failure(what: "cannot connect", number: number)
    }
    return socket
  }

  private func read(from socket: Int32) -> Reply {
    var reply = Reply()
    var bytes: [UInt8] = []
    var bodyStart: Int?
    var length: Int?
    var room = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Foundation.read(socket, &room, room.count)
      if count <= 0 {
        reply.ending =
          count == 0 ? .closed : errno == ECONNRESET || errno == EPIPE ? .reset : .timedOut
        break
      }
      reply.pieces += 1
      bytes += room[..<count]
      if bodyStart == nil, let end = Self.endOfHead(bytes) {
        bodyStart = end
        Self.readHead(bytes[..<end], into: &reply)
        length = reply.headers["content-length"].flatMap { Int($0) }
        if reply.status == 204 || reply.status == 304 { length = 0 }
      }
      if let bodyStart, let length, bytes.count - bodyStart >= length { break }
    }
    if let bodyStart { reply.body = Array(bytes[bodyStart...]) }
    return reply
  }

  private static func endOfHead(_ bytes: [UInt8]) -> Int? {
    let mark = Array("\r\n\r\n".utf8)
    guard bytes.count >= 4 else { return nil }
    return (0...(bytes.count - 4)).first { bytes[$0..<($0 + 4)].elementsEqual(mark) }.map { $0 + 4 }
  }

  private static func readHead(_ bytes: ArraySlice<UInt8>, into reply: inout Reply) {
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\r\n")
    reply.status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      reply.headers[line[..<colon].lowercased()] = line[line.index(after: colon)...]
        .trimmingCharacters(in: .whitespaces)
    }
  }
}
