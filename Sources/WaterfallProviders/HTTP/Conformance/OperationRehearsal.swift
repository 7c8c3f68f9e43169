import WaterfallCore

/// One operation of a manifest, tried with everything that the fixtures have for it.
struct OperationRehearsal {
  let stage: RehearsalStage
  let role: AttemptID.Role
  let field: Field
  /// Input sets to ask with, best first; a verifier may be told everything that a row has.
  let sets: [[InputName]]
  var summary: ManifestConformance.Operation
  private(set) var findings: [Finding] = []
  /// The names of responses that are read wrongly: what rests on them is not tried.
  private(set) var misread: Set<String> = []
  var hasBadRequest = false

  init(_ stage: RehearsalStage, _ role: AttemptID.Role, _ field: Field) {
    self.stage = stage
    self.role = role
    self.field = field
    sets = role == .finder ? stage.manifest.finds[field]?.inputs ?? [] : [InputName.wellKnown]
    summary = ManifestConformance.Operation(role: role, field: field)
  }

  /// `finds.work_email`, as the files have it.
  var name: String { "\(section).\(field)" }
  private var section: String { role == .finder ? "finds" : "verifies" }
  var path: [YAMLPlaces.Step] { [.key(section), .key(field.rawValue)] }
  var manifestPath: [YAMLPlaces.Step] { ["http"] + path }

  var value: String { SampleValues.value(field) }
  var candidate: String? { role == .verifier ? value : nil }

  mutating func run() {
    let program: HTTPOperationProgram
    do {
      guard let found = try stage.provider.program(role, field) else { return }
      program = found
    } catch {
      return report(
        "the jq of \(name) does not compile: \(error.message)", manifestPath,
        "“waterfall providers lint” names the expression", inManifest: true)
    }
    guard let responses = stage.fixtures.operation(role, field) else {
      return report(
        "there are no fixtures for \(name)", path,
        "Add “\(field):” with its responses under “\(section):”")
    }
    checkClasses(program, responses)
    for response in responses.responses { read(response, program) }
    for response in stage.fixtures.errors { readError(response, program) }
    rehearse(program, responses)
    rehearseBatch(program, responses)
  }

  mutating func report(
    _ message: String, _ path: [YAMLPlaces.Step], _ remedy: String?, inManifest: Bool = false
  ) {
    findings.append(stage.finding(message, path, remedy, inManifest: inManifest))
    summary.findings += 1
  }

  // MARK: Single responses

  private mutating func read(
    _ named: Fixtures.NamedResponse, _ program: HTTPOperationProgram
  ) {
    guard let wanted = expectation(named.name, program) else { return }
    let reader = named.kind == "submitted" ? program.reader : program.finalReader
    var wrong: [(set: [InputName], reading: Reading)] = []
    for set in sets {
      let reading = reader.read(named.response.render(renderingValues), values(for: set))
      if !wanted.isMet(by: reading) { wrong.append((set, reading)) }
    }
    summary.responses += 1
    guard let first = wrong.first else { return }
    misread.insert(named.name)
    let only = wrong.count == sets.count ? "" : ", asked with \(Self.words(first.set)),"
    report(
      "\(name).\(named.name)\(only) is read as \(first.reading.words), not as \(wanted.words)",
      path + [.key(named.name)], Self.remedy(for: wanted, first.reading, named.name))
  }

  func expectation(
    _ name: String, _ program: HTTPOperationProgram, value: String? = nil
  ) -> Expectation? {
    Expectation(
      name, role: role, value: value ?? self.value, isJudged: program.operation.verdict != nil)
  }

  private static func remedy(for wanted: Expectation, _ reading: Reading, _ name: String) -> String
  {
    switch (wanted, reading) {
    case (.hit(let value, _), .hit(let other, let claim, _, _))
    where value == other && name == "hit":
      "Mend the manifest’s “verdict”, or the response; if it is meant so, name it "
        + "“hit.\(claim?.word ?? "no_word")”"
    case (.hit(let value, _), .hit(let other, _, _, _)) where value != other:
      "Write {value} where the provider’s answer has the value, or mend “value” in the manifest"
    case (.pending, _): "Add a rule to the manifest that says “is: pending”"
    case (.submitted, _): "Write {job} where the answer has it, or mend “job” in the manifest"
    default: "Mend the response, or the manifest’s rules and jq"
    }
  }

  /// An error has to be read as itself by every kind of exchange. A poll that takes it for “not
  /// ready” is asked again, which hurts nobody.
  private mutating func readError(
    _ named: Fixtures.NamedResponse, _ program: HTTPOperationProgram
  ) {
    guard let reason = FailureReason(rawValue: named.kind) else { return }
    let wanted = Expectation.failure(reason)
    let response = named.response.render(renderingValues)
    let values = values(for: sets.first ?? [])
    var readings = [("", program.reader.read(response, values))]
    if let poll = program.pollReader {
      readings.append((" of a poll", poll.read(response, values)))
    }
    if let batch = program.batchReader {
      readings.append((" of a batch", batch.read(response, count: 2, values)[1]))
    }
    summary.responses += 1
    for (kind, reading) in readings where !wanted.isMet(by: reading) {
      if kind == " of a poll", reading == .pending { continue }
      misread.insert("errors.\(named.name)")
      report(
        "errors.\(named.name), as the answer\(kind) for \(name), is read as \(reading.words), "
          + "not as \(wanted.words)", ["errors", .key(named.name)],
        "Add a rule to the manifest that says “is: \(named.kind)”")
    }
  }

  // MARK: Values

  /// What the provider may know, and repeat in its answer.
  var renderingValues: TemplateValues {
    var values = TemplateValues(
      SampleValues.inputs(allNames), using: allNames)
    values["value"] = value
    values["job"] = SampleValues.job
    return values
  }

  private var allNames: [InputName] {
    let others = sets.flatMap { $0 }.filter { !InputName.wellKnown.contains($0) }
    return InputName.wellKnown + others
  }

  /// What a question with this input set sends.
  func values(for set: [InputName]) -> TemplateValues {
    var values = TemplateValues(SampleValues.inputs(set), using: set)
    values["value"] = candidate
    return values
  }

  static func words(_ set: [InputName]) -> String {
    set.map(\.rawValue).joined(separator: ", ")
  }
}

extension HTTPOperationProgram {
  /// What reads the answer itself: a poll's where there are polls.
  var finalReader: AnswerReader { pollReader ?? reader }
}
