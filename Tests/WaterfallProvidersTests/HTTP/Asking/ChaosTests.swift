import Synchronization
import TestSupport
import Testing
import WaterfallCore

@testable import WaterfallProviders

/// Whatever a provider does, and in whatever order: what holds of every question.
@Suite struct ChaosTests {
  typealias Reply = ScriptedTransport.Reply

  /// Draws replies, and keeps what became of each question's exchanges.
  final class Weather: Sendable {
    private let state: Mutex<(random: SplitMix64, lost: Set<String>, again: Set<String>)>

    init(seed: UInt64) { state = Mutex((SplitMix64(state: seed), [], [])) }

    /// Questions that were sent again after an exchange of theirs was lost.
    var sentAgainAfterLoss: Set<String> { state.withLock { $0.again } }
    var lost: Set<String> { state.withLock { $0.lost } }

    func reply(_ request: HTTPRequest) -> Reply {
      let name = request.url.split(separator: "=").last.map(String.init) ?? ""
      return state.withLock { state in
        if state.lost.contains(name) { state.again.insert(name) }
        let latency = Duration.milliseconds(Int.random(in: 1...3000, using: &state.random))
        switch Int.random(in: 0..<10, using: &state.random) {
        case 0: return .status(429, "{}", ["retry-after": "2"], after: latency)
        case 1: return .status(503, after: latency)
        case 2: return .failure(.notConnected)
        case 3:
          state.lost.insert(name)
          return .failure(.noAnswer)
        case 4: return .status(200, "garbage", after: latency)
        case 5:
          let headers = ["x-ratelimit-remaining": "0", "x-ratelimit-reset": "3"]
          return .status(200, #"{"email": null}"#, headers, after: latency)
        default: return .status(200, #"{"email": "\#(name)@b.example"}"#, after: latency)
        }
      }
    }
  }

  @Test(arguments: 0..<12) func everyQuestionIsAnsweredOnceAndWithinTheLimits(run: Int) throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("ChaosTests.everyQuestionIsAnsweredOnceAndWithinTheLimits(\(run)): seed \(seed)")
    let weather = Weather(seed: seed)
    let isVoid = run % 2 == 0
    let desk = try Desk(
      http: """
        limits: [{requests: 5, per: 1s}, {requests: 60, per: 1m}]
        concurrency: 4
        on_unknown: \(isVoid ? "void" : "repeat")
        """
    ) { request, _ in weather.reply(request) }
    for number in 0..<200 { desk.ask(number) }
    desk.transport.finish()
    #expect(desk.answers.map(\.question).sorted() == Array(0..<200), "seed \(seed)")
    for given in desk.answers {
      let name = "n\(given.question)"
      #expect((1...4).contains(given.answer.exchanges), "seed \(seed): \(given)")
      switch given.answer.outcome {
      // Nobody is given another's value.
      case .hit(let value): #expect(value == "\(name)@b.example", "seed \(seed)")
      case .miss: break
      // What was lost once is never called a failure, and nothing else is called unknown.
      case .failure: #expect(!weather.lost.contains(name), "seed \(seed): \(given)")
      case .unknown: #expect(weather.lost.contains(name), "seed \(seed): \(given)")
      }
    }
    #expect(isVoid == weather.sentAgainAfterLoss.isEmpty, "seed \(seed)")
    let times = desk.transport.sent.map(\.at)
    #expect(KeyGateTests.most(times, in: .seconds(1)) <= 5, "seed \(seed)")
    #expect(KeyGateTests.most(times, in: .seconds(60)) <= 60, "seed \(seed)")
    #expect(desk.transport.mostAtOnce <= 4, "seed \(seed)")
  }
}
