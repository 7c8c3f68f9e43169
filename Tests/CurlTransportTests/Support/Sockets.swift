#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The calls to the system that the servers of these tests need.
enum Sockets {
  struct Refused: Error { let what: String, code: Int32 }

  #if canImport(Darwin)
    private static let stream = SOCK_STREAM
  #else
    private static let stream = Int32(SOCK_STREAM.rawValue)
  #endif

  /// A listening socket on the loopback, and its port: one that the system chooses for 0.
  static func listen(
    isIPv6: Bool = false, port: Int = 0, backlog: Int32
  ) throws -> (Int32, Int) {
    let socket = make(isIPv6)
    var yes: Int32 = 1
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, 4)
    let code = withAddress(isIPv6, port: port) { bind(socket, $0, $1) }
    guard code == 0, Self.listen(socket, backlog) == 0 else {
      let refusal = Refused(what: "listen", code: errno)
      _ = close(socket)
      throw refusal
    }
    return (socket, Self.port(of: socket))
  }

  private static func listen(_ socket: Int32, _ backlog: Int32) -> Int32 {
    #if canImport(Glibc)
      Glibc.listen(socket, backlog)
    #elseif canImport(Musl)
      Musl.listen(socket, backlog)
    #else
      Darwin.listen(socket, backlog)
    #endif
  }

  /// A port on which nothing listens. It is none of those that systems give to whoever asks for any:
  /// a server of another test could get it, and be called in this one's place.
  static func freePort() throws -> Int {
    for _ in 0..<20 {
      let port = Int.random(in: 20_000..<30_000)
      guard let (socket, _) = try? listen(port: port, backlog: 1) else { continue }
      _ = close(socket)
      return port
    }
    throw Refused(what: "find a free port", code: errno)
  }

  /// A socket that begins to connect and does not wait for it.
  static func startConnecting(to port: Int) -> Int32 {
    let socket = make(false)
    _ = fcntl(socket, F_SETFL, O_NONBLOCK)
    _ = withAddress(false, port: port) { connect(socket, $0, $1) }
    return socket
  }

  /// A connection that stands; its sends and receives fail where it does not.
  static func connect(to port: Int) -> Int32 {
    let socket = make(false)
    _ = withAddress(false, port: port) { connect(socket, $0, $1) }
    return socket
  }

  private static func connect(
    _ socket: Int32, _ address: UnsafePointer<sockaddr>, _ length: socklen_t
  ) -> Int32 {
    #if canImport(Glibc)
      Glibc.connect(socket, address, length)
    #elseif canImport(Musl)
      Musl.connect(socket, address, length)
    #else
      Darwin.connect(socket, address, length)
    #endif
  }

  static func isConnected(_ socket: Int32) -> Bool {
    var address = sockaddr_in6()
    var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
    return withUnsafeMutableBytes(of: &address) { bytes in
      guard let start = bytes.baseAddress else { return false }
      return getpeername(socket, start.assumingMemoryBound(to: sockaddr.self), &length) == 0
    }
  }

  static func make(_ isIPv6: Bool) -> Int32 { socket(isIPv6 ? AF_INET6 : AF_INET, stream, 0) }

  static func neverSignal(_ socket: Int32) {
    #if canImport(Darwin)
      var yes: Int32 = 1
      setsockopt(socket, SOL_SOCKET, SO_NOSIGPIPE, &yes, 4)
    #endif
  }

  static func send(_ socket: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    #if canImport(Glibc)
      Glibc.send(socket, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
    #elseif canImport(Musl)
      Musl.send(socket, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
    #else
      Darwin.send(socket, bytes.baseAddress, bytes.count, 0)
    #endif
  }

  static func receive(_ socket: Int32, _ bytes: UnsafeMutableRawBufferPointer) -> Int {
    recv(socket, bytes.baseAddress, bytes.count, 0)
  }

  static func close(_ socket: Int32) -> Int32 {
    #if canImport(Glibc)
      Glibc.close(socket)
    #elseif canImport(Musl)
      Musl.close(socket)
    #else
      Darwin.close(socket)
    #endif
  }

  private static func port(of socket: Int32) -> Int {
    var address = sockaddr_in6()
    var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
    return withUnsafeMutableBytes(of: &address) { bytes in
      guard let start = bytes.baseAddress else { return 0 }
      getsockname(socket, start.assumingMemoryBound(to: sockaddr.self), &length)
      // The port has the same place in both kinds of address.
      return Int(bytes[2]) << 8 | Int(bytes[3])
    }
  }

  private static func withAddress(
    _ isIPv6: Bool, port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    if isIPv6 {
      var address = sockaddr_in6()
      address.sin6_family = sa_family_t(AF_INET6)
      address.sin6_port = in_port_t(port).bigEndian
      address.sin6_addr = in6addr_loopback
      return withUnsafeBytes(of: &address) { bytes in
        guard let start = bytes.baseAddress else { return -1 }
        return body(start.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
      }
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr = in_addr(s_addr: in_addr_t(0x7F00_0001).bigEndian)
    return withUnsafeBytes(of: &address) { bytes in
      guard let start = bytes.baseAddress else { return -1 }
      return body(start.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
    }
  }
}
