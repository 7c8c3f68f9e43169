import Testing
import WaterfallCore

@testable import WaterfallProviders

/// Answers that come later.
@Suite struct PollingTests {
  static let operation = """
    request: {path: /submit, json: {q: "{first_name}"}}
    poll:
      job: .id
      every: 5s
      most: 30s
      request: {path: "/jobs/{job}"}
      rules:
        - {when: '.state == "working"', is: pending}
        - {when: '.state == "failed"', is: refused}
    value: .email
    """
  static let submitted = ScriptedTransport.Reply.status(202, #"{"id": 7}"#)
  static let working = ScriptedTransport.Reply.status(200, #"{"state": "working"}"#)
  static let hit = ScriptedTransport.Reply.status(200, #"{"id": 7, "email": "a@b.example"}"#)

  static func desk(_ replies: ScriptedTransport.Reply...) throws -> Desk {
    try Desk(operation: operation, replies: replies)
  }

  @Test func itIsAskedForUntilItIsThere() throws {
    let desk = try Self.desk(Self.submitted, Self.working, Self.working, Self.hit)
    let answer = try desk.answer()
    #expect(answer.outcome == .hit("a@b.example") && answer.exchanges == 4)
    let sent = desk.transport.sent
    #expect(
      sent.map(\.request.url) == ["https://api.alpha.example/submit"]
        + Array(repeating: "https://api.alpha.example/jobs/7", count: 3))
    #expect(sent.map(\.request.method) == ["POST", "GET", "GET", "GET"])
    for (one, next) in zip(sent, sent.dropFirst()) {
      #expect(next.at - one.at == .milliseconds(5010))
    }
  }

  @Test func nothingIsAskedBeforeItsTime() throws {
    let desk = try Self.desk(Self.submitted, Self.hit)
    desk.ask(1)
    desk.transport.advance(.milliseconds(5009))
    #expect(desk.transport.sent.count == 1)
    desk.transport.advance(.milliseconds(1))
    #expect(desk.transport.sent.count == 2 && desk.answers.isEmpty)
    desk.transport.advance(.milliseconds(10))
    #expect(desk.outcomes[1] == .hit("a@b.example"))
  }

  @Test func theJobIsToldAsSoonAsItIsKnown() throws {
    let desk = try Self.desk(Self.submitted, Self.working, Self.hit)
    desk.ask(1)
    desk.transport.advance(.milliseconds(10))
    #expect(desk.jobs == ["7"] && desk.answers.isEmpty)
    desk.transport.finish()
    #expect(desk.jobs == ["7"] && desk.outcomes[1] == .hit("a@b.example"))
    let atOnce = try Self.desk(.status(200, #"{"email": "a@b.example"}"#))
    try atOnce.outcome()
    #expect(atOnce.jobs.isEmpty)
  }

  /// An earlier process submitted the question: its job is asked for, and nothing is submitted.
  @Test func aKnownJobIsFetched() throws {
    let desk = try Self.desk(Self.working, Self.hit)
    desk.ask(1, Desk.question(1, sentFor: 1, job: "7"))
    desk.transport.finish()
    #expect(desk.outcomes[1] == .hit("a@b.example") && desk.jobs.isEmpty)
    #expect(
      desk.transport.requests.map { "\($0.method) \($0.url)" }
        == Array(repeating: "GET https://api.alpha.example/jobs/7", count: 2))
  }

  /// Whether it was done before it was lost, nobody can tell.
  @Test func aKnownJobThatIsLostIsUnknown() throws {
    let desk = try Self.desk(.status(404, "{}"))
    desk.ask(1, Desk.question(1, sentFor: 1, job: "7"))
    desk.transport.finish()
    #expect(desk.outcomes[1] == .unknown)
    #expect(desk.transport.requests.map(\.method) == ["GET"])
  }

  @Test func whatIsNeverReadyIsUnknown() throws {
    let desk = try Self.desk(Self.submitted, Self.working)
    #expect(try desk.outcome() == .unknown)
    // After the submission at 10 ms: at most 30 s of polls.
    #expect(desk.transport.sent.last.map { $0.at <= .milliseconds(30_010) } == true)
    #expect(desk.transport.sent.count == 6)
    #expect(desk.reported == ["it was not ready after 30.0 seconds"])
  }

  @Test func anAnswerWithoutAJobIsTheAnswer() throws {
    let desk = try Self.desk(.status(200, #"{"email": "a@b.example"}"#))
    #expect(try desk.outcome() == .hit("a@b.example"))
    #expect(desk.transport.sent.count == 1)
  }

  /// An error in disguise is no “not found”, which some providers are paid for.
  @Test func anAnswerWithNeitherIsMalformed() throws {
    let desk = try Self.desk(.status(200, #"{"ok": false, "message": "no such plan"}"#))
    #expect(try desk.outcome() == .failure(.malformed))
    #expect(desk.transport.sent.count == 1)
  }

  @Test(arguments: [
    (#"{"state": "failed"}"#, 200, Outcome.failure(.refused)), (#"{"email": null}"#, 200, .miss),
    // It was accepted, and nothing says that it was not done: it may be billed.
    ("{}", 404, .unknown), ("{}", 402, .unknown), ("{}", 401, .unknown),
    (#"{"email": [1]}"#, 200, .unknown), ("<html>", 200, .unknown),
  ])
  func aJobMayFailOrBeLost(body: String, status: Int, outcome: Outcome) throws {
    let desk = try Self.desk(Self.submitted, .status(status, body))
    #expect(try desk.outcome() == outcome)
  }

  /// The job was accepted, and may well be done and billed.
  @Test(arguments: [
    ScriptedTransport.Reply.status(503), .status(429), .failure(.notConnected), .failure(.noAnswer),
  ])
  func aPollThatNeverComesThroughLeavesTheOutcomeOpen(reply: ScriptedTransport.Reply) throws {
    let desk = try Self.desk(Self.submitted, reply)
    let answer = try desk.answer()
    #expect(answer.outcome == .unknown)
    // The poll and its three repetitions, and again, for as long as the job may take; it is not
    // submitted again.
    #expect(answer.exchanges > 5)
    #expect(desk.transport.requests.filter { $0.method == "POST" }.count == 1)
    #expect(desk.reported.last == "it was not ready after 30.0 seconds")
  }

  /// What a rule says of the job counts, whatever became of polls before.
  @Test func aJobThatFailedHasFailed() throws {
    let desk = try Self.desk(
      Self.submitted, .failure(.noAnswer), .status(200, #"{"sta"#),
      .status(200, #"{"state": "failed"}"#))
    #expect(try desk.outcome() == .failure(.refused))
  }

  /// Whoever polls is as polite as anybody.
  @Test func pollsObeyRetryAfter() throws {
    let operation = Self.operation.replacing("most: 30s", with: "most: 10m")
    let busy = try Desk(
      operation: operation,
      replies: [Self.submitted, .status(503, "{}", ["retry-after": "100"]), Self.hit])
    #expect(try busy.outcome() == .hit("a@b.example"))
    #expect(busy.transport.sent[2].at - busy.transport.sent[1].at >= .seconds(100))
    let working = try Desk(
      operation: operation,
      replies: [
        .status(202, #"{"id": 7}"#, ["retry-after": "20"]),
        .status(200, #"{"state": "working"}"#, ["retry-after": "40"]), Self.hit,
      ])
    #expect(try working.outcome() == .hit("a@b.example"))
    let times = working.transport.sent.map(\.at)
    #expect(times[1] >= .seconds(20) && times[2] - times[1] >= .seconds(40))
    let again = try Desk(
      operation: Self.again,
      replies: [.status(202, "{}", ["retry-after": "8"]), Self.hit])
    #expect(try again.outcome() == .hit("a@b.example"))
    #expect(again.transport.sent[1].at >= .seconds(8))
  }

  /// A while without a network does not cost the answer.
  @Test func aJobOutlivesAWhileWithoutAnswers() throws {
    let desk = try Desk(operation: Self.operation) { _, number in
      number == 0 ? Self.submitted : number < 8 ? .failure(.notConnected) : Self.hit
    }
    #expect(try desk.outcome() == .hit("a@b.example"))
    #expect(desk.transport.requests.filter { $0.method == "POST" }.count == 1)
  }

  @Test func aPollIsRepeatedThoughASubmissionIsNot() throws {
    let desk = try Self.desk(Self.submitted, .failure(.noAnswer), .status(500), Self.hit)
    #expect(try desk.outcome() == .hit("a@b.example"))
    let lost = try Self.desk(.failure(.noAnswer), Self.submitted, Self.hit)
    #expect(try lost.outcome() == .unknown)
    #expect(lost.transport.sent.count == 1)
  }

  /// Each poll has its repetitions: a hiccup now and then does not lose a job.
  @Test func aPollThatIsAnsweredBeginsAnew() throws {
    let desk = try Desk(
      http: "retries: {most: 1, wait: 1ms, longest: 1s}",
      operation: Self.operation.replacing("most: 30s", with: "most: 1h")
    ) { _, number in
      if number == 0 { return Self.submitted }
      return number == 20 ? Self.hit : number % 2 == 1 ? .status(503) : Self.working
    }
    #expect(try desk.outcome() == .hit("a@b.example"))
    #expect(desk.transport.sent.count == 21)
  }

  @Test func theJobIsEncodedForThePath() throws {
    let desk = try Self.desk(.status(200, #"{"id": "a/../b?c"}"#), Self.hit)
    #expect(try desk.outcome() == .hit("a@b.example"))
    #expect(desk.transport.requests[1].url == "https://api.alpha.example/jobs/a%2F..%2Fb%3Fc")
    // No part of a path: it is not asked at all, and what became of the job stays open.
    let evil = try Self.desk(.status(200, #"{"id": ".."}"#), Self.hit)
    #expect(try evil.outcome() == .unknown)
    #expect(evil.transport.sent.count == 1)
  }

  @Test func aLongNumberOfAJobStaysExact() throws {
    let desk = try Self.desk(.status(200, #"{"id": 9007199254740993123}"#), Self.hit)
    try desk.outcome()
    #expect(desk.transport.requests[1].url.hasSuffix("/jobs/9007199254740993123"))
  }

  /// Answers that come late, while others are asked, reach the question that they are for.
  @Test func questionsDoNotGetInEachOthersWay() throws {
    let desk = try Desk(operation: Self.operation) { request, _ in
      if request.method == "POST" {
        let name = String(decoding: request.body ?? [], as: UTF8.self).filter(\.isNumber)
        return .status(200, #"{"id": "j\#(name)"}"#, after: .seconds(9 - (Int(name) ?? 0)))
      }
      let job = request.url.filter(\.isNumber)
      return .status(200, #"{"email": "a\#(job)@b.example"}"#, after: .seconds(Int(job) ?? 0))
    }
    desk.ask(1, 2, 3, 4)
    desk.transport.finish()
    #expect(desk.answers.count == 4)
    for number in 1...4 { #expect(desk.outcomes[number] == .hit("a\(number)@b.example")) }
  }

  // MARK: The same again

  static let again =
    "rules: [{status: 202, is: pending}]\nrepeat: {every: 3s, most: 10s}\nvalue: .email"

  @Test func theSameIsAskedUntilItIsThere() throws {
    let desk = try Desk(operation: Self.again, replies: [.status(202, "{}"), Self.hit])
    #expect(try desk.outcome() == .hit("a@b.example"))
    #expect(desk.transport.requests[0] == desk.transport.requests[1])
    let never = try Desk(operation: Self.again, replies: [.status(202, "")])
    #expect(try never.outcome() == .unknown)
    #expect(never.transport.sent.count == 4)
  }
}
