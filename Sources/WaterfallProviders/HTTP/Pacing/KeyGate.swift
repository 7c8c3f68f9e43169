import Synchronization

/// Lets exchanges of one key through as its limits allow: several windows at once, a bound on
/// exchanges at the same time, and pauses that the provider asked for. Shared by everything that
/// asks with the key. First come, first served, in each of two lines: what goes on with accepted
/// work goes before what begins new work.
final class KeyGate: Sendable {
  private struct State {
    var windows: [SlidingWindow]
    var inFlight = 0
    var blockedUntil: ContinuousClock.Instant?
    /// Polls of accepted jobs, and the like: who has waited for an answer comes before who has not
    /// asked yet.
    var first = Line()
    var others = Line()
    var isWakeUpSet = false
    /// Somebody lets in those who wait, and goes on until nobody may start: whoever else would, on
    /// this thread or another, leaves it to them.
    var isAdmitting = false
  }

  private let concurrency: Int
  private let transport: any HTTPTransport
  private let now: HTTPAccess.Clock
  private let state: Mutex<State>

  init(
    _ windows: [RateWindow], concurrency: Int?, transport: any HTTPTransport,
    now: @escaping HTTPAccess.Clock = { ContinuousClock.now }
  ) {
    self.concurrency = concurrency ?? .max
    self.transport = transport
    self.now = now
    state = Mutex(State(windows: windows.map { SlidingWindow($0) }))
  }

  /// Calls `work` when one more exchange may start: at once on this thread, or later on the
  /// transport's. Whoever entered must `leave`.
  ///
  /// - Parameter isFirst: Goes before all who wait and are not.
  func enter(isFirst: Bool = false, _ work: @escaping @Sendable () -> Void) {
    let mayStart = state.withLock { state in
      if state.first.isEmpty, isFirst || state.others.isEmpty {
        let admission = admit(&state)
        if admission == .now { return true }
        setWakeUp(&state, admission)
      }
      if isFirst { state.first.append(work) } else { state.others.append(work) }
      return false
    }
    if mayStart { work() }
  }

  /// An exchange has ended.
  func leave() {
    state.withLock { $0.inFlight -= 1 }
    admitWaiting()
  }

  /// Nobody starts for so long: the provider said so.
  func block(for duration: Duration) {
    let until = now() + duration
    state.withLock { $0.blockedUntil = max($0.blockedUntil ?? until, until) }
  }

  /// The provider names a limit: where it is less than what is known, it counts from now on.
  func tighten(to limit: RateWindow) {
    state.withLock { state in
      guard let index = state.windows.firstIndex(where: { $0.limit.per == limit.per }) else {
        return state.windows.append(SlidingWindow(limit))
      }
      guard limit.requests < state.windows[index].limit.requests else { return }
      state.windows[index] = SlidingWindow(limit, after: state.windows[index])
    }
  }

  private func admitWaiting() {
    let isMine = state.withLock { state in
      defer { state.isAdmitting = true }
      return !state.isAdmitting
    }
    guard isMine else { return }
    while true {
      let work = state.withLock { state -> (@Sendable () -> Void)? in
        guard !state.first.isEmpty || !state.others.isEmpty else {
          state.isAdmitting = false
          return nil
        }
        let admission = admit(&state)
        guard admission == .now else {
          setWakeUp(&state, admission)
          state.isAdmitting = false
          return nil
        }
        return state.first.popFirst() ?? state.others.popFirst()
      }
      guard let work else { return }
      work()
    }
  }

  private enum Admission: Equatable {
    case now
    case after(Duration)
    /// When somebody in flight leaves, who lets the next one in.
    case whenOneLeaves
  }

  /// Counts one more exchange in, if every limit allows it now.
  private func admit(_ state: inout State) -> Admission {
    guard state.inFlight < concurrency else { return .whenOneLeaves }
    if state.blockedUntil != nil || !state.windows.isEmpty {
      let now = now()
      let opening = state.windows.reduce(state.blockedUntil ?? now) { max($0, $1.opening(now)) }
      guard opening <= now else { return .after(opening - now) }
      for index in state.windows.indices { state.windows[index].add(now) }
    }
    state.inFlight += 1
    return .now
  }

  /// Whoever waits is woken by somebody who leaves, or else by a timer: the clock is read once for
  /// both questions, so that no moment lies between them.
  private func setWakeUp(_ state: inout State, _ admission: Admission) {
    guard case .after(let delay) = admission, !state.isWakeUpSet else { return }
    state.isWakeUpSet = true
    transport.schedule(after: delay) { [weak self] in
      guard let self else { return }
      self.state.withLock { $0.isWakeUpSet = false }
      self.admitWaiting()
    }
  }
}

/// Those who wait, in the order in which they came.
private struct Line {
  private var waiting: [@Sendable () -> Void] = []
  /// The first that waits: the array is emptied from the front, now and then.
  private var head = 0

  var isEmpty: Bool { head == waiting.count }

  mutating func append(_ work: @escaping @Sendable () -> Void) { waiting.append(work) }

  mutating func popFirst() -> (@Sendable () -> Void)? {
    guard head < waiting.count else { return nil }
    let work = waiting[head]
    head += 1
    if head == waiting.count || head > 1024, head * 2 > waiting.count {
      waiting.removeFirst(head)
      head = 0
    }
    return work
  }
}

/// Counts requests in the last stretch of time: never more than allowed in any stretch, wherever
/// it begins.
private struct SlidingWindow {
  let limit: RateWindow
  /// The times of the last `limit.requests` requests, as a ring.
  private var times: [ContinuousClock.Instant] = []
  private var oldest = 0

  init(_ limit: RateWindow) { self.limit = limit }

  /// A stricter one, which knows what the other has counted.
  init(_ limit: RateWindow, after other: SlidingWindow) {
    self.limit = limit
    times = (other.times[other.oldest...] + other.times[..<other.oldest]).suffix(limit.requests)
  }

  func opening(_ now: ContinuousClock.Instant) -> ContinuousClock.Instant {
    times.count < limit.requests ? now : times[oldest] + limit.per
  }

  mutating func add(_ now: ContinuousClock.Instant) {
    guard times.count == limit.requests else { return times.append(now) }
    times[oldest] = now
    oldest = (oldest + 1) % times.count
  }
}
