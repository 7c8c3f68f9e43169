import WaterfallCore

/// Reads the answers to many questions out of one response.
struct BatchReader: Sendable {
  private let whole: AnswerReader
  private let rules: [ResponseRule]
  private let program: JQProgram
  private let isByPosition: Bool

  init(
    _ operation: HTTPOperation, _ batch: BatchPlan, _ redaction: Redaction = Redaction()
  ) throws(JQProgram.Failure) {
    whole = try AnswerReader(operation, rules: operation.rules, redaction: redaction)
    rules = operation.rules
    isByPosition = batch.reference == nil
    let reading = AnswerReader.expression(operation, operation.rules, nil)
    let reference = batch.reference.map { "__one(\(JQProgram.enclosed($0)))" } ?? "null"
    let items = "__one(\(JQProgram.enclosed(batch.items)))"
    program = try JQProgram(
      JQProgram.prelude(
        """
        \(items) | if type == "array"
        then [.[] | {ref: (try (\(reference) | tostring) catch null), reading: \(reading)}]
        else null end
        """))
  }

  /// One reading for each of `count` questions, in their order. A response without a list of
  /// answers says the same to all of them.
  func read(_ response: HTTPResponse, count: Int, _ values: TemplateValues) -> [Reading] {
    let common = whole.read(response, values)
    guard let body = JQInput.parse(response.body),
      let output = try? program.first(of: AnswerReader.input(body, response, values)),
      case .list(let items) = output
    else {
      if case .failed = common { return Array(repeating: common, count: count) }
      return Array(
        repeating: .failed(.malformed, note: "the answer has no list of items"), count: count)
    }
    var readings = Array(repeating: missing(common, response.status), count: count)
    for (position, item) in items.enumerated() {
      let number = isByPosition ? position : item["ref"]?.scalarText.flatMap { Int($0) }
      guard let number, readings.indices.contains(number), let output = item["reading"] else {
        continue
      }
      readings[number] = whole.read(output, response.status, response, isWhole: false)
    }
    return readings
  }

  /// What is said of a question that has no item. Where the answer as a whole is a failure, by a rule
  /// or by its status, that is why.
  private func missing(_ common: Reading, _ status: Int) -> Reading {
    if case .failed(_, _, let isRuled) = common, isRuled || AnswerReader.usual(status) != .hit {
      return common
    }
    return .failed(.malformed, note: "the answer lacks this question’s item")
  }
}
