import WaterfallCore
import WaterfallEngine
import WaterfallLedger

/// Carrying out what a machine decided: the book moves credits, the batch takes the records.
extension RunDriver {
  func carryOutEffects(of row: Row, _ column: ColumnProgram) throws {
    for index in effects.indices {
      switch effects[index] {
      case .capture(let step, let role, let amount):
        try capture(amount, step, role, of: row)
      case .void(_, let role):
        let stake = row.stake(role)
        try book.void(stake.opening, at: now)
        settle(stake, captured: .zero, of: row)
      case .zero(let step, let role):
        let opening = book.zero(for: attemptID(step, role, of: row))
        row.withStake(role) { $0.opening = opening }
      case .refund:
        guard var charge = row.charge else { throw UserError(.fault, "a refund without a charge") }
        let amount = book.refund(&charge, at: now)
        row.charge = nil
        row.budget.refund(amount)
        budget.refund(amount)
        progress.refunded += amount
        retryShortOfCredits()
      case .close(let result):
        try close(result, of: row, column)
      }
    }
  }

  private func capture(
    _ amount: Credits, _ step: Int, _ role: AttemptID.Role, of row: Row
  ) throws {
    let stake = row.stake(role)
    let charge = try book.capture(stake.opening, amount, at: now)
    if role == .finder { row.charge = charge }
    settle(stake, captured: amount, of: row)
    progress.charged += amount
  }

  private func settle(_ stake: Row.Stake, captured: Credits, of row: Row) {
    row.budget.settle(held: stake.amount, captured: captured)
    budget.settle(held: stake.amount, captured: captured)
    retryShortOfCredits()
  }

  /// A hold has ended: whoever waits for credits considers it again.
  private func retryShortOfCredits() {
    guard !shortOfCredits.isEmpty else { return }
    ready += shortOfCredits
    shortOfCredits.removeAll()
  }

  /// Writes the end of a step down, and lets the rows go on that wait for the same answer.
  private func close(
    _ result: CellMachine.AttemptResult, of row: Row, _ column: ColumnProgram
  ) throws {
    if result.role == .finder, !inheritedVerifications.isEmpty {
      try closeInheritedVerification(result.step, of: row, column)
    }
    let stake = row.stake(result.role)
    let record = record(result, stake, of: row, column)
    row.records.append(record)
    batch.attempts.append(record)
    batch.tallies.add(record)
    guard case .asked = result.kind else {
      return forgetAnnouncement(stake, result, of: row)
    }
    forgetAnnouncement(stake, result, of: row)
    if inheritedQuestions[stake.question]?.end(record.id) == true {
      inheritedQuestions[stake.question] = nil
    }
    try shared.insert(record)
  }

  /// An earlier process was killed while a verifier looked at a hit that this one does not have: the
  /// finder could not be asked again, or said something else. Nobody asks for that verdict any more,
  /// and the verifier may bill it.
  private func closeInheritedVerification(
    _ step: Int, of row: Row, _ column: ColumnProgram
  ) throws {
    let attempt = attemptID(step, .verifier, of: row)
    guard let key = inheritedVerifications.removeValue(forKey: attempt),
      inheritedQuestions[key]?.attempts.contains(attempt) == true,
      !row.records.contains(where: { $0.id == attempt })
    else { return }
    row.withStake(.verifier) {
      $0 = Row.Stake()
      $0.question = key
    }
    if column.waterfall.step(step, .verifier).keySource == .own {
      let opening = book.zero(for: attempt)
      row.withStake(.verifier) { $0.opening = opening }
    } else {
      guard let opening = book.openHold(of: attempt), let hold = book.openHold(opening) else {
        return
      }
      try book.void(opening, at: now)
      budget.settle(held: hold.slices.reduce(.zero) { $0 + $1.amount }, captured: .zero)
      row.withStake(.verifier) { $0.opening = opening }
      retryShortOfCredits()
    }
    let unknown = CellMachine.AttemptResult(step: step, role: .verifier, kind: .asked(.unknown))
    try close(unknown, of: row, column)
  }

  private func record(
    _ result: CellMachine.AttemptResult, _ stake: Row.Stake, of row: Row, _ column: ColumnProgram
  ) -> AttemptRecord {
    let step = column.waterfall.step(result.step, result.role)
    let wasAsked = if case .asked = result.kind { true } else { false }
    return AttemptRecord(
      id: attemptID(result.step, result.role, of: row), provider: step.provider,
      kind: result.kind, keySource: step.keySource, verdict: result.verdict,
      isAccepted: result.isAccepted,
      question: wasAsked ? stake.question : QuestionKey(high: 0, low: 0),
      latency: result.latency, exchanges: result.exchanges, price: step.price,
      captured: result.captured, refunded: result.refunded, overrun: result.overrun,
      saved: result.saved, money: result.money, opening: wasAsked ? stake.opening : 0)
  }

  /// The question is not under way any more: whoever waits for its answer considers it again.
  private func forgetAnnouncement(
    _ stake: Row.Stake, _ result: CellMachine.AttemptResult, of row: Row
  ) {
    guard stake.isAnnounced else { return }
    row.withStake(result.role) { $0.isAnnounced = false }
    ready += announced.removeValue(forKey: stake.question) ?? []
  }
}
