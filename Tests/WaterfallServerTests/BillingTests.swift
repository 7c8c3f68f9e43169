import Foundation
import TestSupport
import Testing
import WaterfallCore

@testable import WaterfallProviders

/// What a provider would bill: each answered question once.
@Suite struct BillingTests {
  @Test func aQuestionIsPaidOncePerKey() throws {
    let sandbox = try RunningSandbox()
    defer { sandbox.stop() }
    let hits = try RunningSandbox.hits(2)
    for _ in 0..<3 { _ = try sandbox.askHunter(hits[0], key: "a") }
    _ = try sandbox.askHunter(hits[1], key: "b")
    let entry = try #require(try sandbox.entry("hunter", keys: true))
    #expect(entry.requests == 4 && entry.questions == 2 && entry.paid == 2)
    #expect(entry.paidKeys == ["a", "b"])
  }

  @Test func withoutAKeyEveryRequestCounts() throws {
    let sandbox = try RunningSandbox()
    defer { sandbox.stop() }
    let row = try #require(try RunningSandbox.hits(1).first)
    for _ in 0..<3 { _ = try sandbox.askHunter(row) }
    let entry = try #require(try sandbox.entry("hunter"))
    #expect(entry.requests == 3 && entry.questions == 3 && entry.paid == 3)
  }

  @Test func missesAndFailuresAreFree() throws {
    let sandbox = try RunningSandbox()
    defer { sandbox.stop() }
    let misses = try RunningSandbox.rows(2) { $0 == .miss }
    let failures = try RunningSandbox.rows(3) { if case .failure = $0 { true } else { false } }
    let unknown = try RunningSandbox.rows(1) { $0 == .unknown }
    for row in misses + failures { _ = try sandbox.askHunter(row, key: "\(row)") }
    let broken = try sandbox.askHunter(unknown[0], key: "x")
    #expect(broken.status == 0 && broken.ending != .timedOut)
    let entry = try #require(try sandbox.entry("hunter"))
    #expect(entry.questions == 6 && entry.paid == 0)
  }

  /// A finder that charges for every answer, and a verifier that gives some away.
  @Test func policiesDecideWhatIsBillable() throws {
    let oddly = try Sample.dialect("oddly")
    let hunter = try Sample.dialect("hunter")
    for number in 0..<200 {
      let finder = SandboxQuestion(
        operation: SandboxOperation(.finder, .workEmail), inputs: Sample.row(number),
        candidate: nil, item: nil)
      let answer = oddly.answer(finder, seed: 1)
      #expect(answer.isBillable == answer.isFound, "\(answer.outcome)")
      let verifier = SandboxQuestion(
        operation: SandboxOperation(.verifier, .workEmail), inputs: Sample.row(number),
        candidate: "first@company.example", item: nil)
      let verdict = hunter.answer(verifier, seed: 1)
      #expect(verdict.isBillable == (verdict.verdict?.kind != .unverified))
    }
  }

  @Test func jobsArePaidWhenTheirAnswerIsThere() throws {
    let sandbox = try RunningSandbox()
    defer { sandbox.stop() }
    var found = false
    for row in 0..<20 where !found {
      let job = try sandbox.submit(row, key: "\(row)").job
      guard let job else { continue }
      #expect(try sandbox.entry("icypeas")?.paid == 0)
      #expect(try sandbox.poll(job).state == "IN_PROGRESS")
      #expect(try sandbox.entry("icypeas")?.paid == 0)
      found = try sandbox.poll(job).state == "FOUND"
      guard found else { continue }
      // Fetched twice, paid once.
      #expect(try sandbox.poll(job).state == "FOUND")
      #expect(try sandbox.entry("icypeas")?.paid == 1)
    }
    #expect(found)
  }

  @Test func batchesArePaidByTheirQuestions() throws {
    let sandbox = try RunningSandbox()
    defer { sandbox.stop() }
    let people = (0..<5).map { number in
      #"{"n":"\#(number)","who":{"first":"First\#(number)","last":"L","at":["c\#(number).example"]}}"#
    }
    let body = #"{"people":[\#(people.joined(separator: ","))],"mode":"fast"}"#
    let key = TextEncoding.base64("key:")
    for _ in 0..<2 {
      let reply = try sandbox.server.client.send(
        "POST", "/batchy/find/bulk",
        headers: ["Authorization": "Basic \(key)", "Idempotency-Key": "b"], body: body)
      let answers = try #require(reply.json?["answers"] as? [[String: Any]])
      let hits = answers.filter { $0["address"] is String }.count
      let entry = try #require(try sandbox.entry("batchy"))
      #expect(entry.questions == 5 && entry.paid == hits && hits > 0)
    }
    #expect(try sandbox.entry("batchy")?.requests == 2)
  }

  @Test func theLedgerCanBeCleared() throws {
    let sandbox = try RunningSandbox()
    defer { sandbox.stop() }
    _ = try sandbox.askHunter(1, key: "a")
    #expect(try sandbox.server.client.send("DELETE", "/_sandbox/ledger").status == 204)
    #expect(try sandbox.entry("hunter") == nil)
  }
}
