import Synchronization
import TestSupport
import Testing
import WaterfallCore

@testable import WaterfallProviders

/// What limits let through, and when.
@Suite struct KeyGateTests {
  /// A gate on a clock of its own, and when whom it let in.
  final class Turnstile: Sendable {
    let transport = ScriptedTransport([.status(200)])
    let gate: KeyGate
    private let entered = Mutex<[(number: Int, at: Duration)]>([])

    init(_ windows: [RateWindow], concurrency: Int? = nil) {
      let transport = transport
      gate = KeyGate(
        windows, concurrency: concurrency, transport: transport, now: { transport.now })
    }

    /// Comes now, and leaves after `stay`; never where that is nil.
    func come(_ number: Int, stay: Duration? = .zero) {
      gate.enter { [self] in
        entered.withLock { $0.append((number, transport.elapsed)) }
        guard let stay else { return }
        transport.schedule(after: stay) { [self] in gate.leave() }
      }
    }

    var numbers: [Int] { entered.withLock { $0.map(\.number) } }
    var times: [Duration] { entered.withLock { $0.map(\.at) } }
  }

  /// The most in any stretch that begins with one of them and ends before `per` has passed.
  static func most(_ times: [Duration], in per: Duration) -> Int {
    var most = 0
    var first = 0
    for last in times.indices {
      while times[last] - times[first] >= per { first += 1 }
      most = max(most, last - first + 1)
    }
    return most
  }

  @Test func withoutLimitsAllComeIn() {
    let turnstile = Turnstile([])
    for number in 0..<100 { turnstile.come(number, stay: nil) }
    #expect(turnstile.numbers == Array(0..<100))
  }

  @Test func severalWindowsHoldAtOnce() {
    let turnstile = Turnstile([
      RateWindow(requests: 3, per: .seconds(1)), RateWindow(requests: 5, per: .seconds(10)),
    ])
    for number in 0..<12 { turnstile.come(number) }
    #expect(turnstile.numbers == [0, 1, 2])
    turnstile.transport.finish()
    #expect(turnstile.numbers == Array(0..<12))
    #expect(
      turnstile.times == [0, 0, 0, 1, 1, 10, 10, 10, 11, 11, 20, 20].map { .seconds($0) })
  }

  @Test func aWindowMovesAlong() {
    let turnstile = Turnstile([RateWindow(requests: 2, per: .seconds(10))])
    turnstile.come(0)
    turnstile.transport.advance(.seconds(9))
    for number in 1..<4 { turnstile.come(number) }
    turnstile.transport.finish()
    // Not two more at 10 s, as a counter that starts anew every ten seconds would have it.
    #expect(turnstile.times == [0, 9, 10, 19].map { .seconds($0) })
  }

  @Test func soManyAtOnceAndNoMore() {
    let turnstile = Turnstile([], concurrency: 2)
    for number in 0..<5 { turnstile.come(number, stay: .seconds(number == 0 ? 10 : 1)) }
    #expect(turnstile.numbers == [0, 1])
    turnstile.transport.finish()
    #expect(turnstile.numbers == [0, 1, 2, 3, 4])
    #expect(turnstile.times == [0, 0, 1, 2, 3].map { .seconds($0) })
  }

  @Test func aPauseHoldsForAllAndTheLongerOneCounts() {
    let turnstile = Turnstile([])
    turnstile.gate.block(for: .seconds(5))
    turnstile.gate.block(for: .seconds(2))
    turnstile.come(0)
    turnstile.transport.advance(.seconds(4))
    turnstile.gate.block(for: .seconds(3))
    turnstile.come(1)
    turnstile.transport.finish()
    #expect(turnstile.times == [.seconds(7), .seconds(7)])
  }

  @Test func whoeverWaitsIsServedInTurn() {
    let turnstile = Turnstile([RateWindow(requests: 1, per: .seconds(1))], concurrency: 1)
    for number in 0..<3000 {
      turnstile.come(number, stay: .milliseconds(number % 7 * 300))
      if number % 10 == 0 { turnstile.transport.advance(.seconds(1)) }
    }
    turnstile.transport.finish()
    #expect(turnstile.numbers == Array(0..<3000))
  }

  /// A transport that has been closed answers at once, on the same thread, however many wait.
  @Test func manyThatLeaveAtOnceDoNotNest() {
    let turnstile = Turnstile([], concurrency: 1)
    let left = Counter()
    let gate = turnstile.gate
    turnstile.come(0, stay: .seconds(1))
    for _ in 0..<200_000 {
      gate.enter {
        _ = left.next()
        gate.leave()
      }
    }
    turnstile.transport.finish()
    #expect(left.value == 200_000)
  }

  /// In every stretch of every window no more than it allows; nobody is lost, and nobody overtakes.
  @Test(arguments: 0..<20) func noWindowIsEverOverrun(run: Int) {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("KeyGateTests.noWindowIsEverOverrun(\(run)): seed \(seed)")
    var random = SplitMix64(state: seed)
    let windows = (0..<Int.random(in: 1...3, using: &random)).map { _ in
      RateWindow(
        requests: Int.random(in: 1...12, using: &random),
        per: .milliseconds(Int.random(in: 1...5000, using: &random)))
    }
    let concurrency = Bool.random(using: &random) ? Int.random(in: 1...8, using: &random) : nil
    let turnstile = Turnstile(windows, concurrency: concurrency)
    for number in 0..<400 {
      turnstile.come(number, stay: .milliseconds(Int.random(in: 0...900, using: &random)))
      if Int.random(in: 0..<4, using: &random) == 0 {
        turnstile.transport.advance(.milliseconds(Int.random(in: 0...700, using: &random)))
      }
      if Int.random(in: 0..<40, using: &random) == 0 {
        turnstile.gate.block(for: .milliseconds(Int.random(in: 0...3000, using: &random)))
      }
    }
    turnstile.transport.finish()
    #expect(turnstile.numbers == Array(0..<400), "seed \(seed)")
    for window in windows {
      let most = Self.most(turnstile.times, in: window.per)
      #expect(most <= window.requests, "seed \(seed): \(most) in \(window)")
    }
  }

  /// From many threads, with a clock that stands still: exactly as many as the window takes.
  @Test func manyThreadsGetNoMoreThanOne() async {
    let turnstile = Turnstile([RateWindow(requests: 50, per: .seconds(1))])
    await withTaskGroup(of: Void.self) { group in
      for task in 0..<8 {
        group.addTask { for number in 0..<25 { turnstile.come(task * 25 + number) } }
      }
    }
    #expect(turnstile.numbers.count == 50)
    turnstile.transport.finish()
    #expect(turnstile.numbers.sorted() == Array(0..<200))
    #expect(Self.most(turnstile.times, in: .seconds(1)) == 50)
  }

  /// What has been taken on is asked after before anything new begins.
  @Test func pollsGoFirst() throws {
    let desk = try Desk(
      http: "limits: [{requests: 1, per: 10s}]",
      operation: PollingTests.operation.replacing("most: 30s", with: "most: 5m")
    ) { request, _ in request.method == "POST" ? PollingTests.submitted : PollingTests.hit }
    desk.ask(1, 2, 3)
    desk.transport.finish()
    #expect(desk.answers.count == 3)
    #expect(desk.transport.requests.map(\.method) == ["POST", "GET", "POST", "GET", "POST", "GET"])
  }

  @Test func aLimitThatIsTightenedCountsWhatWas() {
    let turnstile = Turnstile([RateWindow(requests: 5, per: .seconds(10))])
    for number in 0..<4 { turnstile.come(number) }
    turnstile.gate.tighten(to: RateWindow(requests: 2, per: .seconds(10)))
    turnstile.gate.tighten(to: RateWindow(requests: 4, per: .seconds(10)))
    for number in 4..<8 { turnstile.come(number) }
    #expect(turnstile.numbers.count == 4)
    turnstile.transport.finish()
    #expect(
      turnstile.times == [0, 0, 0, 0, 10, 10, 20, 20].map { .seconds($0) })
  }
}
