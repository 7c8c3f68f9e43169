import Foundation
import Synchronization
import TestSupport
import WaterfallCore

/// Answers by a rule on the question; at once, or when and where a postman says.
struct ScriptedProvider: Provider {
  let isHarmless: Bool
  var postman: Postman?
  var room: Int?
  var door: Door?
  var journey: Journey
  /// Called in `ask`, before anything else.
  var watch: @Sendable (Question) -> Void = { _ in }
  let rule: @Sendable (Question) -> Answer

  var obstacle: SkipReason? { door?.obstacle }

  func ask(_ question: Question, reply: @escaping @Sendable (Answer) -> Void) {
    watch(question)
    journey.add(.ask(question.attempt))
    let answer = rule(question)
    guard let postman else { return reply(answer) }
    postman.post { reply(answer) }
  }
}

/// Can be shut while a run is under way.
final class Door: Sendable {
  private let reason = Mutex<SkipReason?>(nil)

  var obstacle: SkipReason? { reason.withLock { $0 } }

  func shut(_ reason: SkipReason) { self.reason.withLock { $0 = reason } }
}

/// Delivers what it is given from threads of its own, in random order.
final class Postman: Sendable {
  private struct State {
    var random: SplitMix64
    var waiting: [@Sendable () -> Void] = []
    var isClosed = false
    var longestQueue = 0
    /// How often nothing new had come when somebody looked.
    var lulls = 0
  }

  /// Answers pile up to this number, or until no question comes any more, so that their order has
  /// something to choose from.
  private let pile: Int
  /// Microseconds after each letter.
  private let pause: UInt32
  private let state: Mutex<State>

  init(seed: UInt64, threads: Int = 3, pile: Int = 100, pause: UInt32 = 0) {
    self.pile = pile
    self.pause = pause
    state = Mutex(State(random: SplitMix64(state: seed)))
    for _ in 0..<threads { Thread.detachNewThread { [self] in work() } }
  }

  func post(_ letter: @escaping @Sendable () -> Void) {
    state.withLock {
      $0.waiting.append(letter)
      $0.longestQueue = max($0.longestQueue, $0.waiting.count)
      $0.lulls = 0
    }
  }

  /// The threads end once everything is delivered.
  func close() { state.withLock { $0.isClosed = true } }

  /// How many answers were owed at once, at most.
  var longestQueue: Int { state.withLock { $0.longestQueue } }

  private func work() {
    while true {
      let (letter, isOver) = state.withLock { state -> ((@Sendable () -> Void)?, Bool) in
        guard !state.waiting.isEmpty else { return (nil, state.isClosed) }
        state.lulls += 1
        guard state.waiting.count > pile || state.lulls > 20 else { return (nil, false) }
        let index = Int.random(in: 0..<state.waiting.count, using: &state.random)
        return (state.waiting.remove(at: index), false)
      }
      if isOver { return }
      guard let letter else {
        usleep(50)
        continue
      }
      letter()
      if pause > 0 { usleep(pause) }
    }
  }
}

/// What a made-up provider knows: the same for the same provider and inputs, whoever asks when.
enum Rules {
  static func draw(_ question: Question, _ salt: UInt64 = 0) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ salt
    let text =
      question.provider.rawValue + "|" + question.inputs.values.joined(separator: "|")
      + (question.candidate ?? "")
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    var random = SplitMix64(state: hash)
    return random.next()
  }

  /// Everything that a finder can say. Values that contain `bad` are rejected by `LocalRules`.
  static func finder(_ question: Question) -> Answer {
    let draw = draw(question)
    let name = question.inputs.values.joined(separator: ".")
    let value = "\(name)@\(question.provider)\(draw >> 32 & 1 == 0 ? "" : ".bad")"
    let cost: Credits? =
      switch draw >> 40 & 7 {
      case 0: Credits(micro: 500_000)
      case 1: Credits(20)
      default: nil
      }
    let outcome: Outcome =
      switch draw & 15 {
      case 0..<7: .hit(value)
      case 7..<12: .miss
      case 12: .failure(.unavailable)
      case 13: .failure(.rateLimited)
      case 14: .unknown
      default: .hit("\(name), \"quoted\"\nvalue")
      }
    return Answer(
      outcome, latency: Int64(draw >> 48), exchanges: 1, reportedCost: cost, money: Money(nano: 7))
  }

  static func verifier(_ question: Question) -> Answer {
    let candidate = question.candidate ?? ""
    return switch draw(question) & 7 {
    case 0: Answer(.failure(.quota))
    case 1: Answer(.unknown)
    case 2: Answer(.hit(candidate), verdict: Verdict(.unverified, .undetermined))
    case 3, 4: Answer(.hit(candidate), verdict: Verdict(.invalid, .nonexistent))
    default: Answer(.hit(candidate), verdict: .valid)
    }
  }
}

struct LocalRules: Validator {
  func judge(_ value: String, for question: Question) -> Verdict {
    value.contains("bad") ? Verdict(.invalid, .syntax) : .valid
  }
}

/// Passes rows whose cell in one column does not contain a text; fails on request.
final class TextCondition: RowCondition, Sendable {
  let columns: [Int]
  let forbidden: String
  let breaksOn: String?

  init(column: Int, forbidden: String, breaksOn: String? = nil) {
    columns = [column]
    self.forbidden = forbidden
    self.breaksOn = breaksOn
  }

  func passes(_ values: [String]) throws -> Bool {
    if let breaksOn, values[0].contains(breaksOn) { throw UserError(.input, "it cannot compare") }
    return !values[0].contains(forbidden)
  }
}
