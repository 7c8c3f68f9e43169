import CSVCodec
import WaterfallCore
import WaterfallEngine
import WaterfallLedger
import WaterfallProviders

/// Driving a cell's machine: its requests are answered here, by the sheet, the journal, the book
/// and the providers.
extension RunDriver {
  /// Starts the first cell from `position` on that is not skipped, or ends the row.
  func startNextCell(_ row: Row, at position: Int) throws {
    var position = position
    while position < row.cells.count, row.cells[position].state != .pending { position += 1 }
    guard position < row.cells.count else { return finish(row) }
    row.column = position
    row.cells[position].state = .running
    row.machine = CellMachine()
    row.inputs = inputs(of: row, for: program.columns[position])
    row.digests.removeAll(keepingCapacity: true)
    for _ in program.columns[position].inputSets { row.digests.append(nil) }
    try drive(row, .begin)
  }

  private func inputs(of row: Row, for column: ColumnProgram) -> Inputs {
    let values = column.inputs.map { input -> String in
      let own = input.source?.value(reading: { row.batch.string(row.record, $0) }) ?? ""
      guard own.isEmpty, let earlier = input.column else { return own }
      return row.cells[earlier].fill?.value ?? ""
    }
    return Inputs(names: column.inputNames, values: values)
  }

  /// Feeds events to the row's machine until it has to wait, or the row has ended.
  func drive(_ row: Row, _ first: CellMachine.Event) throws {
    var event = first
    while true {
      let column = program.columns[row.column]
      if case .answered(let answer) = event, case .ask(_, .finder, _) = row.request {
        row.claim = answer.verdict
      }
      row.request = row.machine.handle(event, in: column.waterfall, effects: &effects)
      try carryOutEffects(of: row, column)
      if case .end(let state) = row.request {
        return try endCell(row, state)
      }
      guard let next = try answer(row.request, of: row, column) else { return announce(row) }
      event = next
    }
  }

  private func endCell(_ row: Row, _ state: CellState) throws {
    let fill = row.machine.fill
    let steps = program.columns[row.column].steps
    row.cells[row.column] = Row.Cell(
      state: state, fill: fill, skip: row.machine.firstSkip,
      isSimulated: fill.map { steps[$0.step].isSimulated } ?? false)
    try startNextCell(row, at: row.column + 1)
  }

  /// Asks again what a row that waited wants to know.
  func retry(_ row: Row) throws {
    let column = program.columns[row.column]
    guard let event = try answer(row.request, of: row, column) else { return announce(row) }
    try drive(row, event)
  }

  /// A row that waits with a question of its own lets others wait for the same answer.
  private func announce(_ row: Row) {
    let role: AttemptID.Role
    switch row.request {
    case .hold(_, let asked, _), .ask(_, let asked, _): role = asked
    default: return
    }
    guard !row.stake(role).isAnnounced else { return }
    announced[row.stake(role).question] = []
    row.withStake(role) { $0.isAnnounced = true }
  }

  /// The answer to a request, or nil when the row has to wait for it.
  private func answer(
    _ request: CellMachine.Request, of row: Row, _ column: ColumnProgram
  ) throws -> CellMachine.Event? {
    switch request {
    case .consider(let step, let role):
      return try consider(step, role, of: row, column)
    case .hold(let step, let role, let amount):
      return try hold(amount, step, role, of: row)
    case .ask(let step, let role, _):
      return try ask(step, role, of: row, column)
    case .resolve:
      // Whoever could ask twice has done so before it said “unknown”: what cannot be proved is not
      // charged.
      return .unresolved
    case .judge(let step, let value):
      let question = question(step, .finder, of: row, column, candidate: nil)
      let verdict = column.steps[step].validator.judge(value, for: question)
      return .judged(verdict.tempered(by: row.claim))
    case .end:
      return nil
    }
  }

  // MARK: Can the step be asked?

  private func consider(
    _ step: Int, _ role: AttemptID.Role, of row: Row, _ column: ColumnProgram
  ) throws -> CellMachine.Event? {
    if let record = row.recorded(step: step, role: role) {
      // A finder's record closes after its verifier's, which nobody asks for any more.
      if role == .finder, let verifier = row.recorded(step: step, role: .verifier) {
        row.records.append(verifier)
      }
      row.records.append(record)
      return .recorded(record)
    }
    // A hit under judgement is finished even so: its finder need not be asked again then.
    guard !isStopping || role == .verifier else { return nil }
    if let reason = try obstacle(step, role, of: row, column) { return .passedOver(reason) }
    let key = questionKey(step, role, of: row, column)
    if let shared = try shared.answer(to: key) { return .shared(shared) }
    if !announced.isEmpty, announced[key] != nil {
      announced[key]?.append(row)
      return nil
    }
    if let provider = column.provider(step, role) {
      if let lane = lane(of: provider, step, role, column), !lanes.admits(row, role, to: lane) {
        return nil
      }
      // What may have been sent before is not passed over: it has to be listed at least.
      if let obstacle = provider.obstacle, !wasSent(key, attemptID(step, role, of: row)) {
        return .passedOver(obstacle)
      }
    }
    row.withStake(role) {
      $0 = Row.Stake()
      $0.question = key
    }
    return .askable
  }

  /// Whether an earlier process may have sent this attempt's question.
  private func wasSent(_ key: QuestionKey, _ attempt: AttemptID) -> Bool {
    inheritedQuestions[key]?.attempts.contains(attempt) ?? false
  }

  private func obstacle(
    _ step: Int, _ role: AttemptID.Role, of row: Row, _ column: ColumnProgram
  ) throws -> SkipReason? {
    guard column.provider(step, role) != nil else { return .providerOff }
    guard role == .finder else { return nil }
    let program = column.steps[step]
    guard inputSet(program, of: row) != nil else { return .missingInput }
    if let condition = program.condition,
      try !condition.passes(row.batch, row.record, row: row.number)
    {
      return .condition
    }
    return nil
  }

  private func inputSet(_ step: StepProgram, of row: Row) -> StepProgram.InputSet? {
    step.inputSets.first { $0.positions.allSatisfy { !row.inputs.values[$0].isEmpty } }
  }

  private func questionKey(
    _ step: Int, _ role: AttemptID.Role, of row: Row, _ column: ColumnProgram
  ) -> QuestionKey {
    if role == .verifier, let keys = column.verifierKeys {
      let inputs = QuestionKeys.inputsDigest(row.inputs)
      return keys.key(for: inputs, candidate: row.machine.candidate ?? "")
    }
    let program = column.steps[step]
    guard let set = inputSet(program, of: row) else { return QuestionKey(high: 0, low: 0) }
    if let digest = row.digests[set.number] { return program.keys.key(for: digest) }
    let digest = QuestionKeys.inputsDigest(row.inputs, using: column.inputSets[set.number])
    row.digests[set.number] = digest
    return program.keys.key(for: digest)
  }

  // MARK: Are there credits?

  private func hold(
    _ amount: Credits, _ step: Int, _ role: AttemptID.Role, of row: Row
  ) throws -> CellMachine.Event? {
    guard !isStopping || role == .verifier else { return nil }
    let attempt = attemptID(step, role, of: row)
    if let opening = book.openHold(of: attempt) {
      // Left by an earlier process: the run's budget counts it already.
      return held(amount, opening, role, of: row)
    }
    guard row.budget.admits(amount) == .fits else { return .passedOver(.rowBudget) }
    switch budget.admits(amount) {
    case .fits: break
    case .wait:
      shortOfCredits.append(row)
      return nil
    case .exceeded:
      pause = .budget(limit: budget.limit ?? .zero, needed: amount)
      return nil
    }
    switch try book.hold(amount, for: attempt, at: now) {
    case .held(let opening):
      budget.hold(amount)
      return held(amount, opening, role, of: row)
    case .wait:
      shortOfCredits.append(row)
      return nil
    case .short:
      pause = .credits(needed: amount, available: book.available(at: now))
      return nil
    }
  }

  private func held(
    _ amount: Credits, _ opening: Int64, _ role: AttemptID.Role, of row: Row
  ) -> CellMachine.Event {
    row.budget.hold(amount)
    row.withStake(role) {
      $0.opening = opening
      $0.amount = amount
    }
    return .held
  }

  // MARK: Asking

  private func ask(
    _ step: Int, _ role: AttemptID.Role, of row: Row, _ column: ColumnProgram
  ) throws -> CellMachine.Event? {
    guard let provider = column.provider(step, role) else { return nil }
    guard provider.isHarmless else {
      // Asking could cost somebody something: the hold has to be durable before it is sent, and that
      // it is going to be.
      let key = row.stake(role).question
      batch.questions.append(
        OpenQuestion(
          attempt: attemptID(step, role, of: row), question: key,
          sentFor: inheritedQuestions[key]?.sentFor))
      if let lane = lane(of: provider, step, role, column) {
        lanes.enter(lane)
        row.withStake(role) { $0.lane = lane }
      }
      behindBarrier.append((batchNumber, row))
      return nil
    }
    return send(row, to: provider, step, role, column).map { .answered($0) }
  }

  /// Sends the question of a row whose hold has become durable.
  func send(_ row: Row) throws {
    let column = program.columns[row.column]
    guard case .ask(let step, let role, _) = row.request,
      let provider = column.provider(step, role)
    else { throw UserError(.fault, "row \(row.number) has no question to send") }
    if let answer = send(row, to: provider, step, role, column) {
      try drive(row, .answered(answer))
    }
  }

  /// Asks. The answer, if it has come by then; else it will come by letter.
  private func send(
    _ row: Row, to provider: any Provider, _ step: Int, _ role: AttemptID.Role,
    _ column: ColumnProgram
  ) -> Answer? {
    let candidate = role == .verifier ? row.machine.candidate : nil
    let question = question(step, role, of: row, column, candidate: candidate)
    asks += 1
    let (mailbox, ask) = (mailbox, asks)
    provider.ask(question) { job in
      mailbox.post(Mailbox.Letter(ask: ask, news: .accepted(job: job)))
    } reply: { answer in
      mailbox.post(Mailbox.Letter(ask: ask, news: .answered(answer)))
    }
    guard let answer = mailbox.takeOnlyLetter(for: ask) else {
      asked[ask] = row
      return nil
    }
    leaveLane(row)
    return answer
  }

  /// nil for a provider with room for everything.
  private func lane(
    of provider: any Provider, _ step: Int, _ role: AttemptID.Role, _ column: ColumnProgram
  ) -> Lanes.Lane? {
    guard let room = provider.room else { return nil }
    let asked = column.waterfall.step(step, role)
    return lanes.lane(
      Lanes.Key(provider: asked.provider, keySource: asked.keySource), room: room)
  }

  /// The provider does not need the room for the row's question any more.
  func leaveLane(_ row: Row) {
    guard case .ask(_, let role, _) = row.request,
      let lane = row.withStake(role, { $0.lane.take() })
    else { return }
    lanes.leave(lane)
  }

  private func question(
    _ step: Int, _ role: AttemptID.Role, of row: Row, _ column: ColumnProgram, candidate: String?
  ) -> Question {
    let asked = column.waterfall.step(step, role)
    let attempt = attemptID(step, role, of: row)
    let key = row.stake(role).question
    let inherited = inheritedQuestions.isEmpty ? nil : inheritedQuestions[key]
    return Question(
      attempt: attempt, provider: asked.provider, field: column.field, inputs: row.inputs,
      key: key, keySource: asked.keySource, candidate: candidate, workspace: workspace,
      sentFor: inherited?.sentFor, job: inherited?.job)
  }

  /// The provider works on what the row asked: kept, so that a later process can fetch the answer.
  func note(_ job: String, of row: Row) {
    guard case .ask(let step, let role, _) = row.request else { return }
    batch.questions.append(
      OpenQuestion(
        attempt: attemptID(step, role, of: row), question: row.stake(role).question, job: job))
  }

  func attemptID(_ step: Int, _ role: AttemptID.Role, of row: Row) -> AttemptID {
    AttemptID(
      cell: CellID(run: run, row: row.number, column: Int32(row.column)), step: Int32(step),
      role: role)
  }
}
