import Foundation
import Testing
import WaterfallCore

@testable import WaterfallProviders

/// What is asked again, when, and how often.
@Suite struct RetryTests {
  static let hit = ScriptedTransport.Reply.status(200, #"{"email": "a@b.example"}"#)

  @Test func retryAfterInSecondsIsWaitedFor() throws {
    let desk = try Desk(replies: [.status(429, "{}", ["retry-after": "7"]), Self.hit])
    let answer = try desk.answer()
    #expect(answer.outcome == .hit("a@b.example") && answer.exchanges == 2)
    let sent = desk.transport.sent
    #expect(sent[1].at - sent[0].at >= .seconds(7))
    #expect(sent[1].at - sent[0].at < .seconds(8))
  }

  @Test func retryAfterAsADateIsWaitedFor() throws {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(identifier: "GMT")
    format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    // The wait of a date depends on the wall's clock: far away, so that the test cannot be late.
    let date = format.string(from: Date().addingTimeInterval(1000))
    let desk = try Desk(
      http: "retries: {wait: 1s, longest: 600s}",
      replies: [.status(503, "{}", ["retry-after": date]), Self.hit])
    #expect(try desk.outcome() == .hit("a@b.example"))
    #expect(desk.transport.sent[1].at > .seconds(500))
    #expect(desk.transport.sent[1].at < .seconds(1002))
  }

  @Test(arguments: ["soon", "-5", "", "nan", "Mon, 99 Foo 2026 00:00:00 GMT"])
  func aRetryAfterThatIsNoneIsLeftOutOfAccount(text: String) throws {
    let desk = try Desk(replies: [.status(429, "{}", ["retry-after": text]), Self.hit])
    #expect(try desk.outcome() == .hit("a@b.example"))
    // The usual wait, with its chance: 0.1 s to 1 s.
    let wait = desk.transport.sent[1].at
    #expect(wait >= .milliseconds(100) && wait <= .milliseconds(1020))
  }

  @Test func waitsDoubleUpToTheLongest() throws {
    let desk = try Desk(
      http: "retries: {most: 6, wait: 1s, longest: 8s}", replies: [.status(503, "")])
    #expect(try desk.outcome() == .failure(.unavailable))
    let times = desk.transport.sent.map(\.at)
    #expect(times.count == 7)
    for (number, wait) in zip(times, times.dropFirst()).map({ $1 - $0 }).enumerated() {
      let most = Duration.seconds(min(8, 1 << number)) + .milliseconds(11)
      #expect(wait >= most / 11 && wait <= most, "wait \(number): \(wait)")
    }
  }

  @Test func moreThanTwiceTheLongestIsNotWaitedFor() throws {
    let desk = try Desk(
      http: "retries: {wait: 1s, longest: 30s}",
      replies: [.status(503, "{}", ["retry-after": "61"]), Self.hit])
    #expect(try desk.outcome() == .failure(.unavailable))
    #expect(desk.transport.sent.count == 1)
  }

  @Test func noneAreMadeWhereNoneAreAllowed() throws {
    let desk = try Desk(http: "retries: {most: 0}", replies: [.status(503, ""), Self.hit])
    #expect(try desk.outcome() == .failure(.unavailable))
    #expect(desk.transport.sent.count == 1)
  }

  @Test(arguments: [
    (400, FailureReason.refused), (404, .refused), (418, .refused), (401, .credentials),
    (403, .credentials), (402, .quota),
  ])
  func whatWillNotChangeIsNotAskedAgain(status: Int, reason: FailureReason) throws {
    let desk = try Desk(replies: [.status(status), Self.hit])
    #expect(try desk.outcome() == .failure(reason))
    #expect(desk.transport.sent.count == 1)
  }

  @Test(arguments: [408, 500, 503, 521, 523, 525, 599, 429])
  func whatMayChangeIs(status: Int) throws {
    let desk = try Desk(http: "on_unknown: void", replies: [.status(status), Self.hit])
    #expect(try desk.outcome() == .hit("a@b.example"))
  }

  /// A gateway passed it on, and had no answer: the provider may be at work.
  @Test(arguments: [502, 504, 520, 522, 524])
  func whatAGatewayPassedOnIsAskedAgainOnlyWhereHarmless(status: Int) throws {
    let desk = try Desk(http: "on_unknown: void", replies: [.status(status), Self.hit])
    #expect(try desk.outcome() == .unknown)
    #expect(desk.transport.sent.count == 1)
    #expect(desk.reported == ["it answered with status \(status)"])
    for http in ["on_unknown: repeat", "idempotency: Idempotency-Key\non_unknown: void"] {
      let harmless = try Desk(http: http, replies: [.status(status), Self.hit])
      #expect(try harmless.outcome() == .hit("a@b.example"))
      #expect(try Desk(http: http, replies: [.status(status)]).outcome() == .unknown)
    }
    // Whoever wrote the manifest knows better.
    let ruled = try Desk(
      http: "on_unknown: void\nrules: [{status: \(status), is: unavailable}]",
      replies: [.status(status), Self.hit])
    #expect(try ruled.outcome() == .hit("a@b.example"))
  }

  /// It began as an answer, which may be billed.
  @Test(arguments: [#"{"email": "a@b.ex"#, " [1, ", "{"])
  func anAnswerThatIsCutOffIsUnknown(body: String) throws {
    let desk = try Desk(http: "on_unknown: void", replies: [.status(200, body), Self.hit])
    #expect(try desk.outcome() == .unknown)
    #expect(desk.transport.sent.count == 1 && desk.reported == ["the answer is not JSON"])
    let harmless = try Desk(http: "on_unknown: repeat", replies: [.status(200, body)])
    #expect(try harmless.outcome() == .unknown)
    // With any other status, it is a failure that says so.
    let refused = try Desk(http: "on_unknown: void", replies: [.status(400, body)])
    #expect(try refused.outcome() == .failure(.refused))
  }

  /// Nothing was sent: that can be repeated whatever a question costs, and never leaves a doubt.
  @Test func noConnectionIsTriedAgainAndIsNotSent() throws {
    let desk = try Desk(http: "on_unknown: void", replies: [.failure(.notConnected)])
    let answer = try desk.answer()
    #expect(answer.outcome == .failure(.notSent) && answer.exchanges == 4)
    let other = try Desk(
      http: "on_unknown: void", replies: [.failure(.notConnected), Self.hit])
    #expect(try other.outcome() == .hit("a@b.example"))
  }

  @Test(arguments: [HTTPFailure.Kind.noAnswer, .badResponse])
  func whatWasSentAndNotAnsweredIsUnknown(kind: HTTPFailure.Kind) throws {
    let desk = try Desk(http: "on_unknown: void", replies: [.failure(kind), Self.hit])
    #expect(try desk.outcome() == .unknown)
    #expect(desk.transport.sent.count == 1)
  }

  @Test(arguments: [HTTPFailure.Kind.noAnswer, .badResponse])
  func whereItIsHarmlessItIsAskedAgain(kind: HTTPFailure.Kind) throws {
    let desk = try Desk(http: "on_unknown: repeat", replies: [.failure(kind), Self.hit])
    #expect(try desk.outcome() == .hit("a@b.example"))
    let lost = try Desk(http: "on_unknown: repeat", replies: [.failure(kind)])
    let answer = try lost.answer()
    #expect(answer.outcome == .unknown && answer.exchanges == 4)
  }

  /// A question that reads is repeated by default, one that may do something is not.
  @Test func theMethodDecidesWhereNothingElseDoes() throws {
    let get = try Desk(replies: [.failure(.noAnswer), Self.hit])
    #expect(try get.outcome() == .hit("a@b.example"))
    let post = try Desk(
      operation: "request: {path: /find, json: {q: \"{first_name}\"}}\nvalue: .email",
      replies: [.failure(.noAnswer), Self.hit])
    #expect(try post.outcome() == .unknown)
  }

  @Test func afterALostExchangeAFailureProvesNothing() throws {
    let desk = try Desk(
      http: "on_unknown: repeat", replies: [.failure(.noAnswer), .status(401)])
    #expect(try desk.outcome() == .unknown)
    let miss = try Desk(
      http: "on_unknown: repeat", replies: [.failure(.noAnswer), .status(200, #"{"email":null}"#)])
    #expect(try miss.outcome() == .miss)
  }

  @Test func theMalformedIsAskedAgainOnlyWhereHarmless() throws {
    let replies = [ScriptedTransport.Reply.status(200, "<html>"), Self.hit]
    #expect(
      try Desk(http: "on_unknown: void", replies: replies).outcome() == .failure(.malformed))
    #expect(
      try Desk(http: "on_unknown: repeat", replies: replies).outcome() == .hit("a@b.example"))
  }

  @Test(arguments: [
    (HTTPFailure.Kind.badRequest, Outcome.failure(.notSent)),
    (.redirect, .failure(.refused)), (.cancelled, .unknown),
  ])
  func otherFailuresEndIt(kind: HTTPFailure.Kind, outcome: Outcome) throws {
    let desk = try Desk(http: "on_unknown: repeat", replies: [.failure(kind), Self.hit])
    #expect(try desk.outcome() == outcome)
    #expect(desk.transport.sent.count == 1)
  }

  @Test func theLatencyIsThatOfAllExchanges() throws {
    let desk = try Desk(
      replies: [
        .status(503, "", ["retry-after": "5"], after: .seconds(2)),
        .status(200, #"{"email": "a@b.example"}"#, after: .seconds(3)),
      ])
    // The transport of these tests says of no exchange how long it took: from its end, then.
    #expect(try desk.answer().latency == 8_000_000)
  }
}
