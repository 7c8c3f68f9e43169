/// Sends HTTP exchanges. It knows nothing of manifests; what does the I/O lives among the drivers.
public protocol HTTPTransport: AnyObject, Sendable {
  /// Starts one exchange. `completion` is called exactly once, on the transport's own thread, and
  /// must not block; it may start other exchanges and timers.
  @discardableResult
  func send(
    _ request: HTTPRequest,
    completion: @escaping @Sendable (Result<HTTPResponse, HTTPFailure>) -> Void
  ) -> HTTPExchangeID

  /// Ends an exchange early: its completion gets the failure `cancelled`. An exchange that has
  /// ended already is left alone.
  func cancel(_ exchange: HTTPExchangeID)

  /// Calls `work` once on the transport's own thread, no earlier than `delay` from now.
  func schedule(after delay: Duration, _ work: @escaping @Sendable () -> Void)
}

/// One exchange of a transport.
public struct HTTPExchangeID: Hashable, Sendable {
  public let number: UInt64
  public init(number: UInt64) { self.number = number }
}

/// One request, ready to send: everything in it is encoded already.
public struct HTTPRequest: Sendable, Equatable {
  public var method: String
  /// Absolute, with the scheme `http` or `https`.
  public var url: String
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

/// How long an exchange may take.
public struct HTTPTimeouts: Sendable, Equatable {
  /// To resolve the host, connect, and agree on TLS.
  public var connect = Duration.seconds(10)
  /// From the start until the first byte of the answer.
  public var firstByte = Duration.seconds(60)
  /// From the start until the last byte of the answer.
  public var total = Duration.seconds(120)

  public init() {}
}

/// Where a redirect may lead. Never from `https` to `http`, and to another host never with the
/// request's own headers.
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
    /// Not connected: the host does not resolve, refuses, cannot be reached, or TLS is not agreed.
    case notConnected = "not_connected"
    /// Perhaps sent, and no whole response came: a broken connection or a time limit after the
    /// connection stood.
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
