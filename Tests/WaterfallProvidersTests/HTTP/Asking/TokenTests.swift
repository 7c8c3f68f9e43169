import Testing
import WaterfallCore

@testable import WaterfallProviders

/// Client credentials: a token of one's own.
@Suite struct TokenTests {
  static let http = "auth: {oauth2: {token_url: https://login.alpha.example/token, scope: \"a b\"}}"

  typealias Reply = ScriptedTransport.Reply

  static func isToken(_ request: HTTPRequest) -> Bool { request.url.contains("login.") }

  static func bearer(_ request: HTTPRequest) -> String? {
    request.headers.first { $0.name == "Authorization" }?.value
  }

  /// Hands out `t1`, `t2` and so on, for `life` seconds; takes what `accepts` says.
  static func desk(
    life: String = "3600", key: String? = "id&1:s3cret/+",
    _ accepts: @escaping @Sendable (String) -> Bool
  ) throws -> Desk {
    let tokens = Counter()
    return try Desk(http: http, key: key) { request, _ in
      if isToken(request) {
        return .status(
          200, #"{"access_token": "t\#(tokens.next())", "expires_in": \#(life)}"#,
          after: .seconds(1))
      }
      let token = bearer(request)?.replacing("Bearer ", with: "") ?? "none"
      return accepts(token)
        ? .status(200, #"{"email": "\#(token)@b.example"}"#) : .status(401, after: .seconds(1))
    }
  }

  static func tokenRequests(_ desk: Desk) -> Int {
    desk.transport.requests.count { isToken($0) }
  }

  /// Some servers write the number as a text; what cannot be read counts as not said.
  @Test(arguments: [#""120""#, "null", #""soon""#, "{}"])
  func theLifeOfATokenMayBeWrittenOtherwise(life: String) throws {
    let desk = try Self.desk(life: life) { _ in true }
    desk.ask(1)
    desk.transport.finish()
    desk.transport.advance(.seconds(100))
    desk.ask(2)
    desk.transport.finish()
    #expect(desk.outcomes.count == 2)
    #expect(Self.tokenRequests(desk) == (life == #""120""# ? 2 : 1))
  }

  @Test func oneTokenServesManyQuestions() throws {
    let desk = try Self.desk { _ in true }
    for number in 1...20 { desk.ask(number) }
    desk.transport.finish()
    #expect(desk.answers.count == 20 && Self.tokenRequests(desk) == 1)
    #expect(desk.redaction.cleaned("Bearer t1") == "Bearer <key of alpha>")
    #expect(desk.outcomes.values.allSatisfy { $0 == .hit("t1@b.example") })
    let request = try #require(desk.transport.requests.first)
    #expect(request.method == "POST" && Self.bearer(request) == nil)
    #expect(
      String(decoding: request.body ?? [], as: UTF8.self)
        == "grant_type=client_credentials&client_id=id%261&client_secret=s3cret%2F%2B&scope=a%20b")
  }

  @Test func itIsRenewedHalfAMinuteBeforeItExpires() throws {
    let desk = try Self.desk(life: "100") { _ in true }
    desk.ask(1)
    desk.transport.advance(.seconds(70))
    desk.ask(2)
    desk.transport.advance(.seconds(1))
    #expect(desk.outcomes[2] == .hit("t1@b.example"))
    desk.ask(3)
    desk.transport.finish()
    #expect(desk.outcomes[3] == .hit("t2@b.example") && Self.tokenRequests(desk) == 2)
  }

  @Test(arguments: ["null", "1e300"]) func aLifeThatIsNotSaidEndsAllTheSame(life: String) throws {
    let desk = try Self.desk(life: life) { _ in true }
    desk.ask(1)
    desk.transport.advance(.seconds(3500))
    desk.ask(2)
    desk.transport.advance(.seconds(86_400))
    desk.ask(3)
    desk.transport.finish()
    #expect(desk.outcomes[2] == .hit("t1@b.example") && desk.outcomes[3] == .hit("t2@b.example"))
  }

  @Test func aRefusedTokenIsRenewedOnce() throws {
    let desk = try Self.desk { $0 != "t1" }
    #expect(try desk.outcome() == .hit("t2@b.example"))
    let never = try Self.desk { _ in false }
    let answer = try never.answer()
    #expect(answer.outcome == .failure(.credentials) && answer.exchanges == 2)
    #expect(Self.tokenRequests(never) == 2)
  }

  /// Many asked with the old token: the first refusal renews it for all of them.
  @Test func manyRefusalsRenewItOnce() throws {
    let desk = try Self.desk { $0 != "t1" }
    for number in 1...4 {
      desk.ask(number)
      desk.transport.advance(.milliseconds(1500))
    }
    desk.transport.finish()
    #expect(desk.outcomes.values.allSatisfy { $0 == .hit("t2@b.example") })
    #expect(desk.answers.count == 4 && Self.tokenRequests(desk) == 2)
    // The refusal of the second comes when the new token is there already.
    let tokens = Counter()
    let late = try Desk(http: Self.http) { request, _ in
      if Self.isToken(request) {
        return .status(200, #"{"access_token": "t\#(tokens.next())"}"#)
      }
      guard Self.bearer(request) == "Bearer t1" else {
        return .status(200, #"{"email": "a@b.example"}"#)
      }
      return .status(401, after: .seconds(request.url.hasSuffix("n2") ? 5 : 1))
    }
    late.ask(1, 2)
    late.transport.finish()
    #expect(late.answers.count == 2 && Self.tokenRequests(late) == 2)
    #expect(late.outcomes.values.allSatisfy { $0 == .hit("a@b.example") })
    let together = try Self.desk { $0 != "t1" }
    together.ask(1, 2, 3, 4)
    together.transport.finish()
    #expect(together.outcomes.values.allSatisfy { $0 == .hit("t2@b.example") })
    #expect(Self.tokenRequests(together) == 2)
  }

  @Test(arguments: [
    (Reply.status(400, #"{"error": "invalid_client"}"#), FailureReason.credentials, 1),
    (.status(401), .credentials, 1), (.status(503), .unavailable, 4),
    (.status(408), .unavailable, 4), (.status(425), .unavailable, 4),
    (.status(429), .unavailable, 4), (.failure(.notConnected), .notSent, 4),
    (.failure(.noAnswer), .notSent, 4),
  ])
  func withoutATokenNothingIsAsked(reply: Reply, reason: FailureReason, times: Int) throws {
    let desk = try Desk(http: Self.http) { request, _ in Self.isToken(request) ? reply : nil }
    let answer = try desk.answer()
    #expect(answer.outcome == .failure(reason) && answer.exchanges == 0)
    #expect(desk.transport.requests.count == times)
    #expect(desk.transport.requests.allSatisfy { Self.isToken($0) })
  }

  @Test(arguments: ["", "[]", "{}", #"{"access_token": 5}"#, "<html>t0ken</html>"])
  func aTokenThatIsNoneIsMalformed(body: String) throws {
    let desk = try Desk(http: Self.http + "\non_unknown: void") { request, _ in
      Self.isToken(request) ? .status(200, body) : nil
    }
    #expect(try desk.outcome() == .failure(.malformed))
    #expect(desk.reported == ["the token's answer is malformed"])
  }

  @Test func aTokenEndpointThatComesBackIsAskedAgain() throws {
    let desk = try Desk(http: Self.http) { request, number in
      guard Self.isToken(request) else { return .status(200, #"{"email": "a@b.example"}"#) }
      return number == 0 ? .status(503) : .status(200, #"{"access_token": "t"}"#)
    }
    desk.ask(1, 2, 3)
    desk.transport.finish()
    #expect(desk.outcomes.values.allSatisfy { $0 == .hit("a@b.example") })
    #expect(desk.answers.count == 3)
  }

  @Test(arguments: [nil, "", "without-a-colon"]) func aKeyThatIsNoneIsNotSent(key: String?) throws {
    let desk = try Self.desk(key: key) { _ in true }
    #expect(try desk.outcome() == .failure(.credentials))
    #expect(desk.transport.requests.isEmpty)
    #expect(!desk.reported.contains { $0.contains("without-a-colon") })
  }

  /// Whatever happens, no note has the key, its halves or a token.
  @Test func notesHaveNoSecrets() throws {
    for status in [400, 401, 402, 403, 404, 429, 500, 200] {
      for token in [true, false] {
        let desk = try Desk(http: Self.http + "\nretries: {most: 0}", key: "ident:s3cret") {
          request, _ in
          if Self.isToken(request), token { return .status(200, #"{"access_token": "t0ken"}"#) }
          return .status(status, #"{"seen": "ident s3cret t0ken"}"#)
        }
        try desk.outcome()
        #expect(
          !desk.reported.contains { note in
            ["ident", "s3cret", "t0ken"].contains { note.contains($0) }
          })
      }
    }
  }

  /// A token with a line break in it cannot add headers: nothing is sent with it.
  @Test func aTokenCannotBreakOutOfItsHeader() throws {
    let desk = try Desk(http: Self.http) { request, _ in
      Self.isToken(request) ? .status(200, #"{"access_token": "t\r\nX-Evil: 1"}"#) : nil
    }
    #expect(try desk.outcome() == .failure(.notSent))
  }

  /// Whoever waits long for a turn goes out with the token of then.
  @Test func aTokenThatExpiresInTheQueueIsRenewed() throws {
    let tokens = Counter()
    let desk = try Desk(http: Self.http + "\nlimits: [{requests: 1, per: 40s}]") { request, _ in
      if Self.isToken(request) {
        return .status(200, #"{"access_token": "t\#(tokens.next())", "expires_in": 100}"#)
      }
      let token = Self.bearer(request)?.replacing("Bearer ", with: "") ?? "none"
      return .status(200, #"{"email": "\#(token)@b.example"}"#)
    }
    desk.ask(1, 2, 3, 4)
    desk.transport.finish()
    #expect(
      desk.outcomes == [
        1: .hit("t1@b.example"), 2: .hit("t1@b.example"), 3: .hit("t2@b.example"),
        4: .hit("t2@b.example"),
      ])
    #expect(Self.tokenRequests(desk) == 2)
  }

  /// A provider that forgets its tokens now and then does not cost an accepted job.
  @Test func aJobOutlivesItsTokens() throws {
    let tokens = Counter()
    let polls = Counter()
    let desk = try Desk(http: Self.http, operation: PollingTests.operation) { request, _ in
      if Self.isToken(request) {
        return .status(200, #"{"access_token": "t\#(tokens.next())"}"#)
      }
      guard request.method == "GET" else { return PollingTests.submitted }
      let number = polls.next()
      if number == 5 { return PollingTests.hit }
      return number % 2 == 1 ? .status(401) : PollingTests.working
    }
    #expect(try desk.outcome() == .hit("a@b.example"))
    #expect(Self.tokenRequests(desk) == 3)
  }

  @Test func noTokenLosesNoJob() throws {
    let tokens = Counter()
    let desk = try Desk(
      http: Self.http + "\nretries: {most: 0}", operation: PollingTests.operation
    ) { request, _ in
      if Self.isToken(request) {
        let number = tokens.next()
        return number == 2
          ? .status(503) : .status(200, #"{"access_token": "t\#(number)", "expires_in": 32}"#)
      }
      return request.method == "POST" ? PollingTests.submitted : PollingTests.hit
    }
    #expect(try desk.outcome() == .hit("a@b.example"))
    #expect(tokens.value == 3)
  }

  /// All who wait for a token wait together, and as long as was asked for.
  @Test func aTokenIsTriedAgainForAll() throws {
    let desk = try Desk(http: Self.http) { request, number in
      guard Self.isToken(request) else { return .status(200, #"{"email": "a@b.example"}"#) }
      return number == 0
        ? .status(429, "{}", ["retry-after": "20"]) : .status(200, #"{"access_token": "t"}"#)
    }
    for number in 1...5 { desk.ask(number) }
    desk.transport.finish()
    #expect(desk.outcomes.values.allSatisfy { $0 == .hit("a@b.example") })
    let times = desk.transport.sent.filter { Self.isToken($0.request) }.map(\.at)
    #expect(times.count == 2 && times[1] >= .seconds(20))
  }

  @Test func aLongerRestIsKept() throws {
    let desk = try Desk(http: Self.http) { request, number in
      guard Self.isToken(request) else { return .status(200, #"{"email": "a@b.example"}"#) }
      return number == 0
        ? .status(503, "{}", ["retry-after": "200"]) : .status(200, #"{"access_token": "t"}"#)
    }
    desk.ask(1)
    desk.transport.advance(.seconds(100))
    desk.ask(2)
    #expect(desk.outcomes == [1: .failure(.unavailable), 2: .failure(.unavailable)])
    #expect(Self.tokenRequests(desk) == 1)
    desk.transport.advance(.seconds(101))
    #expect(try desk.outcome() == .hit("a@b.example"))
  }
}
