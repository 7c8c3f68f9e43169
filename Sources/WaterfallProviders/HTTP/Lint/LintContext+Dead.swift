import WaterfallCore

/// What no fixture shows: conditions that are never true, readings that yield nothing, and words
/// for verdicts that nobody says.
extension LintContext {
  /// Only operations that have fixtures are judged; what all of them share, where all have some.
  var deadFindings: [Finding] {
    guard let fixtures else { return [] }
    let operations = operations
    let shown = operations.compactMap { ShownAnswers($0, fixtures) }
    var findings = shown.flatMap { answers in
      let operation = answers.operation
      let path = operation.path
      return neverTrue(
        ownRules(of: operation), path + ["rules"], "\(operation.name).rules", [answers])
        + neverTrue(
          pollRules(of: operation), path + ["poll", "rules"], "\(operation.name).poll.rules",
          [answers]) + neverYielding(answers) + unshownWords(answers)
    }
    if shown.count == operations.count {
      findings += neverTrue(shared, ["http", "rules"], "rules", shown)
    }
    return findings
  }

  // MARK: Conditions

  private func neverTrue(
    _ rules: [ResponseRule], _ path: Path, _ name: String, _ shown: [ShownAnswers]
  ) -> [Finding] {
    rules.indices.compactMap { index in
      // One that another rule covers is found by itself.
      guard let condition = rules[index].condition,
        !rules[..<index].contains(where: { $0.covers(rules[index]) }),
        !shown.contains(where: { $0.fitting.contains(condition) })
      else { return nil }
      return warning(
        .deadJQ,
        "http.\(name)[\(index)] applies to no response of the fixtures: its “when” is "
          + "never true", path + [.item(index), "when"],
        "Mend it, or add a response that it is for")
    }
  }

  // MARK: Readings

  private func neverYielding(_ shown: ShownAnswers) -> [Finding] {
    shown.readings.flatMap { reading -> [Finding] in
      let path = shown.operation.path + reading.path
      let name = "\(shown.operation.name).\(reading.name)"
      guard shown.yields(reading.expression, reading) else {
        // That a finder's verdict is unused is found by itself.
        guard reading.name != "verdict.of" else { return [] }
        return [
          warning(
            .deadJQ,
            "http.\(name) yields \(reading.isNumber ? "no number" : "nothing") for any response of the "
              + "fixtures", path, "Mend it, or show a response that has what it reads")
        ]
      }
      return reading.alternatives.filter { !shown.yields($0, reading) }.map { alternative in
        warning(
          .deadJQ,
          "“\(alternative)” in http.\(name) yields nothing for any response of the fixtures", path,
          "Leave it out, or show a response that has it")
      }
    }
  }

  // MARK: Words

  /// A word that a response has almost, and verdicts of whose words none is there. One of several
  /// words need not be shown, and no word that means what any other would.
  private func unshownWords(_ shown: ShownAnswers) -> [Finding] {
    guard let verdict = shown.operation.plan.verdict else { return [] }
    let said = shown.words(of: verdict.of)
    guard !said.isEmpty else { return [] }
    let unknown = said.filter { verdict.words[$0] == nil }.sorted()
    return VerdictWord.allCases.flatMap { kind -> [Finding] in
      let words = verdict.words.filter { $0.value == kind }.keys.sorted()
      let path = shown.operation.path + ["verdict", .key(kind.rawValue)]
      let misspelt = words.filter { !said.contains($0) }.compactMap { word in
        Suggestion.nearest(to: word, among: unknown).map { (word, $0) }
      }
      guard misspelt.isEmpty else {
        return misspelt.map { word, meant in
          warning(
            .unshownVerdict,
            "no response of \(shown.operation.name) says “\(word)”; one says “\(meant)”, which the "
              + "verdict does not know", path, "Write it as the provider does")
        }
      }
      guard kind != verdict.otherwise, !words.isEmpty, said.isDisjoint(with: words) else {
        return []
      }
      let list = words.map { "“\($0)”" }.joined(separator: ", ")
      return [
        warning(
          .unshownVerdict,
          "no response of \(shown.operation.name) has a word for \(kind.rawValue): \(list)", path,
          "Mend the words, or show a response that has one")
      ]
    }
  }
}

/// What the expressions of one operation say of everything that its fixtures have.
private struct ShownAnswers {
  /// An expression that is read for a value.
  struct Reading {
    let name: String
    let path: LintContext.Path
    let expression: String
    let isNumber: Bool
    let alternatives: [String]

    init(_ path: [String], _ expression: String, isNumber: Bool = false) {
      name = path.joined(separator: ".")
      self.path = path.map { .key($0) }
      self.expression = expression
      self.isNumber = isNumber
      alternatives = JQAlternatives.of(expression)
    }
  }

  let operation: LintContext.Operation
  let readings: [Reading]
  /// The conditions that are true for some response.
  private(set) var fitting: Set<String> = []
  private var results: [String: [JSON]] = [:]

  /// nil where there are no fixtures of the operation, or no program.
  init?(_ operation: LintContext.Operation, _ fixtures: Fixtures) {
    guard let own = fixtures.operation(operation.role, operation.field) else { return nil }
    self.operation = operation
    let plan = operation.plan
    readings = [
      plan.value.map { Reading(["value"], $0) },
      plan.verdict.map { Reading(["verdict", "of"], $0.of) },
      plan.cost.map { Reading(["cost"], $0, isNumber: true) },
      plan.confidence.map { Reading(["confidence"], $0, isNumber: true) },
    ].compactMap { $0 }
    let conditions = Set((plan.rules + (plan.poll?.rules ?? [])).compactMap(\.condition)).sorted()
    let texts = Set(readings.flatMap { [$0.expression] + $0.alternatives }).sorted()
    let fits = conditions.map { "__fits(\(JQProgram.enclosed($0)))" }
    let reads = texts.map { "__read(\(JQProgram.enclosed($0)))" }
    guard
      let program = try? JQProgram(
        JQProgram.prelude(
          "[[\(fits.joined(separator: ", "))], [\(reads.joined(separator: ", "))]]"))
    else { return nil }
    for (response, values) in Self.samples(operation, own, fixtures.errors) {
      guard let body = JQInput.parse(response.body),
        let output = try? program.first(of: AnswerReader.input(body, response, values))
      else { continue }
      for (index, text) in conditions.enumerated() where output[0]?[index] == .bool(true) {
        fitting.insert(text)
      }
      for (index, text) in texts.enumerated() {
        if let result = output[1]?[index]?["v"] { results[text, default: []].append(result) }
      }
    }
  }

  /// Whether the expression ever yields what its place can use.
  func yields(_ expression: String, _ reading: Reading) -> Bool {
    (results[expression] ?? []).contains { result in
      switch result {
      case .null, .bool(false): reading.name == "verdict.of" && result != .null
      case .string(let text): !reading.isNumber && !text.isEmpty
      case .number: true
      case .bool, .list, .object: !reading.isNumber
      }
    }
  }

  func words(of expression: String) -> Set<String> {
    Set((results[expression] ?? []).compactMap(\.scalarText))
  }

  /// Every response and every item of a batch, as the answer to each input set.
  private static func samples(
    _ operation: LintContext.Operation, _ own: Fixtures.Operation,
    _ errors: [Fixtures.NamedResponse]
  ) -> [(HTTPResponse, TemplateValues)] {
    let others = operation.sets.flatMap { $0 }.filter { !InputName.wellKnown.contains($0) }
    let names = InputName.wellKnown + others
    return ([names] + operation.sets).flatMap { set in
      var (values, all) = (
        TemplateValues(SampleValues.inputs(set), using: set),
        TemplateValues(SampleValues.inputs(names), using: names)
      )
      for (key, value) in [
        ("value", SampleValues.value(operation.field)), ("job", SampleValues.job), ("item", "0"),
      ] {
        all[key] = value
        values[key] = value
      }
      var responses = (own.responses + errors).map { $0.response.render(all) }
      if let batch = own.batch {
        responses += batch.items.values.map { item in
          var response = batch.envelope.render(all, items: Array("[]".utf8))
          response.body = []
          _ = item.append(all, to: &response.body)
          return response
        }
      }
      return responses.map { ($0, values) }
    }
  }
}
