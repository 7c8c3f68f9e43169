import WaterfallCore

/// The way from a question to its answer, over all the exchanges that it takes.
extension OperationRehearsal {
  /// For each input set: what is asked first is followed by what has to come before the answer,
  /// and then by the answer.
  mutating func rehearse(_ program: HTTPOperationProgram, _ fixtures: Fixtures.Operation) {
    guard let script = Script(program.operation, fixtures, role),
      misread.isDisjoint(with: script.names)
    else { return }
    for set in sets {
      guard let template = program.template(for: set) else { continue }
      let member = member(set, value: value)
      guard isSendable(template, member.values, set) else { continue }
      guard
        let answer = perform(
          program, template, [member.question], [member.values], script.lines(self))
      else { continue }
      checkRequests()
      let wanted = expectation(script.answer.name, program)
      if wanted?.isMet(by: answer[0]) == true { continue }
      report(
        "\(name), asked with \(Self.words(set)) and answered by \(script.words), ends in "
          + "\(answer[0].words(role)), not in \(wanted?.words ?? "")", manifestPath,
        "Mend its “poll”, “repeat” or rules", inManifest: true)
      return
    }
  }

  /// The responses of a rehearsal, in order.
  private struct Script {
    let steps: [Fixtures.NamedResponse]
    let answer: Fixtures.NamedResponse

    init?(_ operation: HTTPOperation, _ fixtures: Fixtures.Operation, _ role: AttemptID.Role) {
      func first(_ kind: String) -> Fixtures.NamedResponse? {
        fixtures.responses.first { $0.kind == kind }
      }
      let kinds = role == .finder ? ["hit"] : VerdictWord.allCases.map(\.rawValue)
      guard let answer = kinds.lazy.compactMap(first).first else { return nil }
      let before =
        operation.poll != nil
        ? ["submitted", "pending"] : operation.again != nil ? ["pending"] : []
      steps = before.compactMap(first)
      guard steps.count == before.count else { return nil }
      self.answer = answer
    }

    var names: [String] { (steps + [answer]).map(\.name) }
    var words: String { names.map { "“\($0)”" }.joined(separator: ", then ") }

    func lines(_ rehearsal: OperationRehearsal) -> [RehearsalTransport.Line] {
      (steps + [answer]).map { .success($0.response.render(rehearsal.renderingValues)) }
    }
  }

  // MARK: Exchanges

  func member(
    _ set: [InputName], value: String
  ) -> (question: Question, values: TemplateValues) {
    let isVerifier = role == .verifier
    let question = Question(
      attempt: AttemptID(cell: CellID(run: RunID(1), row: 1, column: 0), step: 0, role: role),
      provider: stage.manifest.id, field: field, inputs: SampleValues.inputs(set),
      key: QuestionKey(high: 0, low: 0), keySource: .own, candidate: isVerifier ? value : nil)
    var values = values(for: set)
    if isVerifier { values["value"] = value }
    return (question, values)
  }

  /// The answers to these questions, in their order; nil where one was never answered.
  mutating func perform(
    _ program: HTTPOperationProgram, _ template: RequestTemplate, _ questions: [Question],
    _ values: [TemplateValues], _ script: [RehearsalTransport.Line], isBatch: Bool = false
  ) -> [Answer]? {
    let replies = Replies(count: questions.count)
    let members = zip(questions, values).enumerated().map { number, pair in
      HTTPConversation.Member(question: pair.0, values: pair.1) { replies.add($0, at: number) }
    }
    stage.transport.play(script)
    HTTPConversation(stage.provider, program, template, members, isBatch: isBatch).start()
    stage.transport.run()
    summary.requests += stage.transport.sent.count
    guard let answers = replies.all else {
      report("\(name) is never answered", path, "This is a defect of waterfall; please report it")
      return nil
    }
    return answers
  }

  /// Whether the path has all its values.
  private mutating func isSendable(
    _ template: RequestTemplate, _ values: TemplateValues, _ set: [InputName]
  ) -> Bool {
    let missing = template.target.names.filter { values[$0] == nil }
    guard !missing.isEmpty else { return true }
    report(
      "no request of \(name) can be made with the inputs \(Self.words(set)): its path needs "
        + missing.joined(separator: ", "), manifestPath,
      "Write “requests:”, with one for each input set", inManifest: true)
    return false
  }

  /// Looks at what went out for what no server would understand; the first such thing is enough.
  mutating func checkRequests() {
    guard !hasBadRequest else { return }
    for request in stage.transport.sent {
      if !request.url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) {
        hasBadRequest = true
        return report(
          "the URL of \(name) has characters that no URL can have: \(request.url)", manifestPath,
          "Encode them as %20 and the like", inManifest: true)
      }
      let isJSON = request.headers.contains {
        $0.name.lowercased() == "content-type" && $0.value.contains("json")
      }
      if isJSON, let body = request.body, !JQInput.isJSON(body) {
        hasBadRequest = true
        return report(
          "the body of \(name) is not JSON", manifestPath, "Mend “json”", inManifest: true)
      }
    }
  }
}

extension HTTPOperationProgram {
  fileprivate func template(for set: [InputName]) -> RequestTemplate? {
    inputSets.isEmpty ? operation.requests.first : operation.request(for: set)
  }
}
