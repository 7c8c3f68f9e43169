import Synchronization
public import WaterfallCore

/// A provider that is a program of the user's: questions go to its standard input as lines of JSON,
/// answers come from its standard output.
///
/// The program is started when the first question comes, and serves all columns of a run that ask
/// with one key. Thread-safe; nothing waits but the reading of a key, once.
public final class CommandProvider: Provider {
  public let id: ProviderID
  private let section: CommandSection
  private let finds: [Field: Offer]
  private let source: KeySource
  private let access: CommandAccess
  private let path: String
  private let folder: String

  /// What is to be handled; one thread at a time does.
  private let inbox = Mutex(Inbox())
  private let desk: Mutex<Desk>

  private enum Event: Sendable {
    case asked(Question, [InputName], @Sendable (Answer) -> Void)
    /// Of the program that was started with this number.
    case program(Int, CommandEvent)
    case woken
    case stop
  }

  private struct Inbox {
    var events: [Event] = []
    var isBeingEmptied = false
  }

  /// Touched by whoever empties the inbox.
  private struct Desk {
    var conversation: CommandConversation
    var members: [Int: Member] = [:]
    var lastQuestion = 0
    var running: (any RunningCommand)?
    var starts = 0
  }

  private struct Member {
    let question: Question
    let inputs: [InputName]
    let reply: @Sendable (Answer) -> Void
  }

  /// - Parameters:
  ///   - folder: Where the manifest is; absolute.
  /// - Throws: `UserError` for a manifest without a `command` section, and for a program that is
  ///   not there or may not be executed. Nothing is started yet.
  public init(
    _ manifest: Manifest, in folder: String, _ source: KeySource, access: CommandAccess
  ) throws(UserError) {
    guard let section = manifest.command, let program = section.run.first else {
      throw UserError(
        .input, "\(manifest.id) is no program", place: manifest.file,
        remedy: "Add a “command” section to its manifest")
    }
    do {
      path = try access.runner.locate(
        program, in: folder, searchPath: access.variables["PATH"] ?? "")
    } catch {
      throw UserError(
        error.code, "\(manifest.id) cannot be asked: \(error.message)", place: manifest.file,
        remedy: error.remedy)
    }
    id = manifest.id
    self.section = section
    finds = manifest.finds
    self.source = source
    self.access = access
    self.folder = folder
    let redaction = access.redaction
    desk = Mutex(
      Desk(
        conversation: CommandConversation(name: manifest.id.rawValue, section: section) {
          VisibleLine.of(redaction.cleaned($0))
        }))
  }

  public var isHarmless: Bool { false }

  /// As many again as it works on, so that it need not wait for the next.
  public var room: Int? { 2 * section.inFlight }

  public func ask(_ question: Question, reply: @escaping @Sendable (Answer) -> Void) {
    if question.mayHaveBeenSent, section.onUnknown == .void {
      // An earlier process may have sent it; to ask again could be billed again.
      return reply(Answer(.unknown))
    }
    guard let inputs = inputs(of: question) else { return reply(Answer(.failure(.refused))) }
    receive(.asked(question, inputs, reply))
  }

  /// What the program is told of the row: for a value, what the question is known by, which is the
  /// first complete set of inputs; for a verdict, all there is.
  private func inputs(of question: Question) -> [InputName]? {
    guard question.candidate == nil else { return question.inputs.names }
    guard let offer = finds[question.field], let set = offer.inputSet(for: question.inputs) else {
      return nil
    }
    return offer.inputs[set]
  }

  /// Ends the program; no question is sent any more.
  public func stop() { receive(.stop) }

  // MARK: One event after the other

  private func receive(_ event: Event) {
    let mustEmpty = inbox.withLock { inbox in
      inbox.events.append(event)
      if inbox.isBeingEmptied { return false }
      inbox.isBeingEmptied = true
      return true
    }
    guard mustEmpty else { return }
    while let event = nextEvent() {
      desk.withLock { handle(event, &$0) }
    }
  }

  private func nextEvent() -> Event? {
    inbox.withLock { inbox in
      guard !inbox.events.isEmpty else {
        inbox.isBeingEmptied = false
        return nil
      }
      return inbox.events.removeFirst()
    }
  }

  private func handle(_ event: Event, _ desk: inout Desk) {
    let now = access.now()
    var actions: [CommandConversation.Action]
    switch event {
    case .asked(let question, let inputs, let reply):
      desk.lastQuestion += 1
      desk.members[desk.lastQuestion] = Member(question: question, inputs: inputs, reply: reply)
      actions = desk.conversation.handle(.asked(desk.lastQuestion), at: now)
    case .program(let start, let event):
      guard start == desk.starts else { return }
      actions = desk.conversation.handle(translated(event, desk.members), at: now)
    case .woken:
      actions = desk.conversation.handle(.woken, at: now)
    case .stop:
      actions = desk.conversation.handle(.stop, at: now)
    }
    for action in actions { carryOut(action, &desk, now) }
  }

  private func translated(
    _ event: CommandEvent, _ members: [Int: Member]
  ) -> CommandConversation.Event {
    switch event {
    case .line(let line):
      .reply(CommandReply(line), isFinderAsked: { members[$0]?.question.candidate == nil })
    case .longLine: .longLine
    case .ended(let ending, let said): .ended(ending, said: said)
    }
  }

  private func carryOut(
    _ action: CommandConversation.Action, _ desk: inout Desk, _ now: CommandConversation.Time
  ) {
    switch action {
    case .start: start(&desk)
    case .send(let number):
      guard let member = desk.members[number] else { return }
      desk.running?.write(CommandMessage.line(number, member.question, member.inputs))
    case .answer(let number, var answer):
      guard let member = desk.members.removeValue(forKey: number) else { return }
      if case .hit = answer.outcome, let candidate = member.question.candidate {
        answer.outcome = .hit(candidate)
      }
      member.reply(answer)
    case .wake(let time):
      access.runner.schedule(after: max(.zero, time - now)) { [weak self] in
        self?.receive(.woken)
      }
    case .end: desk.running?.stop()
    case .note(let text): access.note(text)
    }
  }

  private func start(_ desk: inout Desk) {
    desk.starts += 1
    desk.running = nil
    let number = desk.starts
    var secret: CommandProgram.Environment?
    if let variable = section.key {
      do {
        secret = .init(variable: variable, secret: try access.key(id, source))
      } catch {
        return receive(.program(number, .ended(.notStarted(error.description), said: [])))
      }
    }
    let program = CommandProgram(
      path: path, arguments: Array(section.run.dropFirst()), folder: folder,
      environment: access.environment(for: section), secret: secret)
    desk.running = access.runner.start(program) { [weak self] event in
      self?.receive(.program(number, event))
    }
  }
}
