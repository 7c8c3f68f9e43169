import Synchronization
import Testing
import WaterfallCore

@testable import WaterfallProviders

/// A transport that answers as the test says, on a clock that moves only when the test says.
final class ScriptedTransport: HTTPTransport {
  typealias Line = Result<HTTPResponse, HTTPFailure>

  /// What becomes of one exchange; nil: it stays without an answer for ever.
  struct Reply: Sendable {
    var line: Line
    var after: Duration = .milliseconds(10)

    static func status(
      _ status: Int, _ body: String = "{}", _ headers: [String: String] = [:],
      after: Duration = .milliseconds(10)
    ) -> Reply {
      let headers = headers.sorted { $0.key < $1.key }.map { HTTPHeader($0.key, $0.value) }
      return Reply(
        line: .success(HTTPResponse(status: status, headers: headers, body: Array(body.utf8))),
        after: after)
    }

    static func failure(_ kind: HTTPFailure.Kind) -> Reply {
      Reply(line: .failure(HTTPFailure(kind, "\(kind)")))
    }
  }

  /// Told the request and how many there were before it.
  typealias Script = @Sendable (HTTPRequest, Int) -> Reply?

  struct Sent: Sendable {
    let at: Duration
    let request: HTTPRequest
  }

  private struct State {
    var elapsed = Duration.zero
    var sent: [Sent] = []
    var underWay = 0
    var mostAtOnce = 0
    var due: [(at: Duration, work: @Sendable () -> Void)] = []
  }

  private let start = ContinuousClock.now
  private let script: Script
  private let state = Mutex(State())

  init(_ script: @escaping Script) { self.script = script }

  /// One reply after the other; the last one again and again.
  convenience init(_ replies: [Reply]) {
    self.init { _, number in replies[min(number, replies.count - 1)] }
  }

  var now: ContinuousClock.Instant { start + elapsed }
  var elapsed: Duration { state.withLock { $0.elapsed } }
  var sent: [Sent] { state.withLock { $0.sent } }
  var requests: [HTTPRequest] { sent.map(\.request) }
  var mostAtOnce: Int { state.withLock { $0.mostAtOnce } }

  func send(
    _ request: HTTPRequest, completion: @escaping @Sendable (Line) -> Void
  ) -> HTTPExchangeID {
    let number = state.withLock { state in
      state.sent.append(Sent(at: state.elapsed, request: request))
      state.underWay += 1
      state.mostAtOnce = max(state.mostAtOnce, state.underWay)
      return state.sent.count - 1
    }
    // As a real transport does: no header can be broken out of.
    let isBroken = request.headers.contains { header in
      header.value.unicodeScalars.contains { ["\r", "\n", "\0"].contains($0) }
    }
    let reply = isBroken ? .failure(.badRequest) : script(request, number)
    if let reply {
      schedule(after: reply.after) { [self] in
        state.withLock { $0.underWay -= 1 }
        completion(reply.line)
      }
    }
    return HTTPExchangeID(number: UInt64(number))
  }

  func cancel(_ exchange: HTTPExchangeID) {}

  func schedule(after delay: Duration, _ work: @escaping @Sendable () -> Void) {
    state.withLock { state in
      let at = state.elapsed + delay
      let place = state.due.firstIndex { $0.at > at } ?? state.due.endIndex
      state.due.insert((at, work), at: place)
    }
  }

  /// Does everything that is due until `duration` from now.
  func advance(_ duration: Duration) {
    let end = elapsed + duration
    while let work = next(until: end) { work() }
    state.withLock { $0.elapsed = end }
  }

  /// Does everything, until nothing is left to come.
  func finish() {
    while let work = next(until: .seconds(1_000_000)) { work() }
  }

  private func next(until end: Duration) -> (@Sendable () -> Void)? {
    state.withLock { state in
      guard let first = state.due.first, first.at <= end else { return nil }
      state.due.removeFirst()
      state.elapsed = max(state.elapsed, first.at)
      return first.work
    }
  }
}
