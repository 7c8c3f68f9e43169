import Foundation
import Testing
import WaterfallCore

@testable import WaterfallProviders

/// What a provider says of its limits, and what follows for all who ask with its key.
@Suite struct PauseTests {
  static let hit = RetryTests.hit
  static let body = #"{"email": "a@b.example"}"#

  // MARK: Reading

  static let now = Date(timeIntervalSince1970: 1_800_000_000)

  static func response(_ headers: [String: String]) -> HTTPResponse {
    HTTPResponse(
      status: 200, headers: headers.sorted { $0.key < $1.key }.map { HTTPHeader($0.key, $0.value) })
  }

  @Test(arguments: [
    (["x-ratelimit-remaining": "0", "x-ratelimit-reset": "30"], Duration.seconds(30)),
    (["x-ratelimit-remaining": "0", "x-ratelimit-reset": "1800000012"], .seconds(12)),
    (["x-ratelimit-remaining": "0", "x-ratelimit-reset": "1700000000"], .zero),
    (["ratelimit-remaining": "0.0", "ratelimit-reset": "1.5"], .milliseconds(1500)),
    (["x-rate-limit-minute-remaining": "0", "x-rate-limit-minute-reset": "9"], .seconds(9)),
    (["x_rate_limit_remaining": "0", "x_rate_limit_reset": "-4"], .zero),
    (["x-ratelimit-remaining": "0", "x-ratelimit-reset": "inf"], .seconds(10_000_000)),
  ])
  func nothingLeft(headers: [String: String], pause: Duration) {
    #expect(RateHeaders.pause(Self.response(headers), now: Self.now) == pause)
  }

  @Test(arguments: [
    [:], ["x-ratelimit-remaining": "1", "x-ratelimit-reset": "30"],
    ["x-ratelimit-remaining": "0"], ["x-ratelimit-reset": "30"],
    ["x-ratelimit-remaining": "none", "x-ratelimit-reset": "30"],
    ["x-ratelimit-remaining": "0", "x-ratelimit-reset": "soon"],
    ["x-ratelimit-remaining": "", "x-ratelimit-reset": "30"],
    ["x-credits-remaining": "0", "x-credits-reset": "30"],
    ["x-ratelimit-hour-remaining": "0", "x-ratelimit-day-reset": "30"],
  ])
  func somethingLeftOrNotSaid(headers: [String: String]) {
    #expect(RateHeaders.pause(Self.response(headers), now: Self.now) == nil)
  }

  @Test func theLongestPauseOfSeveralCounts() {
    let headers = [
      "x-ratelimit-second-remaining": "0", "x-ratelimit-second-reset": "1",
      "x-ratelimit-day-remaining": "0", "x-ratelimit-day-reset": "200",
      "x-ratelimit-hour-remaining": "5", "x-ratelimit-hour-reset": "900",
    ]
    #expect(RateHeaders.pause(Self.response(headers), now: Self.now) == .seconds(200))
  }

  @Test(arguments: [
    ("0", Duration.zero), ("120", .seconds(120)), ("1.25", .milliseconds(1250)),
    ("1e300", .seconds(10_000_000)), ("Fri, 15 Jan 2027 08:00:20 GMT", .seconds(20)),
    ("Thu, 14 Jan 2027 08:00:00 GMT", .zero),
    ("Friday, 15-Jan-27 08:00:20 GMT", .seconds(20)), ("Fri Jan 15 08:00:20 2027", .seconds(20)),
  ])
  func retryAfter(text: String, wait: Duration) {
    #expect(RateHeaders.retryAfter(Self.response(["retry-after": text]), now: Self.now) == wait)
  }

  // MARK: Keeping

  @Test func nobodyAsksUntilTheReset() throws {
    let desk = try Desk(http: "concurrency: 1") { _, number in
      let headers = ["x-ratelimit-remaining": number == 0 ? "0" : "9", "x-ratelimit-reset": "20"]
      return .status(200, Self.body, headers)
    }
    // The second waits already when the first one's answer comes.
    desk.ask(1, 2)
    desk.ask(3, field: .jobTitle)
    desk.transport.finish()
    #expect(desk.answers.count == 3)
    #expect(desk.transport.sent.map(\.at) == [0, 20_010, 20_020].map { .milliseconds($0) })
  }

  @Test func aPauseOfMoreThanFiveMinutesIsNotKept() throws {
    let desk = try Desk(replies: [
      .status(200, Self.body, ["x-ratelimit-remaining": "0", "x-ratelimit-reset": "301"]), Self.hit,
    ])
    try desk.outcome()
    try desk.outcome()
    #expect(desk.transport.sent[1].at < .seconds(1))
  }

  @Test func afterRateLimitedNobodyAsksWithTheKey() throws {
    let desk = try Desk(http: "concurrency: 1") { _, number in
      number == 0 ? .status(429, "{}", ["retry-after": "8"]) : .status(200, Self.body)
    }
    desk.ask(1, 2)
    desk.ask(3, field: .jobTitle)
    desk.transport.finish()
    #expect(desk.answers.count == 3 && desk.transport.sent.count == 4)
    #expect(desk.transport.sent.dropFirst().allSatisfy { $0.at >= .seconds(8) })
  }

  /// The one who was told gives up; the others wait all the same.
  @Test func whoGivesUpTellsTheOthers() throws {
    let desk = try Desk(http: "retries: {most: 0}\nconcurrency: 1") { _, number in
      number == 0 ? .status(429, "{}", ["retry-after": "8"]) : .status(200, Self.body)
    }
    desk.ask(1, 2)
    desk.transport.finish()
    #expect(desk.outcomes == [1: .failure(.rateLimited), 2: .hit("a@b.example")])
    #expect(desk.transport.sent[1].at >= .seconds(8))
  }

  @Test func unavailableMakesNobodyElseWait() throws {
    let desk = try Desk(http: "concurrency: 1") { _, number in
      number == 0 ? .status(503, "{}", ["retry-after": "8"]) : .status(200, Self.body)
    }
    desk.ask(1, 2)
    desk.transport.finish()
    #expect(desk.transport.sent.map(\.at).sorted()[1] < .seconds(1))
    #expect(desk.answers.count == 2)
  }

  // MARK: Limits of the manifest

  @Test func columnsWithOneKeyShareTheLimits() throws {
    let desk = try Desk(http: "limits: [{requests: 4, per: 10s}]", replies: [Self.hit])
    for number in 0..<10 {
      desk.ask(number)
      desk.ask(100 + number, field: .jobTitle)
    }
    desk.transport.finish()
    #expect(desk.answers.count == 20)
    let times = desk.transport.sent.map(\.at)
    #expect(KeyGateTests.most(times, in: .seconds(10)) == 4 && times.last == .seconds(40))
    // Neither column starves: they take turns, as they came.
    let paths = desk.transport.requests.map { $0.url.contains("/title") }
    #expect(paths == (0..<20).map { $0 % 2 == 1 })
  }

  @Test func repetitionsAndPollsCount() throws {
    let desk = try Desk(
      http: "limits: [{requests: 1, per: 40s}]", operation: PollingTests.operation,
      replies: [.status(503), PollingTests.submitted, PollingTests.hit])
    #expect(try desk.outcome() == .hit("a@b.example"))
    #expect(desk.transport.sent.map(\.at) == [0, 40, 80].map { .seconds($0) })
  }

  @Test func soManyAreUnderWayAtOnce() throws {
    let desk = try Desk(http: "concurrency: 3", replies: [Self.hit])
    for number in 0..<10 { desk.ask(number) }
    desk.transport.finish()
    #expect(desk.transport.mostAtOnce == 3 && desk.answers.count == 10)
    let usual = try Desk(replies: [Self.hit])
    for number in 0..<80 { usual.ask(number) }
    usual.transport.finish()
    #expect(usual.transport.mostAtOnce == 50 && usual.answers.count == 80)
  }
}
