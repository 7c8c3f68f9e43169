import WaterfallCore

/// The talk with a program, as a value: events in, actions out; without processes, clock or chance.
///
/// Questions wait until fewer than `inFlight` are under way. One that is not answered in time, or
/// that is under way when the program ends, is lost: its outcome is unknown, unless it may be asked
/// once more. A program that ends by itself, that does not get ready, or that lets many questions
/// in a row go unanswered, is started again when it is needed, `restarts` times; after that no
/// question is sent.
struct CommandConversation {
  typealias Time = ContinuousClock.Instant

  enum State {
    /// Not started yet, or ended: started when there is a question. → preparing, asking, broken,
    /// stopped
    case idle
    /// Started; says when it is ready, at the latest then. → asking, ending
    case preparing(until: Time)
    /// → idle (ended), ending, broken, stopped
    case asking
    /// Is being ended, for this reason; nothing is sent until it has ended. → idle, broken, stopped
    case ending(String)
    /// Cannot be started any more. Final.
    case broken
    /// The run is over. Final.
    case stopped
  }

  enum Event {
    case asked(Int)
    case reply(CommandReply, isFinderAsked: (Int) -> Bool)
    case longLine
    case ended(CommandEnding, said: [String])
    /// A wait that was asked for is over.
    case woken
    case stop
  }

  enum Action {
    case start
    case send(Int)
    /// The question is done with.
    case answer(Int, Answer)
    /// `woken` is wanted then.
    case wake(at: Time)
    /// Closes the program's standard input and makes it end.
    case end
    /// Something for the user to read.
    case note(String)
  }

  private struct Sending {
    let first: Time
    let last: Time
    let times: Int32
  }

  /// Late answers that are known as such, at most.
  private static let mostOverdue = 65_536

  private let name: String
  private let section: CommandSection
  /// Makes text of the program's fit for a message.
  private let clean: @Sendable (String) -> String
  private var state = State.idle
  private var waiting: [Int] = []
  private var underWay: [Int: Sending] = [:]
  /// Those that were lost and are asked once more; when each was sent first.
  private var repeated: [Int: Time] = [:]
  /// Those whose time was over, and that the program may still answer.
  private var overdue: Set<Int> = []
  /// The highest number ever sent.
  private var lastSent = 0
  private var restarts = 0
  /// Questions that went unanswered since the last answer.
  private var silence = 0
  /// Whether it did not answer when the run was over: then its end is worth a word.
  private var hangs = false
  private var nextWake: Time?
  private var tally = CommandTally()

  init(
    name: String, section: CommandSection, clean: @escaping @Sendable (String) -> String = { $0 }
  ) {
    self.name = name
    self.section = section
    self.clean = clean
  }

  mutating func handle(_ event: Event, at now: Time) -> [Action] {
    var actions: [Action] = []
    switch event {
    case .asked(let question): ask(question, now, &actions)
    case .reply(let reply, let isFinderAsked): take(reply, isFinderAsked, now, &actions)
    case .longLine: tally.ignore("longer than 1 MiB")
    case .ended(let ending, let said): end(ending, said, now, &actions)
    case .woken:
      nextWake = nil
      checkTime(now, &actions)
    case .stop: stop(&actions)
    }
    return actions
  }

  // MARK: Asking

  private mutating func ask(_ question: Int, _ now: Time, _ actions: inout [Action]) {
    switch state {
    case .broken, .stopped:
      actions.append(.answer(question, notSent))
    case .idle:
      waiting.append(question)
      start(now, &actions)
    case .preparing, .ending:
      waiting.append(question)
    case .asking:
      waiting.append(question)
      send(now, &actions)
    }
  }

  private mutating func start(_ now: Time, _ actions: inout [Action]) {
    actions.append(.start)
    guard let time = section.startTimeout else {
      state = .asking
      return send(now, &actions)
    }
    state = .preparing(until: now + time)
    wake(at: now + time, &actions)
  }

  private mutating func send(_ now: Time, _ actions: inout [Action]) {
    let count = min(waiting.count, section.inFlight - underWay.count)
    guard count > 0 else { return }
    for question in waiting.prefix(count) {
      let first = repeated.removeValue(forKey: question)
      underWay[question] = Sending(first: first ?? now, last: now, times: first == nil ? 1 : 2)
      lastSent = max(lastSent, question)
      actions.append(.send(question))
    }
    waiting.removeFirst(count)
    wake(at: now + section.timeout, &actions)
  }

  private mutating func wake(at time: Time, _ actions: inout [Action]) {
    guard nextWake.map({ time < $0 }) ?? true else { return }
    nextWake = time
    actions.append(.wake(at: time))
  }

  // MARK: Answers

  private mutating func take(
    _ reply: CommandReply, _ isFinderAsked: (Int) -> Bool, _ now: Time, _ actions: inout [Action]
  ) {
    switch reply {
    case .ready:
      guard case .preparing = state else { return }
      state = .asking
      send(now, &actions)
    case .noAnswer(let flaw):
      tally.ignore(flaw)
    case .answer(let question, let content):
      guard let sent = underWay.removeValue(forKey: question) else {
        return tally.refuse(
          isLate: overdue.remove(question) != nil,
          wasSent: question >= 1 && question <= lastSent)
      }
      silence = 0
      let answer = self.answer(content, isFinder: isFinderAsked(question), &actions)
      actions.append(.answer(question, timed(answer, sent, now)))
      if case .asking = state { send(now, &actions) }
    }
  }

  /// A verifier's hit carries its candidate, which whoever asked knows.
  private mutating func answer(
    _ content: CommandReply.Content, isFinder: Bool, _ actions: inout [Action]
  ) -> Answer {
    switch content {
    case .value(let value, let cost) where isFinder: return Answer(.hit(value), reportedCost: cost)
    case .miss(let cost) where isFinder: return Answer(.miss, reportedCost: cost)
    case .verdict(let verdict, let cost) where !isFinder:
      return Answer(.hit(""), verdict: verdict, reportedCost: cost)
    case .failure(let reason, let message):
      if tally.isNew(reason) {
        let message = message.map { ": \(clean($0))" } ?? ""
        actions.append(.note("\(name) says “\(reason.rawValue)”\(message)"))
      }
      return Answer(.failure(reason))
    case .malformed(let flaw):
      tally.malform(flaw)
    case .value, .miss: tally.malform("it says a value, and a verdict was asked for")
    case .verdict: tally.malform("it says a verdict, and a value was asked for")
    }
    return Answer(.failure(.malformed))
  }

  // MARK: Time

  private mutating func checkTime(_ now: Time, _ actions: inout [Action]) {
    switch state {
    case .preparing(let until):
      guard until <= now else { return wake(at: until, &actions) }
      state = .ending("did not say that it was ready within \(section.startTimeout.words)")
      actions.append(.end)
    case .asking:
      let late = underWay.filter { $0.value.last + section.timeout <= now }.keys.sorted()
      for question in late {
        if overdue.count < Self.mostOverdue { overdue.insert(question) }
        lose(question, now, &actions)
      }
      silence += late.count
      tally.overdue += late.count
      guard silence < max(section.inFlight, 3) else { return giveUp(now, &actions) }
      send(now, &actions)
      if let first = underWay.values.map(\.last).min() {
        wake(at: first + section.timeout, &actions)
      }
    case .idle, .ending, .broken, .stopped: break
    }
  }

  private mutating func giveUp(_ now: Time, _ actions: inout [Action]) {
    state = .ending("left \(silence) questions in a row unanswered")
    loseAllUnderWay(now, &actions)
    actions.append(.end)
  }

  // MARK: Questions that get no answer

  /// The question was sent, and no answer came: it may have been done all the same.
  private mutating func lose(_ question: Int, _ now: Time, _ actions: inout [Action]) {
    guard let sent = underWay.removeValue(forKey: question) else { return }
    if section.onUnknown == .repeat, sent.times == 1 {
      repeated[question] = sent.first
      waiting.insert(question, at: 0)
    } else {
      actions.append(.answer(question, timed(Answer(.unknown), sent, now)))
    }
  }

  private mutating func loseAllUnderWay(_ now: Time, _ actions: inout [Action]) {
    for question in underWay.keys.sorted(by: >) { lose(question, now, &actions) }
  }

  /// The question was not sent, or not as far as it counts.
  private mutating func dropAllWaiting(_ actions: inout [Action]) {
    for question in waiting {
      let wasSent = repeated[question] != nil
      actions.append(.answer(question, wasSent ? Answer(.unknown, exchanges: 1) : notSent))
    }
    waiting.removeAll()
    repeated.removeAll()
  }

  private var notSent: Answer { Answer(.failure(.notSent)) }

  private func timed(_ answer: Answer, _ sent: Sending, _ now: Time) -> Answer {
    var answer = answer
    let (seconds, attoseconds) = (now - sent.first).components
    answer.latency = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    answer.exchanges = sent.times
    return answer
  }

  // MARK: Ending

  private mutating func end(
    _ ending: CommandEnding, _ said: [String], _ now: Time, _ actions: inout [Action]
  ) {
    if case .notStarted = ending {
      // Then nothing was sent either.
      waiting.insert(contentsOf: underWay.keys.sorted(), at: 0)
      for (question, sent) in underWay where sent.times > 1 { repeated[question] = sent.first }
      underWay.removeAll()
      restarts = section.restarts
    }
    let lost = underWay.count
    loseAllUnderWay(now, &actions)
    overdue.removeAll()
    silence = 0
    var words: String
    switch state {
    case .stopped:
      guard hangs, !said.isEmpty else { return }
      actions.append(.note("\(name) was ended, as it did not answer\(quotation(said))"))
      return
    case .broken: return
    case .ending(let reason): words = reason
    case .idle, .preparing, .asking: words = ending.words
    }
    if lost > 0 {
      words += " while \(lost) \(lost == 1 ? "question was" : "questions were") under way"
    }
    let quotation = quotation(said)
    guard restarts < section.restarts else {
      state = .broken
      actions.append(.note("\(name) \(words); it is not asked any more\(quotation)"))
      return dropAllWaiting(&actions)
    }
    restarts += 1
    state = .idle
    actions.append(
      .note(
        "\(name) \(words); it is started again when it is needed "
          + "(\(restarts) of \(section.restarts))\(quotation)"))
    if !waiting.isEmpty { start(now, &actions) }
  }

  private func quotation(_ said: [String]) -> String {
    said.map { "\n  \(name): \(clean($0))" }.joined()
  }

  private mutating func stop(_ actions: inout [Action]) {
    switch state {
    case .stopped: return
    case .preparing, .asking:
      hangs = silence > 0
      actions.append(.end)
    case .ending: hangs = true
    case .idle, .broken: break
    }
    state = .stopped
    for question in underWay.keys.sorted() {
      actions.append(.answer(question, Answer(.unknown, exchanges: 1)))
    }
    underWay.removeAll()
    dropAllWaiting(&actions)
    for line in tally.lines { actions.append(.note("\(name) \(line)")) }
  }
}

extension CommandEnding {
  /// Follows the name of the program: “ended with status 1”.
  var words: String {
    switch self {
    case .exited(let status): "ended with status \(status)"
    case .killed(let signal): "was ended by signal \(signal)"
    case .notStarted(let reason):
      "could not be started: \(reason.hasSuffix(".") ? String(reason.dropLast()) : reason)"
    }
  }
}

extension Duration? {
  fileprivate var words: String {
    guard let self else { return "no time" }
    let seconds = Double(self.components.seconds) + Double(self.components.attoseconds) / 1e18
    return seconds == seconds.rounded() ? "\(Int(seconds)) s" : "\(seconds) s"
  }
}
