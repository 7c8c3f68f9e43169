import Synchronization
public import WaterfallCore

/// A provider that is asked over HTTP, as its manifest's `http` section says.
///
/// Retries, limits by key, waiting for slow answers, batches and the circuit breaker are within;
/// whoever asks gets one answer. One instance serves all columns of a run that ask with one key,
/// so that they share its limits. Thread-safe.
public final class HTTPProvider: Provider {
  /// A provider that wants a longer pause than this is not waited for.
  static let longestPause = Duration.seconds(300)
  /// Exchanges at once with a provider whose manifest names no number.
  static let usualConcurrency = 50

  public let id: ProviderID
  public let room: Int?
  let section: HTTPSection
  let access: HTTPAccess
  let builder: RequestBuilder
  let authenticator: Authenticator
  let gate: KeyGate
  let breaker: CircuitBreaker
  private let manifest: Manifest
  private let programs = Mutex<[Role: HTTPOperationProgram]>([:])
  private let batchers = Mutex<[Role: BatchQueue]>([:])
  private let reported = Mutex<Set<FailureKind>>([])

  private struct FailureKind: Hashable {
    let reason: FailureReason
    let leavesOpen: Bool
  }

  /// Throws `UserError` for a manifest without an `http` section.
  public init(_ manifest: Manifest, access: HTTPAccess) throws(UserError) {
    guard let section = manifest.http else {
      throw UserError(
        .input, "\(manifest.id) cannot be asked over HTTP", place: manifest.file,
        remedy: "Add an “http” section to its manifest")
    }
    id = manifest.id
    // A sandbox has no limits, and whoever asks it can ask again.
    room = access.sandboxSeed == nil ? section.room : nil
    self.manifest = manifest
    self.section = section
    self.access = access
    builder = RequestBuilder(section: section, access: access, id: manifest.id)
    authenticator = Authenticator(builder)
    gate = KeyGate(
      access.sandboxSeed == nil ? section.limits : [],
      concurrency: access.sandboxSeed == nil ? section.concurrency ?? Self.usualConcurrency : nil,
      transport: access.transport, now: access.now)
    breaker = CircuitBreaker(now: access.now)
  }

  /// What it can be asked to do.
  private struct Role: Hashable {
    let role: AttemptID.Role
    let field: Field
  }

  /// Compiles what is needed to ask for a field, or to have one judged; a provider that is asked
  /// unprepared does it then. Throws `UserError` for jq that does not compile.
  public func prepare(_ role: AttemptID.Role, _ field: Field) throws(UserError) {
    do { _ = try program(Role(role: role, field: field)) } catch {
      throw UserError(
        .input, "the jq programs of \(id) for \(field) do not compile: \(error.message)",
        place: manifest.file, remedy: "“waterfall providers lint” names the one.")
    }
  }

  /// What is read and sent for a field; nil for what the manifest does not offer.
  func program(
    _ role: AttemptID.Role, _ field: Field
  ) throws(JQProgram.Failure) -> HTTPOperationProgram? {
    try program(Role(role: role, field: field))
  }

  private func program(_ role: Role) throws(JQProgram.Failure) -> HTTPOperationProgram? {
    if let program = programs.withLock({ $0[role] }) { return program }
    guard let operation = section.operation(role.role, role.field) else { return nil }
    let program: HTTPOperationProgram
    switch role.role {
    case .finder:
      let offer = manifest.finds[role.field]
      program = try HTTPOperationProgram(
        operation, inputSets: offer?.inputs ?? [], redaction: access.redaction
      ) { Self.money(offer?.cost, $0) }
    case .verifier:
      let offer = manifest.verifies[role.field]
      program = try HTTPOperationProgram(operation, inputSets: [], redaction: access.redaction) {
        Self.money(offer, $0)
      }
    }
    programs.withLock { $0[role] = program }
    return program
  }

  public var isHarmless: Bool { false }

  public var obstacle: SkipReason? { breaker.admits() ? nil : .providerDown }

  public func ask(_ question: Question, reply: @escaping @Sendable (Answer) -> Void) {
    ask(question, accepted: { _ in }, reply: reply)
  }

  public func ask(
    _ question: Question, accepted: @escaping @Sendable (_ job: String) -> Void,
    reply: @escaping @Sendable (Answer) -> Void
  ) {
    let role = Role(
      role: question.candidate == nil ? .finder : .verifier, field: question.field)
    guard let program = try? program(role),
      let (template, values) = program.request(for: question)
    else { return reply(Answer(.failure(.refused))) }
    let hasJob = question.job != nil && program.operation.poll != nil
    let batch = access.sandboxSeed == nil ? program.operation.batch : nil
    // A batch would be of other questions this time, and its key another one.
    let mayAskAgain =
      batch == nil ? mayRepeat(program.operation) : program.operation.onUnknown == .repeat
    if question.mayHaveBeenSent, !hasJob, !mayAskAgain {
      // An earlier process may have sent it; to ask again could be billed again.
      return reply(Answer(.unknown))
    }
    let member = HTTPConversation.Member(
      question: question, values: values, isProbe: breaker.begin(), accepted: accepted,
      reply: reply)
    guard let batch else {
      return HTTPConversation(self, program, template, [member]).start()
    }
    let queue = batchers.withLock { queues in
      queues[role]
        ?? {
          let queue = BatchQueue(batch, self, program)
          queues[role] = queue
          return queue
        }()
    }
    queue.add(member)
  }

  // MARK: For its conversations

  /// Whether a key goes along by which the other side knows a repeated question.
  var isIdempotent: Bool { section.idempotencyHeader != nil || access.sandboxSeed != nil }

  func mayRepeat(_ operation: HTTPOperation) -> Bool {
    isIdempotent || operation.onUnknown == .repeat
  }

  func backoff(_ plan: RetryPlan, repetition: Int) -> Duration {
    var random = SystemRandomNumberGenerator()
    return Backoff.wait(plan, repetition: repetition, using: &random)
  }

  /// Passes the first failure of each kind on, for the user to read.
  func report(_ failure: AnswerFailure) {
    let kind = FailureKind(reason: failure.reason, leavesOpen: failure.leavesOpen)
    let isNew = reported.withLock { $0.insert(kind).inserted }
    if isNew { access.report(id, failure) }
  }

  // MARK: Money

  private static func money(_ cost: ProviderCost?, _ reading: Reading) -> Money? {
    guard let cost else { return nil }
    switch reading {
    case .hit: return cost.dollars
    case .miss: return cost.when == .called ? cost.dollars : nil
    default: return nil
    }
  }

  private static func money(_ offer: VerifierOffer?, _ reading: Reading) -> Money? {
    guard let offer, let cost = offer.cost, case .verdict(let verdict, _) = reading else {
      return nil
    }
    return cost.when == .called || offer.charges(verdict) ? cost.dollars : nil
  }
}
