import WaterfallCore
import WaterfallProviders

/// One provider of a sandbox: its dialect, its jobs, its page of the ledger, and its faults.
final class ProviderDesk: Sendable {
  let dialect: ProviderDialect
  let page = LedgerPage()
  private let jobs = JobBoard()
  private let faults: FaultDesk
  private let options: SandboxOptions

  /// - Parameter faults: of all providers, since a rule may be about several.
  init(_ dialect: ProviderDialect, _ options: SandboxOptions, _ faults: FaultDesk) {
    self.dialect = dialect
    self.options = options
    self.faults = faults
  }

  /// Every answer waits as long as the options say, also one that is none.
  func answer(_ request: SandboxRequest) -> Delivery {
    var delivery = answerAtOnce(request)
    delivery.delay += options.latency
    return delivery
  }

  private func answerAtOnce(_ request: SandboxRequest) -> Delivery {
    var seed = options.seed
    if let text = request[header: SandboxHeader.lowerSeed] {
      guard let number = UInt64(text) else {
        return .complaint(400, "\(SandboxHeader.seed) has “\(text)”, which is no seed")
      }
      seed = number
    }
    let key = request[header: SandboxHeader.lowerIdempotencyKey]
    switch dialect.recognise(request) {
    case .unknown(let words):
      page.countUnknown()
      return .complaint(400, words)
    case .answered(let response): return Delivery(response)
    case .question(let question): return ask(question, seed, key, request)
    case .poll(let operation, let job): return poll(operation, job, key, request)
    case .batch(let operation, let questions):
      return ask(questions, operation, seed, key, request)
    }
  }

  // MARK: Questions

  private func ask(
    _ question: SandboxQuestion, _ seed: UInt64, _ key: String?, _ request: SandboxRequest
  ) -> Delivery {
    let operation = question.operation
    let hasJobs = dialect.hasJobs(operation)
    let ledgerKey = page.count(operation, key)
    let fault = fault(operation, hasJobs ? .submission : .question, key, request)
    if let fault, !fault.kind.followsAnswer {
      return instead(fault, question)
    }
    let answer = dialect.answer(question, seed: seed)
    guard hasJobs, answer.isFound else {
      if answer.isBillable { page.pay(operation, ledgerKey) }
      return delivery(dialect.response(answer), fault)
    }
    let job = dialect.job(for: operation, key: key ?? options.session + ledgerKey)
    let pending = dialect.hasPending(operation) ? options.pendingPolls : 0
    jobs.submit(job, JobBoard.Job(answer: answer, key: ledgerKey, pending: pending))
    return delivery(dialect.submitted(question, job: job), fault)
  }

  private func poll(
    _ asked: SandboxOperation, _ id: String, _ key: String?, _ request: SandboxRequest
  ) -> Delivery {
    guard let operation = jobs.operation(id) else {
      page.countUnknown()
      return Delivery(dialect.failure(.refused))
    }
    page.countPoll(operation)
    let fault = fault(operation, .poll, key ?? id, request)
    switch fault?.kind {
    case .unknownJob: return Delivery(dialect.failure(.refused))
    case .late, nil: break
    case let kind?: if !kind.followsAnswer, let fault { return instead(fault, nil) }
    }
    guard let job = jobs.poll(id, more: fault?.kind == .late ? fault?.polls ?? 0 : 0) else {
      return Delivery(dialect.failure(.refused))
    }
    if job.pending > 0, let pending = dialect.pending(job.answer.question, job: id) {
      return delivery(pending, fault)
    }
    if job.answer.isBillable { page.pay(operation, job.key) }
    return delivery(dialect.response(job.answer, job: id), fault)
  }

  /// Each question of a batch is a question of its own: its key is the batch's with its number.
  private func ask(
    _ questions: [SandboxQuestion], _ operation: SandboxOperation, _ seed: UInt64, _ key: String?,
    _ request: SandboxRequest
  ) -> Delivery {
    let keys = questions.indices.map { number in
      page.count(operation, key.map { "\($0)#\(number)" }, isRequest: number == 0)
    }
    let fault = fault(operation, .batch, key, request)
    if let fault, !fault.kind.followsAnswer { return instead(fault, nil) }
    let answers = questions.map { dialect.answer($0, seed: seed) }
    for (answer, key) in zip(answers, keys) where answer.isBillable { page.pay(operation, key) }
    return delivery(dialect.response(answers, of: operation), fault)
  }

  // MARK: Faults

  private func fault(
    _ operation: SandboxOperation, _ stage: FaultSite.Stage, _ key: String?,
    _ request: SandboxRequest
  ) -> Fault? {
    guard faults.isNeeded else { return nil }
    let fault = faults.next(
      dialect.id, dialect.faultSite(operation, stage), key ?? request.faultKey)
    if let fault { page.count(fault.kind, operation) }
    return fault
  }

  private func instead(_ fault: Fault, _ question: SandboxQuestion?) -> Delivery {
    if fault.kind == .late, let question, let pending = dialect.pending(question) {
      return Delivery(pending)
    }
    return Delivery(dialect.response(instead: fault))
  }

  private func delivery(
    _ response: WaterfallProviders.HTTPResponse?, _ fault: Fault?
  ) -> Delivery {
    guard let response else { return .broken }
    return Delivery(response, after: fault)
  }
}

extension SandboxRequest {
  /// What a request without an idempotency key is known by.
  fileprivate var faultKey: String {
    "\(method) \(path)?\(query) \(String(decoding: body, as: UTF8.self))"
  }
}
