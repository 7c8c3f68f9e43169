/// Where a request goes: scheme, host and port.
struct Origin: Hashable {
  let isSecure: Bool
  /// In lower case; an IPv6 address with its brackets.
  let host: String
  let port: Int

  /// The host, with the port where it is not the usual one.
  var name: String { hasUsualPort ? host : "\(host):\(port)" }

  /// This machine: what a proxy would find under such a name is another one.
  var isLoopback: Bool {
    if host.hasPrefix("127.") {
      return host.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
    }
    return host == "localhost" || host.hasSuffix(".localhost") || host == "[::1]"
  }

  var hasUsualPort: Bool { port == (isSecure ? 443 : 80) }

  /// The same server in the eyes of whoever trusts it with a header.
  func isSameHost(as other: Origin) -> Bool {
    host == other.host && (port == other.port || hasUsualPort && other.hasUsualPort)
  }
}
