import Synchronization

/// Answers exchanges out of a script, and keeps what was sent. It has a clock of its own, on which
/// waiting takes no time: `run` does all that is due, in order, until nothing is left.
final class RehearsalTransport: HTTPTransport {
  /// One answer of the script.
  typealias Line = Result<HTTPResponse, HTTPFailure>

  private struct State {
    var script: [Line] = []
    var sent: [HTTPRequest] = []
    var exchanges: UInt64 = 0
    var elapsed = Duration.zero
    /// By time, and by age among those of one time.
    var due: [(at: Duration, work: @Sendable () -> Void)] = []
  }

  private let start = ContinuousClock.now
  /// Requests to it are for a token, and not part of the script.
  private let tokenURL: String?
  private let state = Mutex(State())

  init(tokenURL: String? = nil) { self.tokenURL = tokenURL }

  /// Access to a provider by way of this transport, with a sample key.
  var access: HTTPAccess {
    HTTPAccess(transport: self, now: { [self] in now }, key: { SampleValues.key })
  }

  var now: ContinuousClock.Instant { start + state.withLock { $0.elapsed } }

  /// What was sent since the last script, without requests for tokens.
  var sent: [HTTPRequest] { state.withLock { $0.sent } }

  /// The answers to come, in this order. What was sent is forgotten.
  func play(_ script: [Line]) {
    state.withLock { ($0.script, $0.sent) = (script, []) }
  }

  func send(
    _ request: HTTPRequest,
    completion: @escaping @Sendable (Result<HTTPResponse, HTTPFailure>) -> Void
  ) -> HTTPExchangeID {
    state.withLock { state in
      state.exchanges += 1
      if let tokenURL, request.url == tokenURL {
        Self.add(&state, .zero) { completion(.success(Self.token)) }
      } else {
        state.sent.append(request)
        // Whoever asks on hears the last answer again.
        let line = state.script.first ?? Self.silence
        if state.script.count > 1 { state.script.removeFirst() }
        Self.add(&state, .zero) { completion(line) }
      }
      return HTTPExchangeID(number: state.exchanges)
    }
  }

  /// Nothing is ever under way: an exchange is answered by the next `run`.
  func cancel(_ exchange: HTTPExchangeID) {}

  func schedule(after delay: Duration, _ work: @escaping @Sendable () -> Void) {
    state.withLock { Self.add(&$0, delay, work) }
  }

  func run() {
    while let work = next() { work() }
  }

  private func next() -> (@Sendable () -> Void)? {
    state.withLock { state in
      guard !state.due.isEmpty else { return nil }
      let first = state.due.removeFirst()
      state.elapsed = max(state.elapsed, first.at)
      return first.work
    }
  }

  private static func add(
    _ state: inout State, _ delay: Duration, _ work: @escaping @Sendable () -> Void
  ) {
    let at = state.elapsed + delay
    let place = state.due.firstIndex { $0.at > at } ?? state.due.endIndex
    state.due.insert((at, work), at: place)
  }

  private static let silence = Line.failure(
    HTTPFailure(.notConnected, "the rehearsal has no more answers"))

  private static let token = HTTPResponse(
    status: 200, body: Array(#"{"access_token": "sample-token", "expires_in": 3600}"#.utf8))
}
