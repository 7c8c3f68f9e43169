import WaterfallCore

/// An operation with its readers compiled: what every question of one field shares.
final class HTTPOperationProgram: Sendable {
  let operation: HTTPOperation
  let reader: AnswerReader
  let pollReader: AnswerReader?
  let batchReader: BatchReader?
  /// The offer's input sets; empty for verifiers, who are told the value.
  let inputSets: [[InputName]]
  private let money: @Sendable (Reading) -> Money?

  init(
    _ operation: HTTPOperation, inputSets: [[InputName]], redaction: Redaction = Redaction(),
    money: @escaping @Sendable (Reading) -> Money?
  ) throws(JQProgram.Failure) {
    self.operation = operation
    self.inputSets = inputSets
    self.money = money
    reader = try AnswerReader(
      operation, rules: operation.rules, job: operation.poll?.job, redaction: redaction)
    var pollReader: AnswerReader?
    if let poll = operation.poll {
      pollReader = try AnswerReader(operation, rules: poll.rules, redaction: redaction)
    }
    self.pollReader = pollReader
    var batchReader: BatchReader?
    if let batch = operation.batch { batchReader = try BatchReader(operation, batch, redaction) }
    self.batchReader = batchReader
  }

  /// The request for a question, and the values for its templates; nil where the inputs are not
  /// enough.
  func request(for question: Question) -> (RequestTemplate, TemplateValues)? {
    if let candidate = question.candidate {
      var values = TemplateValues(question.inputs, using: question.inputs.names)
      values["value"] = candidate
      return operation.requests.first.map { ($0, values) }
    }
    guard let set = inputSets.first(where: { $0.allSatisfy { question.inputs[$0] != nil } }),
      let request = operation.request(for: set)
    else { return nil }
    return (request, TemplateValues(question.inputs, using: set))
  }

  /// The answer that a final reading amounts to.
  func answer(_ reading: Reading, candidate: String?) -> Answer {
    switch reading {
    case .hit(let value, let claim, let cost, _):
      Answer(.hit(value), verdict: claim, reportedCost: cost, money: money(reading))
    case .miss(let cost):
      Answer(.miss, reportedCost: cost, money: money(reading))
    case .verdict(let verdict, let cost):
      Answer(
        .hit(candidate ?? ""), verdict: verdict, reportedCost: cost, money: money(reading))
    case .failed(let reason, _, _): Answer(.failure(reason))
    case .pending, .submitted: Answer(.unknown)
    }
  }
}
