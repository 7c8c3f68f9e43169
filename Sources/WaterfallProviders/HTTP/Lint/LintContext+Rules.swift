import WaterfallCore

/// Rules that never apply, and waits without a reason.
extension LintContext {
  var ruleFindings: [Finding] {
    var findings = unreachable(["http", "rules"], "http.rules", shared) + overruled
    for operation in operations {
      let (path, name) = (operation.path, "http.\(operation.name)")
      findings += unreachable(path + ["rules"], "\(name).rules", ownRules(of: operation))
      findings += unreachable(
        path + ["poll", "rules"], "\(name).poll.rules", pollRules(of: operation))
      findings += pointlessWaits(operation)
    }
    return findings
  }

  private func unreachable(_ path: Path, _ name: String, _ rules: [ResponseRule]) -> [Finding] {
    rules.indices.compactMap { index in
      guard let first = rules[..<index].firstIndex(where: { $0.covers(rules[index]) }) else {
        return nil
      }
      return error(
        .unreachableRule,
        "\(name)[\(index)] never applies: \(name)[\(first)] takes every response that it fits",
        path + [.item(index)], "Move it up, or leave it out")
    }
  }

  /// Shared rules that stand behind a rule of its own in every list that they are part of.
  private var overruled: [Finding] {
    let lists = operations.flatMap { operation in
      [ownRules(of: operation)] + (operation.plan.poll == nil ? [] : [pollRules(of: operation)])
    }
    guard !lists.isEmpty else { return [] }
    return shared.indices.compactMap { index in
      guard lists.allSatisfy({ list in list.contains { $0.covers(shared[index]) } }) else {
        return nil
      }
      return error(
        .unreachableRule,
        "http.rules[\(index)] never applies: every operation has a rule of its own before it",
        ["http", "rules", .item(index)], "Leave it out")
    }
  }

  private func pointlessWaits(_ operation: Operation) -> [Finding] {
    func isPending(_ rule: ResponseRule) -> Bool { rule.meaning == .pending }
    let plan = operation.plan
    if plan.again != nil, !plan.rules.contains(where: isPending) {
      return [
        error(
          .neverPending,
          "\(operation.name) is never asked again: no rule of it says “pending”",
          operation.path + ["repeat"], "Add a rule that does, or leave “repeat” out")
      ]
    }
    if let poll = plan.poll, !poll.rules.contains(where: isPending) {
      return [
        warning(
          .neverPending,
          "\(operation.name) is polled once only: no rule of the poll says “pending”",
          operation.path + ["poll"], "Add a rule for the answer that is not ready")
      ]
    }
    return []
  }
}

extension ResponseRule {
  /// Whether it takes every response that `other` would.
  func covers(_ other: ResponseRule) -> Bool {
    guard condition == nil || condition == "true" || condition == other.condition else {
      return false
    }
    guard let statuses else { return true }
    guard let others = other.statuses else { return false }
    return others.allSatisfy { pattern in statuses.contains { $0.covers(pattern) } }
  }
}

extension StatusPattern {
  fileprivate func covers(_ other: StatusPattern) -> Bool {
    switch other {
    case .exactly(let status): matches(status)
    case .hundreds: self == other
    }
  }
}
