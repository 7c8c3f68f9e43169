import WaterfallCore
import WaterfallProviders

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension CurlTransport {
  /// How a transport treats all its exchanges.
  public struct Options: Sendable, Equatable {
    /// The most exchanges that run at once; others wait.
    public var mostInFlight = HTTPBounds.mostExchanges
    /// The most of them with the same scheme, host and port.
    public var mostPerHost = HTTPBounds.mostExchanges
    public var proxies = Proxies()
    /// A file of certificates (PEM) to trust instead of the system's.
    public var certificateFile: String?
    /// Sent where a request has no such header itself.
    public var userAgent = "waterfall"
    /// How long a connection that nobody uses is kept, in seconds.
    public var idleSeconds = 60
    /// How long a host's address is remembered, in seconds.
    public var namesSeconds = 60

    public init() {}

    /// With the usual variables of an environment: see `Proxies.init(environment:)`, and
    /// `SSL_CERT_FILE`.
    public init(environment: [String: String]) {
      proxies = Proxies(environment: environment)
      certificateFile = environment["SSL_CERT_FILE"].flatMap { $0.isEmpty ? nil : $0 }
    }
  }

  /// Which proxy a request goes through. This machine (`localhost`, 127.0.0.0/8 and ::1) is asked
  /// directly, always.
  public struct Proxies: Sendable, Equatable {
    /// For `http` and `https`: a URL with the scheme `http`, `https`, `socks4`, `socks4a`, `socks5`
    /// or `socks5h` (without one, `http`), perhaps with user and password.
    public var http: String?
    public var https: String?
    /// Hosts that are asked directly: names, which stand for what is below them too, addresses and
    /// networks, separated by commas; `*` for all.
    public var except: String?
    /// The variables of the environment that named them, for messages.
    public var httpVariable: String?
    public var httpsVariable: String?

    public init(http: String? = nil, https: String? = nil, except: String? = nil) {
      self.http = http
      self.https = https
      self.except = except
    }

    /// From `http_proxy` (in lower case only: a web server gives a caller's header the other name),
    /// `https_proxy`, `all_proxy` and `no_proxy`, the last three in capitals too.
    public init(environment: [String: String]) {
      func variable(_ names: String...) -> String? {
        names.first { environment[$0]?.isEmpty == false }
      }
      func value(_ name: String?) -> String? { name.flatMap { environment[$0] } }
      httpVariable = variable("http_proxy", "all_proxy", "ALL_PROXY")
      httpsVariable = variable("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
      http = value(httpVariable)
      https = value(httpsVariable)
      except = value(variable("no_proxy", "NO_PROXY"))
    }

    func url(isSecure: Bool, isLoopback: Bool) -> String? {
      isLoopback ? nil : isSecure ? https : http
    }

    /// Host and port, without a password.
    static func name(_ proxy: String) -> String {
      guard let address = WebAddress(proxy, guessesScheme: true) else { return "" }
      // What libcurl takes for a proxy without a port.
      let usual = address.scheme == "https" ? 443 : 1_080
      return "\(address.host):\(address.hasPort ? address.port : usual)"
    }
  }
}

extension CurlTransport.Options {
  /// Finds out what would make every exchange fail.
  func check() throws(UserError) {
    for (proxy, scheme, variable) in [
      (proxies.http, "http", proxies.httpVariable), (proxies.https, "https", proxies.httpsVariable),
    ] {
      guard let proxy else { continue }
      let known = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"]
      guard let address = WebAddress(proxy, guessesScheme: true), known.contains(address.scheme)
      else {
        throw UserError(
          .input, "the proxy for \(scheme) is not the URL of a proxy", place: variable,
          remedy: "Write it as http://host:port, or leave it out.")
      }
    }
    if userAgent.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
      throw UserError(
        .input, "the user agent has a line break or another control character in it",
        remedy: "Write it on one line.")
    }
    guard let file = certificateFile, access(file, R_OK) != 0 else { return }
    throw UserError(
      .io, "cannot read the trusted certificates: \(systemWords(errno))", place: file,
      remedy: "Name a readable file of certificates in PEM format, or none.")
  }
}
