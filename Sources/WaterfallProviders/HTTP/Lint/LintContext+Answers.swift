import WaterfallCore

/// What the fixtures show of the manifest’s reading: values where there are none, and costs that
/// are not the price.
extension LintContext {
  var answerFindings: [Finding] {
    guard let fixtures,
      let provider = try? HTTPProvider(manifest, access: RehearsalTransport().access)
    else { return [] }
    var findings: [Finding] = []
    var harmless: [String] = []
    var affected: [String] = []
    for operation in operations {
      guard let program = (try? provider.program(operation.role, operation.field)) ?? nil else {
        continue
      }
      let reading = AnswerLint(context: self, operation: operation, program: program)
      findings += reading.errorsAsAnswers(fixtures.errors)
      let silent = reading.errorsAsMisses(fixtures.errors)
      harmless += silent.filter { !harmless.contains($0) }
      if !silent.isEmpty { affected.append(operation.name) }
      guard let own = fixtures.operation(operation.role, operation.field) else { continue }
      findings +=
        reading.missesAsHits(own.responses) + reading.unusedVerdict(own.responses)
        + reading.rejectedHit(own.responses)
      findings += reading.reportedCosts(own.responses)
    }
    guard !harmless.isEmpty else { return findings }
    return findings + [
      warning(
        .errorAsAnswer,
        "with status 200, what \(harmless.joined(separator: ", ")) say would pass for “not found” "
          + "or “cannot tell” in \(affected.joined(separator: ", "))", ["http", "rules"],
        "Say of finders what a miss looks like, such as miss: has(\"data\"), or add a rule for what "
          + "errors look like, such as {status: 2xx, when: .error, is: refused}")
    ]
  }
}

/// The fixtures of one operation, read with the manifest.
private struct AnswerLint {
  let context: LintContext
  let operation: LintContext.Operation
  let program: HTTPOperationProgram

  private func read(_ response: HTTPResponse) -> [Reading] {
    [program.reader.read(response, values)]
      + (program.pollReader.map { [$0.read(response, values)] } ?? [])
  }

  private var values: TemplateValues {
    var values = TemplateValues(
      SampleValues.inputs(InputName.wellKnown), using: InputName.wellKnown)
    values["value"] = SampleValues.value(operation.field)
    values["job"] = SampleValues.job
    return values
  }

  private func finding(
    _ severity: Finding.Severity, _ check: ManifestLint.Check, _ message: String,
    _ path: LintContext.Path, _ remedy: String
  ) -> Finding {
    Finding(
      severity, check.rawValue, message, place: context.fixturePlaces.place(path), remedy: remedy)
  }

  // MARK: Errors

  /// Errors that are taken for an answer: as they are, or with a value in their body where they
  /// came with status 200.
  func errorsAsAnswers(_ errors: [Fixtures.NamedResponse]) -> [Finding] {
    errors.compactMap { named in
      var response = named.response.render(values)
      let asIs = read(response).first(where: \.isAnswer)
      response.status = 200
      guard let reading = asIs ?? read(response).first(where: \.isDefinite) else { return nil }
      let occasion = asIs == nil ? ", if it came with status 200," : ""
      return finding(
        .error, .errorAsAnswer,
        "\(operation.name) would take errors.\(named.name)\(occasion) for \(reading.words)",
        ["errors", .key(named.name)],
        "Add a rule to the manifest that says “is: \(named.kind)” of it")
    }
  }

  /// Errors whose bodies, with status 200, say no more than “not found”.
  func errorsAsMisses(_ errors: [Fixtures.NamedResponse]) -> [String] {
    errors.filter { named in
      var response = named.response.render(values)
      guard !read(response).contains(where: \.isAnswer) else { return false }
      response.status = 200
      let readings = read(response)
      return !readings.contains(where: \.isDefinite) && readings.contains(where: \.isAnswer)
    }.map { "errors.\($0.name)" }
  }

  // MARK: Answers

  func missesAsHits(_ responses: [Fixtures.NamedResponse]) -> [Finding] {
    responses.filter { $0.kind == "miss" }.compactMap { named in
      let reading = program.finalReader.read(named.response.render(values), values)
      guard case .hit = reading else { return nil }
      return finding(
        .error, .missAsHit,
        "\(operation.name).\(named.name) is read as \(reading.words)",
        operation.offerPath + [.key(named.name)], "Mend the manifest’s “value”, or add a rule")
    }
  }

  /// A finder’s word on its value that none of its hits has.
  func unusedVerdict(_ responses: [Fixtures.NamedResponse]) -> [Finding] {
    guard operation.role == .finder, let verdict = operation.plan.verdict else { return [] }
    let hits = responses.filter { $0.kind == "hit" }
    guard !hits.isEmpty, let word = try? JQExpression(verdict.of),
      !hits.contains(where: { word.text(of: $0.response.render(values), values) != nil })
    else { return [] }
    return [
      context.warning(
        .unusedVerdict,
        "no hit of \(operation.name) has what its verdict is read from, “\(verdict.of)”",
        operation.path + ["verdict", "of"], "Mend “of”, or show a hit that has it in the fixtures")
    ]
  }

  /// A plain hit that its own verdict is against: whatever is found would be rejected.
  func rejectedHit(_ responses: [Fixtures.NamedResponse]) -> [Finding] {
    guard operation.role == .finder, operation.plan.verdict != nil,
      let named = responses.first(where: { $0.name == "hit" }),
      unusedVerdict(responses).isEmpty
    else { return [] }
    let reading = program.finalReader.read(named.response.render(values), values)
    guard case .hit(_, let claim, _, _) = reading, claim?.kind != .valid else { return [] }
    return [
      finding(
        .error, .rejectedHit,
        "\(operation.name).hit is read as \(reading.words), not as a valid one",
        operation.offerPath + ["hit"],
        "Mend the manifest’s “verdict”, or the response; if it is meant so, name it "
          + "“hit.\(claim?.word ?? "no_word")”")
    ]
  }

  /// The first plain response whose reported cost is not the price. Variants may well be cheaper.
  func reportedCosts(_ responses: [Fixtures.NamedResponse]) -> [Finding] {
    for named in responses
    where named.variant == nil && !["miss", "pending", "submitted"].contains(named.kind) {
      let reading = program.finalReader.read(named.response.render(values), values)
      guard let (cost, price) = amounts(reading), cost != price else { continue }
      return [
        finding(
          .warning, .reportedCost,
          "\(operation.name).\(named.name) reports a cost of \(cost.words), where the manifest "
            + "charges \(price.words)", operation.offerPath + [.key(named.name)],
          "Mend the price or its “free”, the response, or “cost” in the manifest’s http section")
      ]
    }
    return []
  }

  /// What a hit or a verdict says that it costs, and what it is charged with.
  private func amounts(_ reading: Reading) -> (cost: Credits, price: Credits)? {
    switch reading {
    case .hit(_, _, let cost?, _): return (cost, operation.price)
    case .verdict(let verdict, let cost?):
      let offer = context.manifest.verifies[operation.field]
      return (cost, offer?.charges(verdict) == true ? operation.price : .zero)
    default: return nil
    }
  }
}

extension Credits {
  /// `1 credit`, `0.5 credits`.
  var words: String { self == Credits(1) ? "1 credit" : "\(self) credits" }
}

extension Reading {
  fileprivate var isAnswer: Bool {
    switch self {
    case .hit, .miss, .verdict: true
    case .failed, .pending, .submitted: false
    }
  }

  /// A value, or a judgement that says more than “cannot tell”.
  fileprivate var isDefinite: Bool {
    switch self {
    case .hit: true
    case .verdict(let verdict, _): verdict.kind != .unverified
    default: false
    }
  }
}
