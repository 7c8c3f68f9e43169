import Foundation
import Testing
import WaterfallCore

@testable import WaterfallProviders

/// Many questions in one exchange.
@Suite struct BatchTests {
  static func operation(reference: Bool = true) -> String {
    """
    value: .email
    cost: .credits
    rules: [{status: 2xx, when: .fault == "down", is: unavailable}]
    batch:
      most: 3
      wait: 200ms
      request: {path: /bulk, json: {all: "{items}"}}
      item: {q: "{first_name}", n: "{item}"}
      items: .list
    """ + (reference ? "\n  ref: .n" : "")
  }

  static func desk(
    http: String = "", reference: Bool = true, _ script: @escaping ScriptedTransport.Script
  ) throws -> Desk {
    try Desk(http: http, operation: operation(reference: reference), script)
  }

  /// Answers every item with what `item` makes of its name and number.
  static func echo(
    reversed: Bool = false, _ item: @escaping @Sendable (String, String) -> String?
  ) -> ScriptedTransport.Script {
    { request, _ in
      struct Body: Decodable {
        struct Item: Decodable {
          var q: String
          var n: String
        }
        var all: [Item]
      }
      guard let body = try? JSONDecoder().decode(Body.self, from: Data(request.body ?? [])) else {
        return .status(400)
      }
      var items = body.all.compactMap { item($0.q, $0.n) }
      if reversed { items.reverse() }
      return .status(200, #"{"list": [\#(items.joined(separator: ","))]}"#)
    }
  }

  static let everyHit = echo { name, number in
    #"{"n": "\#(number)", "email": "\#(name)@b.example", "credits": 1}"#
  }

  @Test func aFullBatchGoesAtOnce() throws {
    let desk = try Self.desk(Self.everyHit)
    desk.ask(1, 2)
    #expect(desk.transport.sent.isEmpty)
    desk.ask(3)
    #expect(desk.transport.sent.count == 1)
    desk.transport.finish()
    for number in 1...3 { #expect(desk.outcomes[number] == .hit("n\(number)@b.example")) }
    // The first one's timer finds nothing more to send.
    #expect(desk.transport.sent.count == 1 && desk.answers.count == 3)
  }

  @Test func aPartOfABatchGoesAfterItsTime() throws {
    let desk = try Self.desk(Self.everyHit)
    desk.ask(1)
    desk.transport.advance(.milliseconds(150))
    desk.ask(2)
    desk.transport.advance(.milliseconds(49))
    #expect(desk.transport.sent.isEmpty)
    desk.transport.advance(.milliseconds(1))
    #expect(desk.transport.sent.count == 1)
    desk.transport.finish()
    #expect(desk.answers.count == 2 && desk.transport.sent.count == 1)
  }

  @Test func theNextBatchHasATimeOfItsOwn() throws {
    let desk = try Self.desk(Self.everyHit)
    desk.ask(1, 2, 3)
    desk.transport.advance(.milliseconds(100))
    desk.ask(4)
    // The timer of the first, which is gone, is not that of the second.
    desk.transport.advance(.milliseconds(150))
    #expect(desk.transport.sent.count == 1)
    desk.transport.finish()
    #expect(desk.transport.sent.map(\.at) == [.zero, .milliseconds(300)])
    #expect(desk.answers.count == 4)
  }

  @Test func answersMayComeInAnyOrder() throws {
    let desk = try Self.desk(
      Self.echo(reversed: true) { #"{"n": \#($1), "email": "\#($0)@b.example"}"# })
    desk.ask(1, 2, 3)
    desk.transport.finish()
    for number in 1...3 { #expect(desk.outcomes[number] == .hit("n\(number)@b.example")) }
  }

  @Test func eachAnswersForItself() throws {
    let desk = try Self.desk(
      Self.echo { name, number in
        switch name {
        case "n1": #"{"n": \#(number), "email": [1], "credits": 9}"#
        case "n2": #"{"n": \#(number), "email": null, "credits": 0.25}"#
        default: #"{"n": \#(number), "email": "c@b.example", "credits": 1.5}"#
        }
      })
    desk.ask(1, 2, 3)
    desk.transport.finish()
    let answers = Dictionary(uniqueKeysWithValues: desk.answers.map { ($0.question, $0.answer) })
    #expect(answers[1]?.outcome == .failure(.malformed) && answers[1]?.reportedCost == nil)
    #expect(answers[2]?.outcome == .miss)
    #expect(answers[2]?.reportedCost == Credits(micro: 250_000) && answers[2]?.money == nil)
    #expect(answers[3]?.outcome == .hit("c@b.example"))
    #expect(answers[3]?.reportedCost == Credits(micro: 1_500_000))
    #expect(answers[3]?.money != nil)
  }

  @Test func aQuestionWithoutAnItemIsMalformed() throws {
    let desk = try Self.desk(
      Self.echo { name, number in
        name == "n2" ? nil : #"{"n": \#(number), "email": "\#(name)@b.example"}"#
      })
    desk.ask(1, 2, 3)
    desk.transport.finish()
    #expect(desk.outcomes[1] == .hit("n1@b.example"))
    #expect(desk.outcomes[2] == .failure(.malformed))
    #expect(desk.outcomes[3] == .hit("n3@b.example"))
  }

  @Test(arguments: ["7", "-1", "null", "\"x\"", "[0]", "0.5", "99999999999999999999"])
  func aNumberThatIsNoQuestionsIsLeftAlone(number: String) throws {
    let desk = try Self.desk { _, _ in
      .status(
        200,
        #"{"list": [{"n": \#(number), "email": "x@b.example"}, {"n": 1, "email": "y@b.example"}]}"#)
    }
    desk.ask(1, 2)
    desk.transport.finish()
    #expect(desk.outcomes == [1: .failure(.malformed), 2: .hit("y@b.example")])
  }

  @Test func anItemThatComesTwiceIsAnsweredOnce() throws {
    let item = { @Sendable (number: Int, name: String) -> String in
      #"{"n": \#(number), "email": "\#(name)@b.example", "credits": 1}"#
    }
    let desk = try Self.desk { _, _ in
      .status(200, #"{"list": [\#(item(0, "a")), \#(item(1, "b")), \#(item(0, "a"))]}"#)
    }
    desk.ask(1, 2)
    desk.transport.finish()
    #expect(desk.answers.count == 2)
    #expect(desk.outcomes == [1: .hit("a@b.example"), 2: .hit("b@b.example")])
    #expect(desk.answers.allSatisfy { $0.answer.reportedCost == Credits(micro: 1_000_000) })
  }

  @Test func byPositionANullIsAMissAndMoreIsLeftOut() throws {
    let desk = try Self.desk(reference: false) { _, _ in
      .status(200, #"{"list": [null, {"email": "y@b.example"}, {"email": "z@b.example"}]}"#)
    }
    desk.ask(1, 2)
    desk.transport.finish()
    #expect(desk.outcomes == [1: .miss, 2: .hit("y@b.example")])
  }

  @Test(arguments: [
    (#"{"list": 5}"#, 200, Outcome.failure(.malformed)), ("oops", 200, .failure(.malformed)),
    (#"{"list": []}"#, 200, .failure(.malformed)), ("{}", 401, .failure(.credentials)),
    ("{}", 503, .failure(.unavailable)), (#"{"fault": "down"}"#, 200, .failure(.unavailable)),
    (#"{"list": []}"#, 429, .failure(.rateLimited)), (#"{"list": []}"#, 402, .failure(.quota)),
    (#"{"list": [], "fault": "down"}"#, 200, .failure(.unavailable)),
    (#"{"list": [{"n": 0, "em"#, 200, .unknown), (#"{"list": []}"#, 504, .unknown),
  ])
  func aBatchFailsAsAWhole(body: String, status: Int, outcome: Outcome) throws {
    let desk = try Self.desk(http: "retries: {most: 1}\non_unknown: void") { _, _ in
      .status(status, body)
    }
    desk.ask(1, 2, 3)
    desk.transport.finish()
    #expect(desk.outcomes == [1: outcome, 2: outcome, 3: outcome])
    let mayChange = [.failure(.unavailable), .failure(.rateLimited)].contains(outcome)
    #expect(desk.transport.sent.count == (mayChange ? 2 : 1))
  }

  @Test func aBatchIsRepeatedWholeWithItsKey() throws {
    let desk = try Self.desk(http: "idempotency: Idempotency-Key") { request, number in
      number == 0 ? .failure(.noAnswer) : Self.everyHit(request, number)
    }
    desk.ask(1, 2, 3)
    desk.transport.finish()
    #expect(desk.transport.requests.count == 2)
    #expect(desk.transport.requests[0] == desk.transport.requests[1])
    for number in 1...3 { #expect(desk.outcomes[number] == .hit("n\(number)@b.example")) }
  }

  /// One exchange that failed is one failure, however many questions it carried.
  @Test func aFailedBatchCountsOnceAgainstTheProvider() throws {
    let desk = try Self.desk(http: "retries: {most: 0}") { _, _ in .status(503) }
    for round in 0..<9 {
      for number in 0..<3 { desk.ask(3 * round + number) }
      desk.transport.finish()
      #expect(desk.provider.obstacle == nil, "after \(round + 1) batches")
    }
    desk.ask(100, 101, 102)
    desk.transport.finish()
    #expect(desk.provider.obstacle == .providerDown)
  }

  /// The batch is a `POST`, though a single question would be a `GET`: without a word on it, it is
  /// not repeated.
  @Test(arguments: ["", "on_unknown: void"])
  func aLostBatchIsUnknownForAll(http: String) throws {
    let desk = try Self.desk(http: http) { _, _ in .failure(.noAnswer) }
    desk.ask(1, 2, 3)
    desk.transport.finish()
    #expect(desk.outcomes == [1: .unknown, 2: .unknown, 3: .unknown])
    #expect(desk.transport.sent.count == 1)
  }

  /// That one question may have been sent before says nothing about its neighbours.
  @Test func theDoubtOfOneIsNotThatOfTheOthers() throws {
    let desk = try Self.desk(http: "on_unknown: repeat") { _, _ in .status(401) }
    desk.ask(1)
    desk.ask(2, mayHaveBeenSent: true)
    desk.ask(3)
    desk.transport.finish()
    #expect(
      desk.outcomes == [1: .failure(.credentials), 2: .unknown, 3: .failure(.credentials)])
  }

  /// A batch's key is that of all its questions: after a crash, it would be another one.
  @Test func noKeyProtectsTheBatchesOfAnEarlierProcess() throws {
    let desk = try Self.desk(
      http: "idempotency: Idempotency-Key\non_unknown: void", Self.everyHit)
    desk.ask(1)
    desk.ask(2, mayHaveBeenSent: true)
    desk.ask(3)
    desk.transport.finish()
    #expect(desk.outcomes == [1: .hit("n1@b.example"), 2: .unknown, 3: .hit("n3@b.example")])
    let again = try Self.desk(
      http: "idempotency: Idempotency-Key\non_unknown: repeat", Self.everyHit)
    again.ask(2, mayHaveBeenSent: true)
    again.transport.finish()
    #expect(again.outcomes == [2: .hit("n2@b.example")])
  }

  @Test func awkwardValuesStayWithinTheirItem() throws {
    let name = "\"}],\"all\":[{\"q\":\"\\\n\u{0}é"
    let desk = try Self.desk(
      Self.echo { seen, number in
        seen == name ? #"{"n": \#(number), "email": "same@b.example"}"# : nil
      })
    desk.ask(1, name: name)
    desk.transport.finish()
    #expect(desk.outcomes[1] == .hit("same@b.example"))
  }
}
