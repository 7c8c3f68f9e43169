/// Sends HTTP exchanges. It knows nothing of manifests; what does the I/O lives among the drivers.
///
/// A transport may bound how many exchanges run at once. What it was given beyond that waits its
/// turn; an exchange starts, and its time begins, when it is taken up.
public protocol HTTPTransport: AnyObject, Sendable {
  /// Hands over one exchange, from any thread. `completion` is called exactly once, on the
  /// transport's own thread, and must not block; it may send, cancel and schedule. Only a transport
  /// that has been closed calls it at once, on the caller's thread, with the failure `cancelled`.
  @discardableResult
  func send(
    _ request: HTTPRequest,
    completion: @escaping @Sendable (Result<HTTPResponse, HTTPFailure>) -> Void
  ) -> HTTPExchangeID

  /// Ends an exchange early: its completion gets the failure `cancelled`. An exchange that has
  /// ended already is left alone.
  func cancel(_ exchange: HTTPExchangeID)

  /// Calls `work` once on the transport's own thread, no earlier than `delay` from now; never if
  /// the transport is closed before.
  func schedule(after delay: Duration, _ work: @escaping @Sendable () -> Void)
}

/// What everything that asks over HTTP has in common.
public enum HTTPBounds {
  /// The most exchanges that a process has under way at once, in total and with one host.
  public static let mostExchanges = 512
}

/// One exchange of a transport.
public struct HTTPExchangeID: Hashable, Sendable {
  public let number: UInt64
  public init(number: UInt64) { self.number = number }
}

/// One request, ready to send: everything in it is encoded already.
public struct HTTPRequest: Sendable, Equatable {
  /// A word of HTTP in capitals. HEAD has no body; CONNECT and TRACE are refused.
  public var method: String
  /// Absolute, with the scheme `http` or `https`, without a user name or password.
  public var url: String
  /// A transport adds what frames a request (length, connection and the like) and refuses it here;
  /// a value with a line break or a NUL is refused too.
  public var headers: [HTTPHeader]
  public var body: [UInt8]?
  public var timeouts: HTTPTimeouts
  public var redirects: RedirectRule
  /// The most bytes of a body that are taken, after decompression; a longer one is a failure.
  public var mostBytes: Int

  public init(
    method: String = "GET", url: String, headers: [HTTPHeader] = [], body: [UInt8]? = nil,
    timeouts: HTTPTimeouts = HTTPTimeouts(), redirects: RedirectRule = .sameOrigin,
    mostBytes: Int = 4 << 20
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.timeouts = timeouts
    self.redirects = redirects
    self.mostBytes = mostBytes
  }
}

public struct HTTPHeader: Sendable, Equatable {
  public var name: String
  public var value: String

  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// How long an exchange may take, from its start.
public struct HTTPTimeouts: Sendable, Equatable {
  /// To resolve the host, connect, and agree on TLS.
  public var connect = Duration.seconds(10)
  /// Until the answer begins.
  public var firstByte = Duration.seconds(60)
  /// Until the last byte of the answer, redirects included.
  public var total = Duration.seconds(120)

  public init() {}
}

/// Where a redirect may lead. Never from `https` to `http`, to another host never with the request's
/// own headers, and at most five in a row.
///
/// GET and HEAD follow the statuses 301, 302, 303, 307 and 308. Any other method follows 307 and 308
/// alone, and only within its origin: the others would make something else of it.
public enum RedirectRule: String, Sendable, CaseIterable {
  case none
  /// Scheme, host and port stay.
  case sameOrigin = "same_origin"
  /// Any host, over `https` only.
  case https
}

/// What came back.
public struct HTTPResponse: Sendable, Equatable {
  public var status: Int
  /// In the order received, names in lower case; those of the last response after redirects.
  public var headers: [HTTPHeader]
  /// Decompressed.
  public var body: [UInt8]
  /// From the start of the exchange to the last byte, in microseconds.
  public var latency: Int64

  public init(
    status: Int, headers: [HTTPHeader] = [], body: [UInt8] = [], latency: Int64 = 0
  ) {
    self.status = status
    self.headers = headers
    self.body = body
    self.latency = latency
  }

  /// The value of the first header with this lower-case name.
  public subscript(header name: String) -> String? {
    headers.first { $0.name == name }?.value
  }
}

/// Why no response came back.
public struct HTTPFailure: Error, Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable {
    /// The URL or a header is not one that can be sent.
    case badRequest = "bad_request"
    /// Nothing was sent: the host does not resolve, refuses, cannot be reached in time, or TLS is
    /// not agreed.
    case notConnected = "not_connected"
    /// Perhaps sent, and no whole response came: a broken connection or a time limit after the
    /// connection stood. A transport does not make such a request again by itself.
    case noAnswer = "no_answer"
    /// A response came that is not taken: too large, cut off, or garbled in its compression.
    case badResponse = "bad_response"
    /// A redirect that the request's rule refuses.
    case redirect
    case cancelled
  }

  public let kind: Kind
  /// What happened, in words, without secrets: host names, never a URL's query or a header.
  public let message: String
  /// From the start of the exchange, in microseconds.
  public let latency: Int64

  public init(_ kind: Kind, _ message: String, latency: Int64 = 0) {
    self.kind = kind
    self.message = message
    self.latency = latency
  }
}
