import Testing
import WaterfallCore

@testable import WaterfallProviders

/// By what a provider knows a repeated question, and what an earlier process may have sent.
@Suite struct RepetitionTests {
  static let hit = RetryTests.hit

  static func keys(_ desk: Desk) -> [String?] {
    desk.transport.requests.map { request in
      request.headers.first { $0.name == "Idempotency-Key" }?.value
    }
  }

  @Test func theIdempotencyKeyIsRepeatedUnchanged() throws {
    let desk = try Desk(
      http: "idempotency: Idempotency-Key\non_unknown: void",
      replies: [.status(503), .failure(.noAnswer), .failure(.notConnected), Self.hit])
    #expect(try desk.outcome() == .hit("a@b.example"))
    let keys = Self.keys(desk)
    #expect(keys.count == 4 && Set(keys).count == 1)
    let key = try #require(keys[0])
    #expect(key.count == 64 && key.allSatisfy(\.isHexDigit))
  }

  @Test func anotherQuestionHasAnotherKeyAndAnotherProcessTheSame() throws {
    let http = "idempotency: Idempotency-Key"
    let first = try Desk(http: http, replies: [Self.hit])
    first.ask(1, 2)
    first.transport.finish()
    let second = try Desk(http: http, replies: [Self.hit])
    second.ask(1)
    second.transport.finish()
    #expect(Set(Self.keys(first)).count == 2)
    #expect(Self.keys(first)[0] == Self.keys(second)[0])
  }

  /// What another row may have asked for before a crash is asked again under that row's key.
  @Test func whatWasAskedForAnotherRowKeepsItsKey() throws {
    let desk = try Desk(http: "idempotency: Idempotency-Key") { _, _ in Self.hit }
    desk.ask(1, 2)
    desk.ask(3, Desk.question(3, sentFor: 2))
    desk.transport.finish()
    let keys = Self.keys(desk)
    #expect(keys[0] != keys[1] && keys[1] == keys[2])
  }

  /// A poll fetches what was asked for: it is no question of its own.
  @Test func pollsCarryNone() throws {
    let desk = try Desk(
      http: "idempotency: Idempotency-Key", operation: PollingTests.operation,
      replies: [PollingTests.submitted, PollingTests.working, PollingTests.hit])
    #expect(try desk.outcome() == .hit("a@b.example"))
    #expect(Self.keys(desk).map { $0 != nil } == [true, false, false])
  }

  @Test func noneIsSentWhereTheProviderHasNone() throws {
    let desk = try Desk(replies: [Self.hit])
    try desk.outcome()
    #expect(Self.keys(desk) == [nil])
  }

  @Test func anEarlierQuestionIsNotAskedAgainWhereThatCouldCost() throws {
    let desk = try Desk(http: "on_unknown: void", replies: [Self.hit])
    let answer = try desk.answer(mayHaveBeenSent: true)
    #expect(answer.outcome == .unknown && answer.exchanges == 0)
    #expect(desk.transport.sent.isEmpty)
  }

  @Test(arguments: ["on_unknown: repeat", "on_unknown: void\nidempotency: Idempotency-Key"])
  func anEarlierQuestionIsAskedAgainWhereHarmless(http: String) throws {
    let desk = try Desk(http: http, replies: [Self.hit])
    #expect(try desk.outcome(mayHaveBeenSent: true) == .hit("a@b.example"))
    let failing = try Desk(http: http, replies: [.status(401)])
    #expect(try failing.outcome(mayHaveBeenSent: true) == .unknown)
  }

  @Test func anOperationsOwnRuleCounts() throws {
    let desk = try Desk(
      http: "on_unknown: repeat", operation: "value: .email\non_unknown: void",
      replies: [.failure(.noAnswer), Self.hit])
    #expect(try desk.outcome() == .unknown)
  }

  /// After an attempt was given up, the same cell may be asked for again, as another attempt.
  @Test func aCellIsAnsweredAfterItWasGivenUp() throws {
    let desk = try Desk(
      http: "retries: {most: 0}", replies: [.status(503), .status(429), Self.hit])
    desk.ask(1)
    desk.transport.finish()
    desk.ask(1)
    desk.transport.finish()
    desk.ask(1)
    desk.transport.finish()
    #expect(
      desk.answers.map(\.answer.outcome) == [
        .failure(.unavailable), .failure(.rateLimited), .hit("a@b.example"),
      ])
  }

  @Test func aQuestionWithoutItsInputsIsRefusedUnsent() throws {
    let desk = try Desk(replies: [Self.hit])
    desk.ask(1, name: "")
    desk.transport.finish()
    #expect(desk.outcomes[1] == .failure(.refused) && desk.transport.sent.isEmpty)
  }

  /// What is reported has the first failure of each kind, and never a key.
  @Test func eachKindOfFailureIsReportedOnce() throws {
    let desk = try Desk(
      http: "auth: {query: api_key}\nretries: {most: 0}", replies: [.status(503), .status(402)])
    for _ in 0..<3 { try desk.outcome() }
    #expect(desk.reported.count == 2)
    #expect(!desk.reported.contains { $0.contains("k3y") || $0.contains("s3cret") })
  }
}
