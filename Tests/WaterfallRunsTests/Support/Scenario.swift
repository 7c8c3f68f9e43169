import CSVCodec
import Foundation
import WaterfallCore
import WaterfallEngine
import WaterfallLedger
import WaterfallProviders

@testable import WaterfallRuns

/// A run as data: a sheet, columns with made-up providers, and limits. Running it twice asks the
/// same questions.
struct Scenario: Sendable {
  struct Asked: Sendable {
    var provider: String
    var price = Credits(2)
    var key = KeySource.managed
    var charge = ChargePolicy.found
    var refundsRejected = true
    var free: Set<FreeVerdict> = []
    var condition: TextCondition?
    /// Alternatives, by header.
    var inputs: [[String]] = [["name"]]
    var isOff = false
    var room: Int?
    var door: Door?
    var rule: @Sendable (Question) -> Answer = Rules.finder

    func pinned(as role: AttemptID.Role, of step: Int32) -> RunOutline.Step {
      RunOutline.Step(
        step: step, role: role, provider: ProviderID(provider), keySource: key, price: price)
    }
  }

  struct Column: Sendable {
    var name = "work_email"
    var field = Field.workEmail
    var steps: [Asked]
    var verifier: Asked?
    var acceptance = AcceptanceRule.notInvalid
    var condition: TextCondition?
    /// Inputs that an earlier column fills where the sheet has nothing, by its position.
    var chained: [String: Int] = [:]
  }

  /// How providers answer.
  enum Answering {
    case atOnce(isHarmless: Bool)
    case later(Postman, isHarmless: Bool)
    /// They take questions on as jobs, and answer when these are known to the journal.
    case byJob(JobDesk)
  }

  var sheet: String
  var columns: [Column]
  var condition: TextCondition?
  var rows: ClosedRange<Int64>?
  var limit: Int64?
  var limitCountsInputs = true
  var overwrite = false
  var keepsRagged = false
  var provenance = false
  var isSimulated = false
  var maxCredits: Credits?
  var maxCreditsPerRow: Credits?
  var credits = Credits(1_000_000)
  var limits = RunDriver.Limits()

  static let run = RunID(1)
  static let now = Timestamp(milliseconds: 1_800_000_000_000)

  var lots: [Lot] {
    [
      Lot(
        id: LotID(rawValue: 1), kind: .promotion, issued: Credits(7), priority: -1,
        granted: Self.now),
      Lot(id: LotID(rawValue: 2), kind: .trial, issued: credits, granted: Self.now),
    ]
  }

  func journal(_ batches: [JournalBatch] = [], journey: Journey = Journey()) throws
    -> MemoryJournal
  {
    try MemoryJournal(lots: lots, batches: batches, journey: journey)
  }

  // MARK: Running

  /// Runs, or goes on where the journal and the output stand. Ends as `RunDriver` says.
  @discardableResult
  func run(
    _ journal: MemoryJournal, _ output: MemoryOutput,
    _ answering: Answering = .atOnce(isHarmless: true), stop: StopSignal = StopSignal(),
    book: CreditBook? = nil, observer: (any RunObserver)? = nil,
    watch: @escaping @Sendable (Question) -> Void = { _ in }
  ) throws -> RunDriver.End {
    let driver = try driver(
      journal, output, answering, stop: stop, book: book, observer: observer, watch: watch)
    let end = try driver.runToEnd()
    if end == .done { output.finish() }
    return end
  }

  func driver(
    _ journal: MemoryJournal, _ output: MemoryOutput, _ answering: Answering,
    stop: StopSignal = StopSignal(), book: CreditBook? = nil, observer: (any RunObserver)? = nil,
    watch: @escaping @Sendable (Question) -> Void = { _ in }
  ) throws -> RunDriver {
    let state = journal.now
    let start = try RunStart(
      of: Self.run, isNew: state.batches.isEmpty, journal: journal, book: book ?? journal.book(),
      sink: output, scratchDirectory: FileManager.default.temporaryDirectory.path,
      tallies: state.tallies, inputSize: nil)
    return try driver(
      from: start, journal, output, answering, journey: journal.journey, stop: stop,
      observer: observer, watch: watch)
  }

  func driver(
    from start: RunStart, _ journal: any RunJournal, _ output: MemoryOutput,
    _ answering: Answering, journey: Journey, stop: StopSignal = StopSignal(),
    observer: (any RunObserver)? = nil, watch: @escaping @Sendable (Question) -> Void = { _ in }
  ) throws -> RunDriver {
    let reader = try CSVReader(MemoryByteSource(sheet))
    if start.checkpoint.row > 0 || start.checkpoint.inputOffset > 0 {
      try reader.resume(at: start.checkpoint.position)
    }
    output.truncate(to: start.checkpoint.outputOffset)
    let binding = Binding(
      scenario: self, header: reader.header, answering: answering, journey: journey, watch: watch)
    return try RunDriver(
      run: Self.run, program: binding.program(), reader: reader, journal: journal, sink: output,
      start: start, clock: { Self.now }, stop: stop, observer: observer, limits: limits)
  }

  /// The scenario's steps, as a ledger pins them.
  var outline: RunOutline {
    RunOutline(
      columns: columns.map { column in
        let steps = column.steps.enumerated().flatMap { index, asked in
          let finder = asked.pinned(as: .finder, of: Int32(index))
          return [finder]
            + (column.verifier.map { [$0.pinned(as: .verifier, of: Int32(index))] } ?? [])
        }
        return RunOutline.Column(name: column.name, field: column.field, steps: steps)
      })
  }

  /// A run from start to end that nobody disturbs.
  func undisturbed(_ answering: Answering = .atOnce(isHarmless: true)) throws -> (
    journal: MemoryJournal, output: MemoryOutput
  ) {
    let journal = try journal()
    let output = MemoryOutput(journey: journal.journey)
    try run(journal, output, answering)
    return (journal, output)
  }
}

/// Binds a scenario to a header, as `RunAssembly` does for a plan.
private struct Binding {
  let scenario: Scenario
  let header: [String]
  let answering: Scenario.Answering
  let journey: Journey
  let watch: @Sendable (Question) -> Void

  func program() -> RunProgram {
    let columns = scenario.columns.indices.map { column($0) }
    return RunProgram(
      columns: columns,
      admission: RowAdmission(
        rows: scenario.rows, limit: scenario.limit,
        limitCountsInputs: scenario.limitCountsInputs, overwrite: scenario.overwrite,
        headerWidth: header.count, isRaggedKept: scenario.keepsRagged,
        condition: condition(scenario.condition), columns: columns),
      layout: OutputLayout(
        header: header, columns: columns.map { ($0.name, $0.field, $0.existing) },
        hasProvenance: scenario.provenance, isSimulated: scenario.isSimulated),
      maxCredits: scenario.maxCredits, maxCreditsPerRow: scenario.maxCreditsPerRow)
  }

  private func condition(_ condition: TextCondition?) -> ConditionProgram? {
    condition.map { ConditionProgram(condition: $0) }
  }

  private func column(_ position: Int) -> ColumnProgram {
    let column = scenario.columns[position]
    let names = Set(column.steps.flatMap { $0.inputs.flatMap { $0 } }).sorted()
    let sets = column.steps.flatMap(\.inputs).map { $0.sorted() }
    let distinct = sets.reduce(into: [[String]]()) { if !$0.contains($1) { $0.append($1) } }
    return ColumnProgram(
      position: position, name: column.name, field: column.field,
      waterfall: Waterfall(
        steps: column.steps.map(step), verifier: column.verifier.map(step),
        acceptance: column.acceptance),
      existing: header.firstIndex(of: column.name),
      condition: condition(column.condition),
      inputs: names.map { name in
        InputProgram(
          name: InputName(name),
          source: header.firstIndex(of: name).map {
            InputSource(columns: [$0], transform: .trimmed)
          }, column: column.chained[name])
      },
      steps: column.steps.map { step in
        StepProgram(
          provider: step.isOff ? nil : provider(step), validator: LocalRules(),
          keys: QuestionKeys(provider: ProviderID(step.provider), field: column.field),
          inputSets: step.inputs.map { set in
            StepProgram.InputSet(
              positions: set.compactMap { names.firstIndex(of: $0) },
              number: distinct.firstIndex(of: set.sorted()) ?? 0)
          }, condition: condition(step.condition))
      }, verifier: column.verifier.map(provider),
      verifierKeys: column.verifier.map {
        QuestionKeys(provider: ProviderID($0.provider), field: column.field)
      }, inputSets: distinct.map { $0.map { InputName($0) } })
  }

  private func step(_ asked: Scenario.Asked) -> Step {
    Step(
      provider: ProviderID(asked.provider), price: asked.price, keySource: asked.key,
      chargePolicy: asked.charge, refundsRejected: asked.refundsRejected, freeVerdicts: asked.free)
  }

  private func provider(_ asked: Scenario.Asked) -> any Provider {
    switch answering {
    case .atOnce(let isHarmless):
      ScriptedProvider(
        isHarmless: isHarmless, room: asked.room, door: asked.door, journey: journey,
        watch: watch, rule: asked.rule)
    case .later(let postman, let isHarmless):
      ScriptedProvider(
        isHarmless: isHarmless, postman: postman, room: asked.room, door: asked.door,
        journey: journey, watch: watch, rule: asked.rule)
    case .byJob(let desk):
      JobProvider(desk: desk, room: asked.room, watch: watch, rule: asked.rule)
    }
  }
}
