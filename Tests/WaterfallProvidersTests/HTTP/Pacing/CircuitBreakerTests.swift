import Testing
import WaterfallCore

@testable import WaterfallProviders

/// When a provider is left in peace, and for how long.
@Suite struct CircuitBreakerTests {
  struct Bench {
    let transport = ScriptedTransport([.status(200)])
    let breaker: CircuitBreaker

    init() {
      let transport = transport
      breaker = CircuitBreaker(now: { transport.now })
    }

    func record(_ outcome: Outcome, _ times: Int = 1) {
      for _ in 0..<times { breaker.record(outcome) }
    }
  }

  static let ordinary: [Outcome] = [
    .failure(.unavailable), .failure(.rateLimited), .failure(.notSent), .failure(.unresolved),
    .unknown,
  ]

  @Test(arguments: ordinary) func itOpensAfterTenInARow(outcome: Outcome) {
    let bench = Bench()
    bench.record(outcome, 9)
    #expect(bench.breaker.admits())
    bench.record(outcome)
    #expect(!bench.breaker.admits())
  }

  @Test(arguments: [FailureReason.credentials, .quota])
  func threeAreEnoughForAKeyOrAQuota(reason: FailureReason) {
    let bench = Bench()
    bench.record(.failure(reason), 2)
    #expect(bench.breaker.admits())
    bench.record(.failure(reason))
    #expect(!bench.breaker.admits())
  }

  @Test(arguments: [Outcome.hit("x"), .miss, .failure(.refused), .failure(.malformed)])
  func anAnswerEndsTheRow(outcome: Outcome) {
    let bench = Bench()
    for _ in 0..<5 {
      bench.record(.failure(.unavailable), 9)
      bench.record(outcome)
    }
    bench.record(outcome, 100)
    #expect(bench.breaker.admits())
  }

  @Test func oneProbeGoesThroughAndClosesIt() {
    let bench = Bench()
    bench.record(.failure(.unavailable), 10)
    bench.transport.advance(.milliseconds(19_999))
    #expect(!bench.breaker.admits())
    bench.transport.advance(.milliseconds(1))
    #expect(bench.breaker.admits())
    #expect(!bench.breaker.admits())
    bench.record(.hit("x"))
    #expect(bench.breaker.admits() && bench.breaker.admits())
    // As before: ten more are needed.
    bench.record(.failure(.unavailable), 9)
    #expect(bench.breaker.admits())
  }

  @Test func thePauseDoublesUpToTenMinutes() {
    let bench = Bench()
    bench.record(.unknown, 10)
    for pause in [20, 40, 80, 160, 320, 600, 600] {
      bench.transport.advance(.seconds(pause) - .milliseconds(1))
      #expect(!bench.breaker.admits(), "before \(pause) s")
      bench.transport.advance(.milliseconds(1))
      #expect(bench.breaker.admits(), "after \(pause) s")
      bench.record(.unknown)
    }
  }

  @Test func aProbeThatIsLostIsFollowedByAnother() {
    let bench = Bench()
    bench.record(.failure(.unavailable), 10)
    bench.transport.advance(.seconds(20))
    #expect(bench.breaker.admits())
    bench.breaker.begin()
    bench.transport.advance(.seconds(119))
    #expect(!bench.breaker.admits())
    bench.transport.advance(.seconds(1))
    #expect(bench.breaker.admits())
  }

  /// For want of credits, or of a budget.
  @Test func whoIsLetThroughAndDoesNotAskHoldsNobodyUp() {
    let bench = Bench()
    bench.record(.failure(.unavailable), 10)
    bench.transport.advance(.seconds(20))
    #expect(bench.breaker.admits())
    bench.transport.advance(.milliseconds(4999))
    #expect(!bench.breaker.admits())
    bench.transport.advance(.milliseconds(1))
    #expect(bench.breaker.admits())
    bench.breaker.begin()
    bench.transport.advance(.seconds(60))
    #expect(!bench.breaker.admits())
  }

  // MARK: With a provider

  @Test func aProviderThatFailsIsSkippedAndTriedAgain() throws {
    let isUp = Counter()
    let desk = try Desk(http: "retries: {most: 0}") { _, _ in
      isUp.value > 0 ? .status(200, #"{"email": "a@b.example"}"#) : .status(503)
    }
    for _ in 0..<9 { try desk.outcome() }
    #expect(desk.provider.obstacle == nil)
    try desk.outcome()
    #expect(desk.provider.obstacle == .providerDown)
    desk.transport.advance(.seconds(20))
    #expect(desk.provider.obstacle == nil && desk.provider.obstacle == .providerDown)
    _ = isUp.next()
    #expect(try desk.outcome() == .hit("a@b.example"))
    #expect(desk.provider.obstacle == nil && desk.provider.obstacle == nil)
  }

  @Test(arguments: [401, 402]) func aKeyThatIsNotTakenStopsItSoon(status: Int) throws {
    let desk = try Desk(replies: [.status(status)])
    try desk.outcome()
    try desk.outcome()
    #expect(desk.provider.obstacle == nil)
    try desk.outcome()
    #expect(desk.provider.obstacle == .providerDown)
  }

  @Test func aMissingKeyStopsItSoonWithoutARequest() throws {
    let desk = try Desk(http: "auth: {bearer: true}", key: nil, replies: [.status(200)])
    for _ in 0..<3 { #expect(try desk.outcome() == .failure(.credentials)) }
    #expect(desk.provider.obstacle == .providerDown && desk.transport.sent.isEmpty)
  }

  /// They were handed over while it was thought to be up.
  @Test(arguments: [503, 401]) func whatWaitsForItsTurnIsNotSentAnyMore(status: Int) throws {
    let isUp = Counter()
    let desk = try Desk(http: "retries: {most: 0}\nlimits: [{requests: 10, per: 1s}]") { _, _ in
      isUp.value > 0 ? .status(200, #"{"email": "a@b.example"}"#) : .status(status)
    }
    for number in 0..<40 { desk.ask(number) }
    desk.transport.advance(.seconds(5))
    #expect(desk.transport.sent.count == 10)
    #expect(desk.answers.count == 40)
    let words = "it was not asked any more after it had failed too often in a row"
    #expect(desk.reported.last == words)
    for number in 10..<40 {
      #expect(desk.outcomes[number] == .failure(.notSent))
    }
    // They do not count as probes that failed: the first one is due as ever, and goes through.
    desk.transport.advance(.seconds(16))
    #expect(desk.provider.obstacle == nil)
    _ = isUp.next()
    #expect(try desk.outcome() == .hit("a@b.example"))
    #expect(desk.provider.obstacle == nil)
  }

  /// What the provider works on is asked after, whatever else fails.
  @Test func acceptedWorkIsFetchedFromAProviderThatIsDown() throws {
    let desk = try Desk(
      http: "retries: {most: 0}", operation: PollingTests.operation
    ) { request, number in
      guard request.method == "POST" else { return .status(200, #"{"email": "a@b.example"}"#) }
      return number == 0 ? PollingTests.submitted : .status(503)
    }
    desk.ask(0)
    desk.transport.advance(.seconds(1))
    for number in 1...10 { desk.ask(number) }
    desk.transport.advance(.seconds(1))
    #expect(desk.provider.obstacle == .providerDown)
    desk.transport.finish()
    #expect(desk.outcomes[0] == .hit("a@b.example"))
  }

  /// Repetitions are within one attempt.
  @Test func repetitionsCountOnce() throws {
    let desk = try Desk(http: "retries: {most: 20}", replies: [.status(503)])
    try desk.outcome()
    #expect(desk.transport.sent.count == 21 && desk.provider.obstacle == nil)
  }
}
