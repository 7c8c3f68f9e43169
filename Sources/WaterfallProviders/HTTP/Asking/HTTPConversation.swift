import Hashing
import WaterfallCore

/// Everything that is exchanged with a provider over one question, or over one batch of them:
/// the first exchange, its repetitions, and the polls that follow it.
///
/// One thread at a time touches it: whoever starts it, then the transport's own, handed on by the
/// gate and the transport. That is what makes it safe, and the compiler cannot see it.
final class HTTPConversation: @unchecked Sendable {
  struct Member {
    let question: Question
    let values: TemplateValues
    /// Asked to see whether the provider is up again.
    var isProbe = false
    /// Told the provider's name for the job, where it makes the question one.
    var accepted: @Sendable (_ job: String) -> Void = { _ in }
    let reply: @Sendable (Answer) -> Void
  }

  enum Phase {
    case asking
    case polling(job: String)
  }

  let provider: HTTPProvider
  let program: HTTPOperationProgram
  let template: RequestTemplate
  let members: [Member]
  let isBatch: Bool

  var phase = Phase.asking
  var started: ContinuousClock.Instant?
  /// When whoever repeats or polls began to wait.
  var waitingSince: ContinuousClock.Instant?
  var exchanges: Int32 = 0
  var repetitions = 0
  /// Since the provider last took one.
  var hasRenewedToken = false
  /// Whether an exchange may have been done and billed without its answer having come through: a
  /// failure further on proves nothing any more.
  var isInDoubt = false
  /// Those that the exchange under way is made with.
  var credentials = RequestBuilder.Credentials()

  init(
    _ provider: HTTPProvider, _ program: HTTPOperationProgram, _ template: RequestTemplate,
    _ members: [Member], isBatch: Bool = false
  ) {
    self.provider = provider
    self.program = program
    self.template = template
    self.members = members
    self.isBatch = isBatch
    if let job = members[0].question.job, program.operation.poll != nil {
      phase = .polling(job: job)
    }
  }

  func start() { exchange() }

  // MARK: One exchange

  func exchange() {
    provider.authenticator.credentials { [self] result in
      switch result {
      case .failure(let failure): endWithoutCredentials(failure)
      case .success(let credentials): waitForTurn(credentials)
      }
    }
  }

  /// The request is made before the turn is waited for, on the thread of whoever asks: the
  /// transport's own has enough to do. Not so with tokens, which may expire meanwhile.
  private func waitForTurn(_ credentials: RequestBuilder.Credentials) {
    if provider.authenticator.usesTokens {
      return takeTurn { [self] in
        provider.authenticator.credentials { [self] result in send(result) }
      }
    }
    guard let request = makeRequest(credentials) else { return }
    takeTurn { [self] in send(request) }
  }

  /// A provider that went down while others waited for their turns is not sent their questions.
  private func takeTurn(_ work: @escaping @Sendable () -> Void) {
    provider.gate.enter(isFirst: isAccepted) { [self] in
      guard exchanges == 0, !isPolling, provider.breaker.isOpen, !members.contains(where: \.isProbe)
      else { return work() }
      callOff()
      provider.gate.leave()
    }
  }

  /// The turn has come.
  private func send(_ credentials: Result<RequestBuilder.Credentials, AnswerFailure>) {
    switch credentials {
    case .failure(let failure):
      endWithoutCredentials(failure)
      provider.gate.leave()
    case .success(let credentials):
      guard let request = makeRequest(credentials) else { return provider.gate.leave() }
      send(request)
    }
  }

  /// nil where there is none to make: then the conversation has ended.
  private func makeRequest(_ credentials: RequestBuilder.Credentials) -> HTTPRequest? {
    self.credentials = credentials
    if let request = request(credentials) { return request }
    finish(.failed(.notSent, note: "a value that the URL needs is missing, or no part of a path"))
    return nil
  }

  private func send(_ request: HTTPRequest) {
    exchanges += 1
    provider.access.transport.send(request) { [self] result in
      // What the answer says about limits holds before the next one is let in.
      defer { provider.gate.leave() }
      switch result {
      case .success(let response):
        noteStart(response.latency)
        handle(response)
      case .failure(let failure):
        noteStart(failure.latency)
        handle(failure)
      }
    }
  }

  /// When the first exchange began: not when it was handed over, for it may have had to queue.
  private func noteStart(_ latency: Int64) {
    if started == nil { started = provider.access.now() - .microseconds(latency) }
  }

  private func request(_ credentials: RequestBuilder.Credentials) -> HTTPRequest? {
    let first = members[0]
    var details = RequestBuilder.Details(values: first.values)
    // A poll asks for nothing that it could ask for twice; a sandbox finds its faults by the key.
    if provider.isIdempotent, !isPolling || provider.access.sandboxSeed != nil {
      details.idempotencyKey =
        isBatch
        ? SHA256.digest(members.map(\.question.idempotencyKey).joined(separator: "|")).hexadecimal
        : first.question.idempotencyKey
    }
    if provider.access.sandboxSeed != nil {
      let role: AttemptID.Role = first.question.candidate == nil ? .finder : .verifier
      details.operation = SandboxOperation(role, first.question.field)
      if !isBatch { details.row = first.question.inputs }
    }
    if isBatch { details.items = items() }
    guard case .polling(let job) = phase, let poll = program.operation.poll else {
      return provider.builder.request(template, details, credentials)
    }
    details.values["job"] = job
    return provider.builder.request(poll.request, details, credentials)
  }

  private func items() -> [UInt8] {
    guard let batch = program.operation.batch else { return [] }
    var bytes = Array("[".utf8)
    for (number, member) in members.enumerated() {
      if number > 0 { bytes.append(UInt8(ascii: ",")) }
      var values = member.values
      values["item"] = String(number)
      if !batch.item.append(values, to: &bytes) { bytes.append(contentsOf: "{}".utf8) }
    }
    bytes.append(UInt8(ascii: "]"))
    return bytes
  }

  // MARK: What came back

  private func handle(_ response: HTTPResponse) {
    heed(RateHeaders(response, now: provider.access.date()))
    if isBatch, let reader = program.batchReader {
      let readings = reader.read(response, count: members.count, members[0].values)
      return handle(readings, response)
    }
    switch phase {
    case .asking:
      handle(program.reader.read(response, members[0].values), response)
    case .polling:
      let reader = program.pollReader ?? program.reader
      handle(reader.read(response, members[0].values), response)
    }
  }

  /// A batch whose answers all failed in the same way is repeated whole; any other is over.
  private func handle(_ readings: [Reading], _ response: HTTPResponse) {
    if let first = readings.first, case .failed = first, readings.allSatisfy({ $0 == first }) {
      return handle(first, response)
    }
    finish(readings)
  }

  private func handle(_ reading: Reading, _ response: HTTPResponse) {
    switch reading {
    case .hit, .miss, .verdict: finish(reading)
    case .submitted(let job):
      guard let poll = program.operation.poll, case .asking = phase else {
        return finish(.failed(.malformed, note: "the answer names a job again"))
      }
      phase = .polling(job: job)
      members[0].accepted(job)
      noteAnswer()
      wait(every: max(poll.every, rest(response)), most: poll.most)
    case .pending:
      noteAnswer()
      switch phase {
      case .polling:
        if let poll = program.operation.poll {
          wait(every: max(poll.every, rest(response)), most: poll.most)
        }
      case .asking:
        guard let again = program.operation.again else { return finish(reading) }
        wait(every: max(again.every, rest(response)), most: again.most)
      }
    case .failed(let reason, _, let isRuled):
      if reason == .credentials, renewToken() { return exchange() }
      if !isPolling, !isRuled, Doubt.isLeft(by: response) { isInDoubt = true }
      retry(reason, response, or: reading)
    }
  }

  /// It was answered, and took the token: a failure from now on is another one.
  private func noteAnswer() {
    repetitions = 0
    hasRenewedToken = false
  }

  private func handle(_ failure: HTTPFailure) {
    let words = "\(failure.message)"
    switch failure.kind {
    case .badRequest: finish(.failed(.notSent, note: words))
    case .redirect: finish(.failed(.refused, note: words))
    case .notConnected: retry(.notSent, nil, or: .failed(.notSent, note: words))
    case .badResponse, .noAnswer:
      // A poll asks for nothing that could be done twice.
      if !isPolling { isInDoubt = true }
      // Only who may ask twice asks again.
      guard mayRepeat else { return finishUnknown(words) }
      retry(nil, nil, or: nil, words)
    case .cancelled: finishUnknown(words)
    }
  }

  /// Whether it has been taken on already, and is only asked after.
  private var isAccepted: Bool { isPolling || waitingSince != nil }

  var isPolling: Bool {
    if case .polling = phase { true } else { false }
  }

  var mayRepeat: Bool { isPolling || provider.mayRepeat(program.operation) }
}

extension Duration {
  var microseconds: Int64 {
    components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
  }
}
