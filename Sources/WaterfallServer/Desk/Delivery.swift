import WaterfallProviders

/// What goes back over the wire, and how.
struct Delivery: Sendable {
  enum Way: Sendable, Equatable {
    case whole
    /// The connection ends before an answer begins.
    case broken
    /// Nothing, until the other side gives up.
    case silent
    /// The head and half of the body, and then the connection is reset.
    case reset
    /// Twice on the same connection, as if it had been asked for again.
    case twice
    /// A byte at a time, with this pause before each.
    case drip(Duration)
  }

  var response: HTTPResponse
  var way = Way.whole
  /// Before anything is sent.
  var delay = Duration.zero

  init(_ response: HTTPResponse, _ way: Way = .whole) {
    self.response = response
    self.way = way
  }

  static let broken = Delivery(HTTPResponse(status: 500), .broken)

  /// An answer on its way through a fault, if there is one.
  init(_ response: HTTPResponse, after fault: Fault?) {
    self.init(response)
    switch fault?.kind {
    case .latency: delay = fault?.wait ?? .seconds(1)
    case .timeout: way = .silent
    case .reset: way = .reset
    case .duplicate: way = .twice
    case .slowLoris: way = .drip(fault?.wait ?? .seconds(1))
    case .truncated: self.response.body.removeLast((response.body.count + 1) / 2)
    default: break
    }
  }
}
