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
    // People Data Labs
    (
      ["x-ratelimit-remaining": #"{"minute": 0}"#, "x-ratelimit-reset": "2027-01-15 08:00:40"],
      .seconds(40)
    ),
    (
      [
        "x-ratelimit-remaining": #"{"minute": 3, "day": 0}"#,
        "x-ratelimit-reset": "2027-01-15T08:00:40.5+00:00",
      ], .milliseconds(40_500)
    ),
    // Prospeo
    (
      [
        "x-minute-request-left": "0", "x-minute-reset-seconds": "17", "x-daily-request-left": "9",
        "x-daily-reset-seconds": "40000",
      ], .seconds(17)
    ),
    // Apollo
    (["x-minute-requests-left": "0", "x-hourly-requests-left": "7"], .seconds(60)),
    // The IETF, now and before
    (["ratelimit": #""burst";r=4;t=2, "daily";r=0;t=44"#], .seconds(44)),
    (["ratelimit": "limit=10, remaining=0, reset=5"], .seconds(5)),
    (["x-ratelimit-remaining-minute": "0", "x-ratelimit-reset-minute": "6"], .seconds(6)),
    (
      ["x-ratelimit-remaining": "0", "x-ratelimit-reset": "Fri, 15 Jan 2027 08:00:20 GMT"],
      .seconds(20)
    ),
    (["x-ratelimit-remaining": "0", "x-ratelimit-reset": "2027-01-15T08:00:20Z"], .seconds(20)),
    (["x-ratelimit-remaining": "0", "x-ratelimit-reset": "1800000012500"], .milliseconds(12_500)),
  ])
  func nothingLeft(headers: [String: String], pause: Duration) {
    #expect(RateHeaders(Self.response(headers), now: Self.now).pause == pause)
  }

  @Test(arguments: [
    [:], ["x-ratelimit-remaining": "1", "x-ratelimit-reset": "30"],
    ["x-ratelimit-remaining": "0"], ["x-ratelimit-reset": "30"],
    ["x-ratelimit-remaining": "none", "x-ratelimit-reset": "30"],
    ["x-ratelimit-remaining": "0", "x-ratelimit-reset": "soon"],
    ["x-ratelimit-remaining": "", "x-ratelimit-reset": "30"],
    ["x-credits-remaining": "0", "x-credits-reset": "30"],
    ["x-ratelimit-hour-remaining": "0", "x-ratelimit-day-reset": "30"],
    ["x-totallimit-remaining": "0", "x-ratelimit-reset": "30"],
    ["x-ratelimit-remaining": #"{"minute": 1}"#, "x-ratelimit-reset": "2027-01-15 08:00:40"],
    ["x-ratelimit-remaining": "{", "x-ratelimit-reset": "30"],
    ["ratelimit": "r=0"], ["ratelimit": "nonsense"], ["x-hourly-requests-left": "0"],
  ])
  func somethingLeftOrNotSaid(headers: [String: String]) {
    #expect(RateHeaders(Self.response(headers), now: Self.now).pause == nil)
  }

  @Test func theLongestPauseOfSeveralCounts() {
    let headers = [
      "x-ratelimit-second-remaining": "0", "x-ratelimit-second-reset": "1",
      "x-ratelimit-day-remaining": "0", "x-ratelimit-day-reset": "200",
      "x-ratelimit-hour-remaining": "5", "x-ratelimit-hour-reset": "900",
    ]
    #expect(RateHeaders(Self.response(headers), now: Self.now).pause == .seconds(200))
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

  @Test(arguments: [
    (["x-ratelimit-reset": "2027-01-15 08:00:40"], Duration.seconds(40)),
    (["x-minute-reset-seconds": "17", "x-daily-reset-seconds": "40000"], .seconds(17)),
    (["ratelimit": #""a";r=1;t=9"#], .seconds(9)), (["x-credits-reset": "9"], nil), ([:], nil),
  ])
  func theNextReset(headers: [String: String], reset: Duration?) {
    #expect(RateHeaders(Self.response(headers), now: Self.now).reset == reset)
  }

  @Test(arguments: [
    (["x-ratelimit-limit": #"{"minute": 100}"#], [RateWindow(requests: 100, per: .seconds(60))]),
    (["x-minute-rate-limit": "300"], [RateWindow(requests: 300, per: .seconds(60))]),
    (["x-rate-limit-24-hour": "600"], [RateWindow(requests: 600, per: .seconds(86_400))]),
    (["x-second-rate-limit": "5"], [RateWindow(requests: 5, per: .seconds(1))]),
    (
      ["ratelimit-policy": #""b";q=10;w=1, 50;w=60"#],
      [RateWindow(requests: 10, per: .seconds(1)), RateWindow(requests: 50, per: .seconds(60))]
    ),
    (["x-ratelimit-limit": "100"], []), (["x-minute-rate-limit": "0"], []),
    (["x-minute-rate-limit": "many"], []), (["ratelimit-policy": "10;w=0"], []),
  ])
  func limitsWithTheirWindows(headers: [String: String], limits: [RateWindow]) {
    #expect(RateHeaders(Self.response(headers), now: Self.now).limits == limits)
  }

  // MARK: Keeping

  /// A reset that stands alone says when to come back from “rate limited”.
  @Test func aResetIsWaitedForAfterRateLimited() throws {
    let desk = try Desk(replies: [.status(429, "{}", ["x-ratelimit-reset": "40"]), Self.hit])
    #expect(try desk.outcome() == .hit("a@b.example"))
    #expect(desk.transport.sent[1].at >= .seconds(40))
    let other = try Desk(replies: [.status(503, "{}", ["x-ratelimit-reset": "40"]), Self.hit])
    try other.outcome()
    #expect(other.transport.sent[1].at < .seconds(2))
  }

  /// Less than the manifest says; more would not count, nor does what is longer than is waited for.
  @Test func aStricterLimitIsLearnt() throws {
    let desk = try Desk(http: "limits: [{requests: 4, per: 1m}]") { _, _ in
      .status(200, Self.body, ["x-minute-rate-limit": "2", "x-daily-rate-limit": "3"])
    }
    desk.ask(1)
    desk.transport.advance(.seconds(1))
    for number in 2...6 { desk.ask(number) }
    desk.transport.finish()
    #expect(desk.answers.count == 6)
    #expect(KeyGateTests.most(desk.transport.sent.map(\.at), in: .seconds(60)) == 2)
  }

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
