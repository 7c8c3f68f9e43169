import TestSupport
import Testing
import WaterfallCore

@testable import WaterfallProviders

/// What a sandbox says is understood by the manifest as what it meant.
@Suite struct DialectAnswerTests {
  private static let seed: UInt64 = 20_261_121

  @Test(arguments: SampleDialect.all) func answersAreReadBack(sample: SampleDialect) throws {
    print("seed \(Self.seed)")
    let dialect = try sample.dialect
    for operation in dialect.operations {
      let readers = try Readers(sample, operation)
      for number in 0..<12 {
        let inputs = Samples.everything(number)
        for answer in Self.answers(sample, operation, inputs, number) {
          let job = readers.poll == nil ? nil : "0123456789abcdef"
          let response = try #require(dialect.response(answer, job: job))
          let reader = readers.reader(of: answer)
          let reading = reader.read(response, TemplateValues(inputs, using: inputs.names))
          #expect(
            sample.says(reading, answer, operation),
            """
            \(operation.name): \(answer.outcome) \(String(describing: answer.verdict)) is read as \
            \(reading): \(response.status) \(String(decoding: response.body, as: UTF8.self))
            """)
        }
      }
    }
  }

  /// A value of the right shape.
  private static func usual(_ field: Field) -> String {
    switch field {
    case .workEmail: "ada@analytical.example"
    case .mobilePhone: "+447700900123"
    case .companyDomain: "analytical.example"
    case .companySize: "51-200"
    case .jobTitle: "Chief Engineer"
    case .linkedinURL: "https://linkedin.example/in/ada"
    }
  }

  /// A sandbox can only say what its fixtures have words for.
  @Test(arguments: SampleDialect.all) func everySimulatedVerdictHasWords(
    sample: SampleDialect
  ) throws {
    for field in Field.allCases where sample.manifest.verifies[field] != nil {
      for verdict in sample.simulatedVerdicts(field) {
        #expect(
          sample.hasWords(for: verdict, field),
          """
          \(sample.fixtures.file): the simulation of verifies.\(field) says “\(verdict.kind)”, \
          and there is no fixture for it
          """)
      }
    }
  }

  /// Whether there is a provider at all that is told of its own world.
  @Test(arguments: SampleDialect.all) func everybodyFindsAndMisses(sample: SampleDialect) throws {
    let dialect = try sample.dialect
    for operation in dialect.operations where operation.role == .finder {
      var hits = 0
      var misses = 0
      for number in 0..<300 {
        let question = SandboxQuestion(
          operation: operation, inputs: Samples.everything(number), candidate: nil, item: nil)
        switch dialect.answer(question, seed: Self.seed).outcome {
        case .hit: hits += 1
        case .miss: misses += 1
        default: break
        }
      }
      #expect(hits > 0 && misses > 0, "\(operation.name): \(hits) hits, \(misses) misses")
    }
  }

  @Test(arguments: SampleDialect.all) func stepsOfSlowAnswersAreReadBack(
    sample: SampleDialect
  ) throws {
    let dialect = try sample.dialect
    for operation in dialect.operations {
      let readers = try Readers(sample, operation)
      let inputs = Samples.everything(1)
      let question = SandboxQuestion(
        operation: operation, inputs: inputs, candidate: "value", item: nil)
      let values = TemplateValues(inputs, using: inputs.names)
      if dialect.hasJobs(operation) {
        let submitted = dialect.submitted(question, job: "17ab")
        #expect(
          readers.first.read(submitted, values) == .submitted(job: "17ab"), "\(operation.name)")
      }
      guard let pending = dialect.pending(question, job: "17ab") else { continue }
      let reader = readers.poll ?? readers.first
      #expect(reader.read(pending, values) == .pending, "\(operation.name)")
    }
  }

  @Test(arguments: SampleDialect.all) func batchesAreReadBack(sample: SampleDialect) throws {
    let dialect = try sample.dialect
    for operation in dialect.operations {
      guard let plan = sample.section.operation(operation.role, operation.field),
        let batch = plan.batch
      else { continue }
      let reader = try BatchReader(plan, batch)
      var answers: [SandboxAnswer] = []
      for number in 0..<7 {
        answers += Self.answers(sample, operation, Samples.everything(number), number)
          .filter { $0.isFound || number == 3 }
      }
      let numbered = answers.enumerated().map { number, answer in
        answer.asItem(number)
      }
      let readings = reader.read(
        dialect.response(numbered, of: operation), count: numbered.count, TemplateValues())
      for (answer, reading) in zip(numbered, readings) {
        let isRight =
          answer.isFound
          ? sample.says(reading, answer, operation)
          : batch.reference == nil || Self.isFailure(reading)
        #expect(isRight, "\(operation.name): \(answer.outcome) is read as \(reading)")
      }
    }
  }

  private static func isFailure(_ reading: Reading) -> Bool {
    if case .failed = reading { true } else { false }
  }

  /// One answer of each kind.
  private static func answers(
    _ sample: SampleDialect, _ operation: SandboxOperation, _ inputs: Inputs, _ number: Int
  ) -> [SandboxAnswer] {
    let world = SimulatedWorld(seed: seed &+ UInt64(number))
    let value = world.value(of: operation.field, for: inputs) ?? usual(operation.field)
    let question = SandboxQuestion(
      operation: operation, inputs: inputs,
      candidate: operation.role == .verifier ? value : nil, item: nil)
    var answers = FaultRates.reasons.map { reason in
      SandboxAnswer(
        question: question, outcome: .failure(reason), verdict: nil, isBillable: false)
    }
    guard operation.role == .verifier else {
      for outcome in [Outcome.hit(value), .miss] {
        answers.append(
          SandboxAnswer(question: question, outcome: outcome, verdict: nil, isBillable: false))
      }
      return answers
    }
    let field = operation.field
    for verdict in sample.simulatedVerdicts(field) where sample.hasWords(for: verdict, field) {
      answers.append(
        SandboxAnswer(
          question: question, outcome: .hit(value), verdict: verdict, isBillable: false))
    }
    return answers
  }
}

extension SampleDialect {
  /// What its simulated verifier can say.
  func simulatedVerdicts(_ field: Field) -> [Verdict] {
    guard let behaviour = manifest.simulation?.verifies[field] else { return [] }
    var verdicts: [Verdict] =
      (behaviour.confirms ? [.valid] : []) + [
        Verdict(.invalid, .nonexistent), Verdict(.invalid, .someoneElse),
      ]
    let isMail = field == .workEmail
    if isMail, behaviour.catchAll == .report { verdicts.append(Verdict(.risky, .catchAll)) }
    if behaviour.definite < 1 || isMail && behaviour.catchAll == .unknown {
      verdicts.append(Verdict(.unverified, .undetermined))
    }
    if field == .mobilePhone { verdicts.append(Verdict(.invalid, .landline)) }
    return verdicts
  }

  /// Whether the fixtures have words for it, so that nobody hears a kinder or a harder one.
  func hasWords(for verdict: Verdict, _ field: Field) -> Bool {
    let has = Set((fixtures.verifies[field]?.responses ?? []).map(\.kind))
    return switch verdict.kind {
    case .valid: has.contains("valid")
    case .invalid: has.contains("invalid") || has.contains("someone_else")
    case .risky:
      // Without a word for its reason, it is as risky, and charged where that reason is not free.
      has.contains("catch_all")
        || has.contains("risky") && manifest.verifies[field]?.free.contains(.catchAll) != true
    case .unverified: has.contains("unknown")
    }
  }
}

/// The manifest's own readers of one operation.
private struct Readers {
  let first: AnswerReader
  let poll: AnswerReader?

  init(_ sample: SampleDialect, _ operation: SandboxOperation) throws {
    let plan = try #require(sample.section.operation(operation.role, operation.field))
    first = try AnswerReader(plan, rules: plan.rules, job: plan.poll?.job)
    poll = try plan.poll.map { try AnswerReader(plan, rules: $0.rules) }
  }

  /// Failures come at once, answers where they are fetched.
  func reader(of answer: SandboxAnswer) -> AnswerReader {
    answer.isFound ? poll ?? first : first
  }
}

extension SampleDialect {
  /// Whether a reading is the answer, as far as the dialect has words for it.
  func says(
    _ reading: Reading, _ answer: SandboxAnswer, _ operation: SandboxOperation
  ) -> Bool {
    switch (answer.outcome, reading) {
    case (.hit(let value), .hit(let found, _, _, _)): return found == value
    case (.miss, .miss): return true
    case (.failure(let reason), .failed(let found, _, _)): return found == reason
    case (.hit, .verdict(let found, _)):
      guard let verdict = answer.verdict else { return false }
      // The reason may be one that the dialect has no word for.
      return found.kind == verdict.kind
    default: return false
    }
  }
}

extension SandboxAnswer {
  fileprivate func asItem(_ number: Int) -> SandboxAnswer {
    SandboxAnswer(
      question: SandboxQuestion(
        operation: question.operation, inputs: question.inputs, candidate: question.candidate,
        item: String(number)),
      outcome: outcome, verdict: verdict, isBillable: isBillable)
  }
}

extension Samples {
  /// A row that says everything there is to say.
  static func everything(_ number: Int) -> Inputs {
    Inputs(
      names: InputName.wellKnown,
      values: [
        "First\(number % 997)", "Last\(number)", "First\(number % 997) Last\(number)",
        "Company \(number / 3)", "company\(number / 3).example",
        "https://www.linkedin.example/in/first-\(number)", "first@company\(number / 3).example",
        "+447700900\(100 + number % 900)",
      ])
  }
}
