import WaterfallCore

/// Expressions that are no programs.
extension LintContext {
  private struct Expression {
    let text: String
    let path: Path
  }

  var jqFindings: [Finding] {
    let all = expressions
    var seen: Set<String> = []
    let texts = all.map(\.text).filter { seen.insert($0).inserted }
    guard (try? JQProgram.check(all: texts)) == nil else { return [] }
    // Each by itself, to find the ones that are at fault.
    var failures: [String: String] = [:]
    for text in texts {
      do { try JQProgram.check(text) } catch { failures[text] = error.message }
    }
    return all.compactMap { expression in
      failures[expression.text].map { words in
        error(
          .jq, "this jq does not compile: \(words)", expression.path,
          "Try it with the jq command; the answer is “.”")
      }
    }
  }

  private var expressions: [Expression] {
    conditions(["http", "rules"], shared) + sharedMiss
      + operations.flatMap { operation -> [Expression] in
        let plan = operation.plan
        let path = operation.path
        let own: [(String?, Path)] = [
          (plan.value, ["value"]), (hasOwnMiss(operation) ? plan.miss : nil, ["miss"]),
          (plan.verdict?.of, ["verdict", "of"]),
          (plan.confidence, ["confidence"]), (plan.cost, ["cost"]),
          (plan.poll?.job, ["poll", "job"]), (plan.batch?.items, ["batch", "items"]),
          (plan.batch?.reference, ["batch", "ref"]),
        ]
        return conditions(path + ["rules"], ownRules(of: operation))
          + conditions(path + ["poll", "rules"], pollRules(of: operation))
          + own.compactMap { text, step in
            text.map { Expression(text: $0, path: path + step) }
          }
      }
  }

  private func hasOwnMiss(_ operation: Operation) -> Bool { places.has(operation.path + ["miss"]) }

  private var sharedMiss: [Expression] {
    let text = operations.first { $0.plan.miss != nil && !hasOwnMiss($0) }?.plan.miss
    return text.map { [Expression(text: $0, path: ["http", "miss"])] } ?? []
  }

  private func conditions(_ path: Path, _ rules: [ResponseRule]) -> [Expression] {
    rules.enumerated().compactMap { index, rule in
      rule.condition.map { Expression(text: $0, path: path + [.item(index), "when"]) }
    }
  }

  // MARK: Rules by the list in which they stand

  /// The rules of the whole section.
  var shared: [ResponseRule] {
    guard let first = operations.first else { return [] }
    return Array(first.plan.rules.suffix(places.count(["http", "rules"])))
  }

  func ownRules(of operation: Operation) -> [ResponseRule] {
    operation.plan.rules.dropLast(places.count(["http", "rules"])).map { $0 }
  }

  func pollRules(of operation: Operation) -> [ResponseRule] {
    (operation.plan.poll?.rules ?? []).dropLast(places.count(["http", "rules"])).map { $0 }
  }
}
