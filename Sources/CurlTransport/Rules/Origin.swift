/// Where a request goes: scheme, host and port.
struct Origin: Hashable {
  let isSecure: Bool
  /// In lower case; an IPv6 address with its brackets.
  let host: String
  let port: Int

  /// The host, with the port where it is not the usual one.
  var name: String { hasUsualPort ? host : "\(host):\(port)" }

  var hasUsualPort: Bool { port == (isSecure ? 443 : 80) }

  /// The same server in the eyes of whoever trusts it with a header.
  func isSameHost(as other: Origin) -> Bool {
    host == other.host && (port == other.port || hasUsualPort && other.hasUsualPort)
  }
}
