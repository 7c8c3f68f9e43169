import WaterfallCore

/// What requests do not say, and input sets that nobody is asked with.
extension LintContext {
  /// A row that has a later set has an earlier one that is part of it, too.
  var inputFindings: [Finding] {
    Field.allCases.flatMap { field -> [Finding] in
      guard manifest.lookup == nil, let sets = manifest.finds[field]?.inputs else { return [] }
      return sets.indices.compactMap { index in
        guard let first = sets[..<index].firstIndex(where: { Set($0).isSubset(of: sets[index]) })
        else { return nil }
        return warning(
          .unreachableInputs,
          "finds.\(field).inputs[\(index)] is never used: a row that has it has "
            + "inputs[\(first)] as well, which comes first",
          ["finds", .key(field.rawValue), "inputs", .item(index)], "Move it up, or leave it out")
      }
    }
  }

  var requestFindings: [Finding] {
    operations.flatMap { operation in
      unsentInputs(operation) + unsentJob(operation) + unsentItems(operation)
    }
  }

  private func unsentInputs(_ operation: Operation) -> [Finding] {
    guard operation.role == .finder else {
      let isSent = operation.plan.requests.allSatisfy { $0.names.contains("value") }
      return isSent
        ? []
        : [
          error(
            .unsentInput, "\(operation.name) does not send the value that it has to judge",
            operation.path + ["request"], "Write {value} where the provider wants it")
        ]
    }
    return operation.sets.flatMap { set -> [Finding] in
      guard let request = operation.plan.request(for: set) else { return [] }
      var findings = unsent(set, request.names, "the request", operation, ["request"])
      if let batch = operation.plan.batch {
        findings += unsent(
          set, Set(batch.item.templates.flatMap(\.names)), "the batch", operation,
          ["batch", "item"])
      }
      return findings
    }
  }

  private func unsent(
    _ set: [InputName], _ sent: Set<String>, _ what: String, _ operation: Operation, _ step: Path
  ) -> [Finding] {
    let missing = set.map(\.rawValue).filter { !sent.contains($0) }
    guard !missing.isEmpty else { return [] }
    let words = set.map(\.rawValue).joined(separator: ", ")
    let path = operation.path + step
    guard missing.count < set.count else {
      return [
        error(
          .unsentInput,
          "\(what) of \(operation.name) sends nothing of the inputs [\(words)], so that every row "
            + "asks the same", path, "Write {\(missing[0])} where the provider wants it")
      ]
    }
    return [
      warning(
        .unsentInput,
        "\(what) of \(operation.name) does not send \(missing.joined(separator: ", ")) of the "
          + "inputs [\(words)]", path,
        "Write {\(missing[0])} where the provider wants it, or leave it out of the set")
    ]
  }

  private func unsentJob(_ operation: Operation) -> [Finding] {
    guard let poll = operation.plan.poll, !poll.request.names.contains("job") else { return [] }
    return [
      error(
        .unsentInput, "the poll of \(operation.name) does not say which job it asks for",
        operation.path + ["poll", "request"], "Write {job} where the provider wants it")
    ]
  }

  private func unsentItems(_ operation: Operation) -> [Finding] {
    guard let batch = operation.plan.batch else { return [] }
    var hasPlace = false
    if case .json(let template) = batch.request.body {
      hasPlace = template.templates.contains { $0 == Template.items }
    }
    if !hasPlace {
      return [
        error(
          .unsentInput, "the batch of \(operation.name) does not send its items",
          operation.path + ["batch", "request"],
          "Write \"{items}\" in “json”, as a text of its own, where the list belongs")
      ]
    }
    let names = batch.item.templates.flatMap(\.names)
    guard operation.role == .verifier, !names.contains("value") else { return [] }
    return [
      error(
        .unsentInput, "the batch of \(operation.name) does not send the values to judge",
        operation.path + ["batch", "item"], "Write {value} where the provider wants it")
    ]
  }
}

extension RequestTemplate {
  /// All names in it.
  fileprivate var names: Set<String> {
    var templates = [target] + query.map(\.value) + headers.map(\.value)
    switch body {
    case .json(let json): templates += json.templates
    case .form(let form): templates += form.map(\.value)
    case nil: break
    }
    return Set(templates.flatMap(\.names))
  }
}

extension Template {
  /// The leaf that a batch’s list takes the place of.
  static let items = Template(parts: [.hole(name: "items", filter: nil)])
}
