public import WaterfallCore

/// What is true about a question, and whether the provider takes money for saying so.
public struct SandboxAnswer: Sendable {
  public let question: SandboxQuestion
  public let outcome: Outcome
  /// A verifier's word.
  public let verdict: Verdict?
  public let isBillable: Bool

  /// Whether there is an answer: a value, “none”, or a verdict.
  public var isFound: Bool {
    switch outcome {
    case .hit, .miss: true
    case .failure, .unknown: false
    }
  }
}

extension ProviderDialect {
  /// The answer in the world of this seed. Computes only; nothing is rendered.
  public func answer(_ question: SandboxQuestion, seed: UInt64) -> SandboxAnswer {
    let world = world(seed)
    let field = question.operation.field
    let asked = Question(
      attempt: AttemptID(
        cell: CellID(run: RunID(0), row: 0, column: 0), step: 0, role: question.operation.role),
      provider: id, field: field, inputs: question.inputs, key: QuestionKey(high: 0, low: 0),
      keySource: .managed, candidate: question.candidate)
    switch question.operation.role {
    case .finder:
      let answer = world.finder?.answer(to: asked) ?? Answer(.failure(.refused))
      let isBillable =
        switch answer.outcome {
        case .hit: true
        case .miss: manifest.finds[field]?.charge == .called
        case .failure, .unknown: false
        }
      return SandboxAnswer(
        question: question, outcome: answer.outcome, verdict: nil, isBillable: isBillable)
    case .verifier:
      let answer = world.verifier?.answer(to: asked) ?? Answer(.failure(.refused))
      let charges = answer.verdict.flatMap { manifest.verifies[field]?.charges($0) } ?? false
      return SandboxAnswer(
        question: question, outcome: answer.outcome, verdict: answer.verdict,
        isBillable: charges)
    }
  }

  /// Whether answers to this are fetched later, under a job.
  public func hasJobs(_ operation: SandboxOperation) -> Bool {
    section.operation(operation.role, operation.field)?.poll != nil
      && fixture(operation, "submitted") != nil
  }

  /// Whether “not ready yet” can be said.
  public func hasPending(_ operation: SandboxOperation) -> Bool {
    fixture(operation, "pending") != nil
  }

  // MARK: In the provider's words

  /// The answer as the provider gives it; nil where the provider does not answer at all.
  public func response(_ answer: SandboxAnswer, job: String? = nil) -> HTTPResponse? {
    let operation = answer.question.operation
    switch answer.outcome {
    case .unknown: return nil
    case .failure(let reason): return failure(reason, values(answer.question, job: job))
    case .hit, .miss:
      var values = values(answer.question, job: job)
      if case .hit(let value) = answer.outcome { values["value"] = value }
      for kind in Self.kinds(answer) {
        if let fixture = fixture(operation, kind) { return fixture.render(values) }
      }
      return failure(.refused, values)
    }
  }

  /// The answer to a submission.
  public func submitted(_ question: SandboxQuestion, job: String) -> HTTPResponse {
    fixture(question.operation, "submitted")?.render(values(question, job: job))
      ?? failure(.unavailable)
  }

  /// “Not ready yet”; nil where the dialect has no words for it.
  public func pending(_ question: SandboxQuestion, job: String? = nil) -> HTTPResponse? {
    fixture(question.operation, "pending")?.render(values(question, job: job))
  }

  /// The answers to a batch. Questions without an answer are left out where answers name their
  /// question, and null where only the position tells.
  public func response(_ answers: [SandboxAnswer], of operation: SandboxOperation) -> HTTPResponse {
    guard let batch = fixtures.operation(operation.role, operation.field)?.batch,
      let plan = section.operation(operation.role, operation.field)?.batch
    else { return failure(.refused) }
    var bytes = Array("[".utf8)
    for (number, answer) in answers.enumerated() {
      let start = bytes.count
      if start > 1 { bytes.append(UInt8(ascii: ",")) }
      if let template = Self.kinds(answer).lazy.compactMap({ batch.items[$0] }).first {
        var values = values(answer.question, job: nil)
        values["item"] = answer.question.item ?? String(number)
        if case .hit(let value) = answer.outcome { values["value"] = value }
        if template.append(values, to: &bytes) { continue }
      }
      bytes.removeLast(bytes.count - start)
      guard plan.reference == nil else { continue }
      bytes.append(contentsOf: (start > 1 ? ",null" : "null").utf8)
    }
    bytes.append(UInt8(ascii: "]"))
    return batch.envelope.render(TemplateValues(), items: bytes)
  }

  /// The provider's words for a failure, or the usual ones of HTTP where its fixtures have none.
  public func failure(_ reason: FailureReason) -> HTTPResponse {
    failure(reason, TemplateValues())
  }

  private func failure(_ reason: FailureReason, _ values: TemplateValues) -> HTTPResponse {
    if let fixture = fixtures.errors.first(where: { $0.kind == reason.rawValue }) {
      return fixture.response.render(values)
    }
    let status =
      switch reason {
      case .refused: 400
      case .credentials: 401
      case .quota: 402
      case .rateLimited: 429
      case .malformed: 200
      case .unavailable, .notSent, .unresolved: 503
      }
    return HTTPResponse(
      status: status, headers: [HTTPHeader("content-type", "text/plain")],
      body: Array("\(reason.words)\n".utf8))
  }

  /// The classes of fixtures that can say it, best first.
  private static func kinds(_ answer: SandboxAnswer) -> [String] {
    switch answer.outcome {
    case .failure, .unknown: return []
    case .miss: return ["miss"]
    case .hit where answer.question.operation.role == .finder: return ["hit"]
    case .hit: break
    }
    guard let verdict = answer.verdict else { return ["unknown"] }
    switch verdict.kind {
    case .valid: return ["valid"]
    case .invalid:
      switch verdict.reason {
      case .landline: return ["landline", "invalid"]
      case .someoneElse: return ["someone_else", "invalid"]
      default: return ["invalid", "someone_else"]
      }
    case .risky:
      return verdict.reason == .catchAll
        ? ["catch_all", "risky", "unknown"] : ["risky", "catch_all", "unknown"]
    case .unverified: return ["unknown", "risky", "catch_all"]
    }
  }

  private func fixture(_ operation: SandboxOperation, _ kind: String) -> ResponseTemplate? {
    responses[operation]?[kind]
  }

  private func values(_ question: SandboxQuestion, job: String?) -> TemplateValues {
    var values = TemplateValues(question.inputs, using: question.inputs.names)
    values["job"] = job
    if let candidate = question.candidate { values["value"] = candidate }
    return values
  }
}
