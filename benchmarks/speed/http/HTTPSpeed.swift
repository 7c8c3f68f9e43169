import CurlTransport
import Dispatch
import Synchronization
import WaterfallProviders

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Measures the transport: the same request many times over, so many of them at once.
///
///     swift run -c release http-speed URL [--exchanges N] [--in-flight K] [--body TEXT]
@main enum HTTPSpeed {
  static func main() throws {
    guard let order = SpeedOrder(CommandLine.arguments.dropFirst()) else {
      print("usage: http-speed URL [--exchanges N] [--in-flight K] [--body TEXT]")
      exit(64)
    }
    var options = CurlTransport.Options(environment: [:])
    options.mostInFlight = order.inFlight
    options.mostPerHost = order.inFlight
    let transport = try CurlTransport(options)
    let race = Race(transport, order)
    race.run(exchanges: min(order.exchanges, order.inFlight * 4))  // opens the connections
    let before = processTime()
    let time = ContinuousClock().measure { race.run(exchanges: order.exchanges) }
    let processor = processTime() - before
    print("\(order.exchanges) exchanges, \(order.inFlight) in flight, \(race.failures) failed")
    print("\(perSecond(order.exchanges, time)) exchanges/s in \(time)")
    print(
      "processor time: \(processor), \(perSecond(order.exchanges, processor)) exchanges/s of one core"
    )
    if let failure = race.firstFailure { print("first failure: \(failure)") }
    transport.close()
    if race.failures > 0 { exit(1) }
  }

  static func processTime() -> Duration {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
  }

  static func perSecond(_ count: Int, _ time: Duration) -> Int {
    Int(Double(count) / max(time / .seconds(1), 1e-9))
  }
}

/// What is to be measured.
struct SpeedOrder: Sendable {
  let request: HTTPRequest
  var exchanges = 200_000
  var inFlight = 64

  init?(_ arguments: some Sequence<String>) {
    var url: String?
    var body: String?
    var iterator = arguments.makeIterator()
    while let argument = iterator.next() {
      switch argument {
      case "--exchanges":
        guard let count = iterator.next().flatMap({ Int($0) }), count > 0 else { return nil }
        exchanges = count
      case "--in-flight":
        guard let count = iterator.next().flatMap({ Int($0) }), count > 0 else { return nil }
        inFlight = count
      case "--body": body = iterator.next()
      default: url = argument
      }
    }
    guard let url else { return nil }
    request = HTTPRequest(
      method: body == nil ? "GET" : "POST", url: url,
      headers: [HTTPHeader("Accept", "application/json"), HTTPHeader("X-Api-Key", "none")],
      body: body.map { Array($0.utf8) })
  }
}

/// Keeps so many exchanges in flight: each that ends starts the next.
final class Race: Sendable {
  private struct Count {
    var left = 0
    var running = 0
    var failures = 0
    var firstFailure: String?
  }

  private let transport: CurlTransport
  private let order: SpeedOrder
  private let count = Mutex(Count())
  private let end = DispatchSemaphore(value: 0)

  init(_ transport: CurlTransport, _ order: SpeedOrder) {
    self.transport = transport
    self.order = order
  }

  var failures: Int { count.withLock { $0.failures } }
  var firstFailure: String? { count.withLock { $0.firstFailure } }

  /// Returns when all have ended.
  func run(exchanges: Int) {
    let first = min(exchanges, order.inFlight)
    count.withLock {
      $0.left = exchanges - first
      $0.running = first
    }
    for _ in 0..<first { sendOne() }
    end.wait()
  }

  private func sendOne() {
    transport.send(order.request) { [self] result in
      let (goesOn, isLast) = count.withLock { count in
        switch result {
        case .success(let response) where (200...299).contains(response.status): break
        case .success(let response):
          count.failures += 1
          count.firstFailure = count.firstFailure ?? "status \(response.status)"
        case .failure(let failure):
          count.failures += 1
          count.firstFailure = count.firstFailure ?? failure.message
        }
        guard count.left > 0 else {
          count.running -= 1
          return (false, count.running == 0)
        }
        count.left -= 1
        return (true, false)
      }
      if goesOn { sendOne() }
      if isLast { end.signal() }
    }
  }
}
