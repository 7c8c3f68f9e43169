import TestSupport
import Testing
import WaterfallCore

@testable import WaterfallProviders

/// The talk with a program, without any program.
@Suite struct CommandConversationTests {
  /// A conversation on a clock of its own, and what it did, in words.
  struct Talk {
    var conversation: CommandConversation
    var now = ContinuousClock.now
    private(set) var actions: [String] = []
    private(set) var answers: [Int: [Answer]] = [:]
    /// When it wants to be woken.
    private(set) var wakes: [ContinuousClock.Instant] = []

    init(
      inFlight: Int = 2, timeout: Duration = .seconds(10), startTimeout: Duration? = nil,
      onUnknown: CommandSection.OnUnknown = .void, restarts: Int = 1
    ) {
      conversation = CommandConversation(
        name: "it",
        section: CommandSection(
          run: ["it"], inFlight: inFlight, timeout: timeout, startTimeout: startTimeout,
          environment: [], key: nil, onUnknown: onUnknown, restarts: restarts))
    }

    mutating func handle(_ event: CommandConversation.Event) {
      for action in conversation.handle(event, at: now) {
        switch action {
        case .start: actions.append("start")
        case .send(let question): actions.append("send \(question)")
        case .answer(let question, let answer):
          actions.append("answer \(question) \(answer.outcome)")
          answers[question, default: []].append(answer)
        case .wake(let time): wakes.append(time)
        case .end: actions.append("end")
        case .note(let text): actions.append("note: \(text)")
        }
      }
    }

    mutating func ask(_ questions: Int...) {
      for question in questions { handle(.asked(question)) }
    }

    mutating func reply(_ question: Int, _ content: CommandReply.Content = .miss(cost: nil)) {
      handle(.reply(.answer(question, content), isFinderAsked: { _ in true }))
    }

    mutating func wait(_ duration: Duration) {
      now += duration
      let due = wakes.filter { $0 <= now }
      wakes.removeAll { $0 <= now }
      for _ in due { handle(.woken) }
    }

    /// What it did since this was looked at last.
    mutating func news() -> [String] {
      defer { actions = [] }
      return actions
    }
  }

  @Test func itIsStartedByTheFirstQuestion() {
    var talk = Talk()
    talk.ask(1, 2, 3)
    #expect(talk.news() == ["start", "send 1", "send 2"])
    talk.reply(2, .value("x", cost: nil))
    #expect(talk.news() == ["answer 2 hit(\"x\")", "send 3"])
    talk.reply(1)
    talk.reply(3)
    talk.handle(.stop)
    #expect(talk.news() == ["answer 1 miss", "answer 3 miss", "end"])
    talk.ask(4)
    #expect(talk.news() == ["answer 4 failure(WaterfallCore.FailureReason.notSent)"])
  }

  @Test func timesAreMeasuredFromTheSending() {
    var talk = Talk(inFlight: 1)
    talk.ask(1, 2)
    talk.now += .seconds(4)
    talk.reply(1)
    talk.now += .milliseconds(1500)
    talk.reply(2)
    #expect(talk.answers[1]?.first?.latency == 4_000_000)
    #expect(talk.answers[2]?.first?.latency == 1_500_000)
  }

  @Test func aRepeatedQuestionIsTimedFromItsFirstSending() {
    var talk = Talk(onUnknown: .repeat)
    talk.ask(1)
    talk.now += .seconds(1)
    talk.handle(.ended(.exited(1), said: ["oops"]))
    talk.now += .seconds(1)
    talk.reply(1)
    #expect(
      talk.news() == [
        "start", "send 1",
        "note: it ended with status 1 while 1 question was under way; it is started again when it is "
          + "needed (1 of 1)\n  it: oops", "start", "send 1", "answer 1 miss",
      ])
    #expect(talk.answers[1]?.first?.latency == 2_000_000)
    #expect(talk.answers[1]?.first?.exchanges == 2)
  }

  @Test func eachQuestionHasItsOwnTime() {
    var talk = Talk(inFlight: 3)
    talk.ask(1)
    talk.wait(.seconds(6))
    talk.ask(2)
    talk.wait(.seconds(4))
    #expect(talk.news() == ["start", "send 1", "send 2", "answer 1 unknown"])
    talk.wait(.seconds(5))
    #expect(talk.news() == [])
    talk.wait(.seconds(1))
    #expect(talk.news() == ["answer 2 unknown"])
    talk.reply(1)
    talk.reply(2)
    talk.reply(2)
    talk.reply(3)
    talk.handle(.stop)
    #expect(
      talk.news() == [
        "end", "note: it answered a question that nobody asked",
        "note: it answered a question more than once",
        "note: it left 2 questions unanswered for too long; 2 of the answers came too late",
      ])
  }

  /// Only what did not answer has something to explain.
  @Test func theLastWordsOfWhatHangsAreShown() {
    var talk = Talk(inFlight: 3)
    talk.ask(1)
    talk.wait(.seconds(10))
    talk.handle(.stop)
    talk.handle(.ended(.killed(signal: 15), said: ["waiting"]))
    let left = "note: it left a question unanswered for too long"
    #expect(
      talk.news() == [
        "start", "send 1", "answer 1 unknown", "end", left,
        "note: it was ended, as it did not answer\n  it: waiting",
      ])
    // Ended already, when the run is over.
    var other = Talk(inFlight: 1)
    for question in 1...3 {
      other.ask(question)
      other.wait(.seconds(10))
    }
    other.handle(.stop)
    other.handle(.ended(.killed(signal: 9), said: ["waiting"]))
    #expect(other.news().last == "note: it was ended, as it did not answer\n  it: waiting")
    // It answers, and is told to end: nobody asked what it has to say.
    var fine = Talk()
    fine.ask(1)
    fine.reply(1)
    fine.handle(.stop)
    fine.handle(.ended(.exited(0), said: ["bye"]))
    #expect(fine.news() == ["start", "send 1", "answer 1 miss", "end"])
  }

  @Test func linesThatAnswerNothingAreCountedByWhatTheyAre() {
    var talk = Talk()
    talk.ask(1)
    for line in ["debug", "{}", "more"] {
      talk.handle(.reply(CommandReply(Array(line.utf8)), isFinderAsked: { _ in true }))
    }
    talk.reply(1, .malformed("“value” has the wrong type"))
    talk.ask(2)
    talk.reply(2, .malformed("it says more than one thing"))
    talk.handle(.stop)
    #expect(
      talk.news().suffix(2) == [
        "note: it gave 2 answers that cannot be understood; the first: “value” has the wrong type",
        "note: it printed 3 lines that answer no question: no JSON object (2), without an “id” that "
          + "is a text (1)",
      ])
  }

  @Test func nothingIsSentBeforeItIsReady() {
    var talk = Talk(startTimeout: .seconds(5))
    talk.ask(1, 2, 3)
    talk.wait(.seconds(4))
    #expect(talk.news() == ["start"])
    talk.handle(.reply(.ready, isFinderAsked: { _ in true }))
    #expect(talk.news() == ["send 1", "send 2"])
    talk.wait(.seconds(2))
    #expect(talk.news() == [])
    talk.wait(.seconds(8))
    #expect(talk.news() == ["answer 1 unknown", "answer 2 unknown", "send 3"])
  }

  @Test func whatIsAskedWhileItEndsWaitsForTheNextStart() {
    var talk = Talk(startTimeout: .seconds(5))
    talk.ask(1)
    talk.wait(.seconds(5))
    talk.ask(2)
    #expect(talk.news() == ["start", "end"])
    talk.handle(.ended(.killed(signal: 15), said: []))
    #expect(
      talk.news() == [
        "note: it did not say that it was ready within 5 s; it is started again when it is needed (1 of 1)",
        "start",
      ])
    talk.handle(.ended(.exited(0), said: []))
    #expect(
      talk.news() == [
        "note: it ended with status 0; it is not asked any more",
        "answer 1 failure(WaterfallCore.FailureReason.notSent)",
        "answer 2 failure(WaterfallCore.FailureReason.notSent)",
      ])
  }

  @Test func whatCannotBeStartedIsNotTriedAgain() {
    var talk = Talk(restarts: 5)
    talk.ask(1, 2, 3)
    talk.handle(.ended(.notStarted("no such thing."), said: []))
    let notSent = "failure(WaterfallCore.FailureReason.notSent)"
    #expect(
      talk.news() == [
        "start", "send 1", "send 2",
        "note: it could not be started: no such thing; it is not asked any more",
        "answer 1 \(notSent)", "answer 2 \(notSent)", "answer 3 \(notSent)",
      ])
  }

  @Test func aRunThatStopsLeavesNobodyWaiting() {
    var talk = Talk(inFlight: 1)
    talk.ask(1, 2)
    talk.handle(.stop)
    talk.handle(.ended(.exited(0), said: []))
    talk.handle(.stop)
    talk.handle(.woken)
    #expect(
      talk.news() == [
        "start", "send 1", "end", "answer 1 unknown",
        "answer 2 failure(WaterfallCore.FailureReason.notSent)",
      ])
  }

  /// Whatever comes in whatever order: each question is answered once, no more are under way than
  /// allowed, and it is never started more often than it may be.
  @Test func anyOrderOfEventsAnswersEachQuestionOnce() {
    let seed = UInt64.random(in: .min ... .max)
    print("command conversation seed: \(seed)")
    var random = SplitMix64(state: seed)
    for round in 0..<400 {
      let inFlight = Int.random(in: 1...4, using: &random)
      let restarts = Int.random(in: 0...3, using: &random)
      var talk = Talk(
        inFlight: inFlight, startTimeout: Bool.random(using: &random) ? .seconds(3) : nil,
        onUnknown: Bool.random(using: &random) ? .repeat : .void, restarts: restarts)
      var (asked, starts, isRunning) = (0, 0, false)
      var underWay: Set<Int> = []
      func follow(_ news: [String]) {
        for action in news {
          let words = action.split(separator: " ")
          switch words[0] {
          case "start":
            starts += 1
            isRunning = true
          case "send": underWay.insert(Int(words[1]) ?? 0)
          case "answer": underWay.remove(Int(words[1]) ?? 0)
          default: break
          }
        }
      }
      for _ in 0..<60 {
        switch Int.random(in: 0..<8, using: &random) {
        case 0, 1, 2:
          asked += 1
          talk.ask(asked)
        case 3, 4: talk.reply(underWay.randomElement(using: &random) ?? 1)
        case 5: talk.wait(.seconds(Int.random(in: 0...6, using: &random)))
        case 6: talk.handle(.reply(.ready, isFinderAsked: { _ in true }))
        default:
          guard isRunning else { continue }
          isRunning = false
          underWay = []
          talk.handle(.ended(.exited(1), said: []))
        }
        follow(talk.news())
        #expect(underWay.count <= inFlight, "seed \(seed), round \(round)")
      }
      talk.handle(.stop)
      follow(talk.news())
      #expect(starts <= 1 + restarts, "seed \(seed), round \(round)")
      for question in 1...max(1, asked) where asked > 0 {
        #expect(talk.answers[question]?.count == 1, "seed \(seed), round \(round), \(question)")
      }
    }
  }
}
