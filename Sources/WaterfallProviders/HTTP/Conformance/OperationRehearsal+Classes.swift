import WaterfallCore

/// Which responses the fixtures have to have.
extension OperationRehearsal {
  mutating func checkClasses(_ program: HTTPOperationProgram, _ fixtures: Fixtures.Operation) {
    let kinds = Set(fixtures.responses.map(\.kind))
    for kind in answers(program.operation) + steps(program.operation) where !kinds.contains(kind) {
      report(
        "there is no response “\(kind)” for \(name)", path,
        "Add “\(kind):” with what the provider answers " + Self.occasion(kind))
    }
    if program.operation.poll == nil, kinds.contains("submitted") {
      report(
        "\(name) has a response “submitted”, and the manifest does not poll", path + ["submitted"],
        "Leave the response out, or add “poll:” to the manifest")
    }
    guard program.operation.batch != nil else { return }
    guard let batch = fixtures.batch else {
      return report(
        "there are no fixtures for the batches of \(name)", path,
        "Add “batch:” with an “envelope:” and one item for each class")
    }
    for kind in answers(program.operation) where batch.items[kind] == nil {
      report(
        "there is no item “\(kind)” for the batches of \(name)", path + ["batch"],
        "Add “\(kind):” with the item " + Self.occasion(kind))
    }
  }

  /// How an answer can end. A verifier that cannot say “valid” needs not show it.
  private func answers(_ operation: HTTPOperation) -> [String] {
    guard role == .verifier else { return ["hit", "miss"] }
    let words = Set(operation.verdict?.words.values.map { $0 } ?? [])
    return VerdictWord.allCases.filter(words.contains).map(\.rawValue)
  }

  /// What comes before the answer.
  private func steps(_ operation: HTTPOperation) -> [String] {
    if operation.poll != nil { return ["submitted", "pending"] }
    return operation.again == nil ? [] : ["pending"]
  }

  private static func occasion(_ kind: String) -> String {
    switch kind {
    case "hit": "where it has the value"
    case "miss": "where it has none"
    case "pending": "while it is still at work"
    case "submitted": "to a submission"
    default: "where it judges a value like that"
    }
  }
}
