import Synchronization
import WaterfallCore

/// Many questions in one exchange.
extension OperationRehearsal {
  mutating func rehearseBatch(_ program: HTTPOperationProgram, _ fixtures: Fixtures.Operation) {
    guard let plan = program.operation.batch, let batch = fixtures.batch else { return }
    let kinds = Expectation.order(role).filter { batch.items[$0] != nil }
    guard !kinds.isEmpty else { return }
    // With references, answers may come in any order; so they do here.
    let before = findings.count
    // A plain item is read as the response that stands for its class is, whose name may be a verdict.
    let names = fixtures.responses.reversed().reduce(into: [String: String]()) { names, named in
      if names[named.kind] != named.kind { names[named.kind] = named.name }
    }
    rehearse(kinds, names, batch, plan, program, isReversed: false)
    guard plan.reference != nil, findings.count == before else { return }
    rehearse(kinds, names, batch, plan, program, isReversed: true)
  }

  private mutating func rehearse(
    _ kinds: [String], _ names: [String: String], _ batch: Fixtures.Batch, _ plan: BatchPlan,
    _ program: HTTPOperationProgram, isReversed: Bool
  ) {
    let set = sets.first ?? []
    var questions: [Question] = []
    var values: [TemplateValues] = []
    var items: [[UInt8]] = []
    for (number, kind) in kinds.enumerated() {
      let value = SampleValues.value(field, number)
      let member = member(set, value: value)
      questions.append(member.question)
      values.append(member.values)
      var rendering = renderingValues
      rendering["value"] = value
      rendering["item"] = String(number)
      var bytes: [UInt8] = []
      _ = batch.items[kind]?.append(rendering, to: &bytes)
      items.append(bytes.isEmpty ? Array("null".utf8) : bytes)
    }
    if isReversed { items.reverse() }
    let list = Array("[".utf8) + items.joined(separator: ",".utf8) + Array("]".utf8)
    let response = batch.envelope.render(renderingValues, items: list)
    let answers = perform(
      program, plan.request, questions, values, [.success(response)], isBatch: true)
    summary.responses += kinds.count
    guard let answers else { return }
    checkRequests()
    for (number, kind) in kinds.enumerated() {
      let value = SampleValues.value(field, number)
      let wanted = expectation(names[kind] ?? kind, program, value: value)
      if wanted?.isMet(by: answers[number]) == true { continue }
      report(
        "\(name).batch.\(kind), item \(number + 1) of \(kinds.count)"
          + (isReversed ? " in reverse order" : "") + ", is read as "
          + "\(answers[number].words(role)), "
          + "not as \(wanted?.words ?? "")", path + ["batch", .key(kind)],
        "Mend the item, or “items” and “ref” in the manifest’s batch")
    }
  }
}

extension Expectation {
  /// The classes of items, in the order in which they are tried.
  fileprivate static func order(_ role: AttemptID.Role) -> [String] {
    role == .finder ? ["hit", "miss"] : VerdictWord.allCases.map(\.rawValue)
  }
}

/// Collects answers from whatever thread they come.
final class Replies: Sendable {
  private let answers: Mutex<[Answer?]>

  init(count: Int) { answers = Mutex(Array(repeating: nil, count: count)) }

  func add(_ answer: Answer, at number: Int) { answers.withLock { $0[number] = answer } }

  /// nil while one is missing.
  var all: [Answer]? {
    let found = answers.withLock { $0.compactMap { $0 } }
    return found.count == answers.withLock({ $0.count }) ? found : nil
  }
}
