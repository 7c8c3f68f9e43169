import Foundation
import TestSupport
import Testing
import WaterfallCore

@testable import WaterfallProviders
@testable import WaterfallServer

/// Each fault as it looks on the wire, and who pays for what was behind it.
@Suite struct FaultTests {
  /// A sandbox in which one question goes wrong, and that question's reply.
  private func struck(
    _ rule: String, patience: Duration = .seconds(20),
    _ check: (SocketClient.Reply, RunningSandbox.Entry, RunningSandbox) throws -> Void
  ) throws {
    let sandbox = try RunningSandbox(script: "rules:\n  - {\(rule), provider: hunter}\n")
    defer { sandbox.stop() }
    let row = try #require(try RunningSandbox.hits(1).first)
    let reply = try sandbox.askHunter(row, key: "a", patience: patience)
    let entry = try #require(try sandbox.entry("hunter"))
    let kind = try #require(rule.split(separator: " ").dropFirst().first)
    #expect(entry.faults == [kind.trimmingCharacters(in: [","]): 1])
    #expect(entry.questions == 1)
    try check(reply, entry, sandbox)
  }

  // MARK: Spoilt on its way

  @Test func latencyDelaysTheAnswer() throws {
    let start = ContinuousClock.now
    try struck("fault: latency, wait: 300ms") { reply, entry, _ in
      #expect(ContinuousClock.now - start >= .milliseconds(300))
      #expect(reply.address != nil)
      #expect(entry.paid == 1)
    }
  }

  @Test func timeoutNeverAnswers() throws {
    try struck("fault: timeout", patience: .milliseconds(400)) { reply, entry, sandbox in
      #expect(reply.ending == .timedOut && reply.status == 0)
      #expect(entry.paid == 1)
      // Whoever hangs does not keep others waiting.
      let next = try sandbox.server.client.send("GET", "/_sandbox")
      #expect(next.status == 200)
    }
  }

  @Test func resetCutsTheBody() throws {
    try struck("fault: reset") { reply, entry, _ in
      #expect(reply.status == 200 && reply.ending == .reset)
      let length = reply.headers["content-length"].flatMap { Int($0) } ?? 0
      #expect(reply.body.count > 0 && reply.body.count < length)
      #expect(entry.paid == 1)
    }
  }

  @Test func truncatedJSONHasTheRightLength() throws {
    try struck("fault: truncated") { reply, entry, _ in
      #expect(reply.status == 200 && reply.ending == .complete)
      #expect(reply.text.hasPrefix(#"{"data""#) && reply.json == nil)
      #expect(entry.paid == 1)
    }
  }

  /// With its length, and then once more behind its end.
  @Test func duplicatesFollowTheirAnswer() throws {
    try struck("fault: duplicate") { reply, entry, sandbox in
      let length = try #require(reply.headers["content-length"].flatMap { Int($0) })
      #expect(reply.status == 200 && reply.body.count > 2 * length)
      let (first, second) = (reply.body.prefix(length), reply.body.suffix(length))
      #expect(first.elementsEqual(second))
      let rest = String(decoding: reply.body.dropFirst(length), as: UTF8.self)
      #expect(rest.hasPrefix("HTTP/1.1 200 "))
      #expect(entry.paid == 1)
      let next = try sandbox.server.client.send("GET", "/_sandbox")
      #expect(next.json?["schema"] as? String == "waterfall.sandbox/1")
    }
  }

  @Test func slowLorisComesByteByByte() throws {
    try struck("fault: slow_loris, wait: 2ms") { reply, entry, _ in
      #expect(reply.address != nil && reply.ending == .complete)
      #expect(reply.pieces > reply.body.count / 2)
      #expect(entry.paid == 1)
    }
  }

  // MARK: Something else instead

  @Test(arguments: [("", "2"), (", retry_after: 7", "7"), (", retry_after: none", nil)])
  func rateLimitsAreTheDialects(parameter: String, header: String?) throws {
    try struck("fault: rate_limited\(parameter)") { reply, entry, _ in
      #expect(reply.status == 403 && reply.text.contains("too_many_requests"))
      #expect(reply.headers["retry-after"] == header)
      #expect(entry.paid == 0)
    }
  }

  @Test func unavailableIsTheDialects() throws {
    try struck("fault: unavailable, retry_after: 3") { reply, entry, _ in
      #expect(reply.status == 503 && reply.text == "upstream")
      #expect(reply.headers["retry-after"] == "3")
      #expect(entry.paid == 0)
    }
  }

  @Test(arguments: [("credentials", 401), ("quota", 429)])
  func refusalsAreTheDialects(kind: String, status: Int) throws {
    try struck("fault: \(kind)") { reply, entry, _ in
      #expect(reply.status == status && reply.json?["errors"] != nil)
      #expect(entry.paid == 0)
    }
  }

  @Test func malformedIsNoJSON() throws {
    try struck("fault: malformed") { reply, entry, _ in
      #expect(reply.status == 200 && reply.json == nil && !reply.body.isEmpty)
      #expect(reply.headers["content-type"] == "application/json")
      #expect(entry.paid == 0)
    }
  }

  @Test func errorsMayComeWithStatus200() throws {
    try struck("fault: error_200") { reply, entry, _ in
      #expect(reply.status == 200 && reply.json?["error"] != nil)
      #expect(entry.paid == 0)
    }
  }

  @Test func aDialectsOwnErrorWithStatus200IsPreferred() throws {
    let dialect = try Sample.dialect("oddly")
    let response = dialect.response(instead: Fault(.errorWith200))
    #expect(response.status == 200)
    #expect(String(decoding: response.body, as: UTF8.self) == #"{"error":"busy"}"#)
  }

  @Test func aPageForPeopleHasItsType() throws {
    try struck("fault: wrong_type") { reply, entry, _ in
      #expect(reply.status == 200 && reply.headers["content-type"] == "text/html")
      #expect(reply.json == nil && entry.paid == 0)
    }
  }

  @Test func aBombIsSmallOnTheWire() throws {
    try struck("fault: gzip_bomb, size: 100000000") { reply, entry, _ in
      #expect(reply.headers["content-encoding"] == "gzip" && reply.ending == .complete)
      #expect(reply.body.count < 1_000_000 && entry.paid == 0)
    }
  }

  @Test func aRedirectLeadsElsewhere() throws {
    try struck("fault: redirect, location: https://other.example/x") { reply, entry, _ in
      #expect(reply.status == 302)
      #expect(reply.headers["location"] == "https://other.example/x" && entry.paid == 0)
    }
  }

  // MARK: Later

  @Test func lateJobsStayPending() throws {
    let script = "rules:\n  - {fault: late, polls: 2, provider: icypeas, nth: 1}\n"
    let sandbox = try RunningSandbox(script: script)
    defer { sandbox.stop() }
    let job = try #require(try sandbox.submit(1, key: "a").job)
    var states: [String?] = []
    for _ in 0..<5 { states.append(try sandbox.poll(job, key: "a").state) }
    #expect(states[..<3] == ["IN_PROGRESS", "IN_PROGRESS", "IN_PROGRESS"])
    #expect(states[3] != "IN_PROGRESS" && states[3] == states[4])
    #expect(try sandbox.entry("icypeas")?.faults == ["late": 1])
  }

  @Test func aQuestionThatIsAskedAgainMayBeLate() throws {
    try struck("fault: late, nth: 1") { reply, entry, sandbox in
      #expect(reply.status == 202 && entry.paid == 0)
      let row = try #require(try RunningSandbox.hits(1).first)
      #expect(try sandbox.askHunter(row, key: "a").address != nil)
      #expect(try sandbox.entry("hunter")?.paid == 1)
    }
  }

  @Test func jobsMayBeForgotten() throws {
    let sandbox = try RunningSandbox(
      ["--pending", "0"], script: "rules:\n  - {fault: unknown_job, nth: 1}\n")
    defer { sandbox.stop() }
    let job = try #require(try sandbox.submit(1, key: "a").job)
    let first = try sandbox.poll(job, key: "a")
    #expect(first.json?["success"] as? Bool == false)
    #expect(try sandbox.poll(job, key: "a").state != nil)
  }
}

/// Which exchanges rules strike.
@Suite struct FaultDeskTests {
  private static func kinds(_ script: String, _ keys: [String]) throws -> [Fault.Kind?] {
    var plan = FaultPlan()
    plan.rules = try FaultRule.all(in: script, file: "faults.yaml", providers: [])
    let dialect = try Sample.dialect("hunter")
    let desk = FaultDesk(plan)
    let site = dialect.faultSite(SandboxOperation(.finder, .workEmail), .question)
    return keys.map { desk.next(dialect.id, site, $0)?.kind }
  }

  @Test func everyRuleCountsAllThatItIsFor() throws {
    let script = """
      rules:
        - {fault: reset, nth: 1}
        - {fault: truncated, nth: [1, 2]}
        - {fault: timeout, every: 4}
      """
    #expect(
      try Self.kinds(script, ["a", "a", "b", "b", "c"])
        == [.reset, .truncated, nil, .timeout, nil])
  }

  @Test func aRuleCountsTheExchangesOfAllProviders() throws {
    var plan = FaultPlan()
    plan.rules = try FaultRule.all(
      in: "rules:\n  - {fault: reset, every: 3}\n", file: "faults.yaml", providers: [])
    let desk = FaultDesk(plan)
    let site = try Sample.dialect("hunter").faultSite(
      SandboxOperation(.finder, .workEmail), .question)
    let kinds = ["hunter", "pdl", "apollo", "hunter", "hunter", "pdl"].map {
      desk.next(ProviderID($0), site, "a")?.kind
    }
    #expect(kinds == [nil, nil, .reset, nil, nil, .reset])
  }

  @Test func attemptsAreThoseOfOneQuestion() throws {
    let script = "rules:\n  - {fault: malformed, attempt: 1}\n"
    #expect(
      try Self.kinds(script, ["a", "b", "a", "c", "b"])
        == [.malformed, .malformed, nil, .malformed, nil])
  }

  @Test func chanceSparesTheThirdAttempt() throws {
    var plan = FaultPlan()
    plan.rate = 1
    let dialect = try Sample.dialect("hunter")
    let desk = FaultDesk(plan)
    let site = dialect.faultSite(SandboxOperation(.finder, .workEmail), .question)
    for key in ["a", "b"] {
      let struck = (0..<5).map { _ in desk.next(dialect.id, site, key) != nil }
      #expect(struck == [true, true, false, false, false])
    }
    desk.forget()
    #expect(desk.next(dialect.id, site, "a") != nil)
  }
}
