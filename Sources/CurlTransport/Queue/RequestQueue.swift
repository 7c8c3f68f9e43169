import DequeModule
import WaterfallProviders

/// The exchanges that wait because enough are running: in total, or with their host.
///
/// Among those that may start, the one that was sent first does.
struct RequestQueue {
  private let mostRunning: Int
  private let mostPerHost: Int
  private var running = 0
  private var hosts: [Origin: HostSlots] = [:]
  /// Hosts with exchanges that wait.
  private var lined: [HostSlots] = []
  private var last: HostSlots?

  /// More hosts than this are not remembered when they are idle.
  private static let mostIdleHosts = 1_024

  init(mostRunning: Int, mostPerHost: Int) {
    self.mostRunning = max(1, mostRunning)
    self.mostPerHost = max(1, mostPerHost)
  }

  mutating func add(_ exchange: Exchange, _ origin: Origin) {
    let host = slots(of: origin)
    if host.waiting.isEmpty { lined.append(host) }
    host.waiting.append(exchange)
  }

  /// The next exchange that may start; it counts as running. O(hosts with waiting exchanges)
  mutating func next() -> (Exchange, HostSlots)? {
    while running < mostRunning, let place = oldestReady() {
      let host = lined[place]
      let exchange = host.waiting.removeFirst()
      if host.waiting.isEmpty { lined.remove(at: place) }
      // A cancelled one is dropped when its turn comes.
      guard exchange.isWaiting else { continue }
      running += 1
      host.running += 1
      return (exchange, host)
    }
    return nil
  }

  /// How many hosts are remembered, busy ones included.
  var knownHosts: Int { hosts.count }

  mutating func ended(_ host: HostSlots) {
    running -= 1
    host.running -= 1
  }

  private func oldestReady() -> Int? {
    var best: (place: Int, number: UInt64)?
    for (place, host) in lined.enumerated() where host.running < mostPerHost {
      guard let number = host.waiting.first?.id.number else { continue }
      if best.map({ number < $0.number }) ?? true { best = (place, number) }
    }
    return best?.place
  }

  private mutating func slots(of origin: Origin) -> HostSlots {
    if let last, last.origin == origin { return last }
    let slots: HostSlots
    if let known = hosts[origin] {
      slots = known
    } else {
      if hosts.count >= Self.mostIdleHosts {
        hosts = hosts.filter { $0.value.running > 0 || !$0.value.waiting.isEmpty }
        last = nil
      }
      slots = HostSlots(origin)
      hosts[origin] = slots
    }
    last = slots
    return slots
  }
}

/// What runs and waits for one scheme, host and port.
final class HostSlots {
  let origin: Origin
  fileprivate(set) var running = 0
  fileprivate var waiting = Deque<Exchange>()

  init(_ origin: Origin) { self.origin = origin }
}
