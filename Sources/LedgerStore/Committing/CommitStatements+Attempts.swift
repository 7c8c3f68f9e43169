import WaterfallCore

extension CommitStatements {
  func insert(_ record: AttemptRecord, commit id: Int64) throws {
    switch record.kind {
    case .asked(let outcome):
      bind(record, commit: id, to: attempt)
      attempt.bind(8, AttemptWord.asked)
      try execute(attempt, outcome)
    case .shared(let outcome, let other):
      bind(record, commit: id, to: sharedAttempt)
      sharedAttempt.bind(8, AttemptWord.shared)
      sharedAttempt.bind(24, other.cell.row)
      sharedAttempt.bind(25, other.cell.column)
      sharedAttempt.bind(26, other.cell.generation)
      sharedAttempt.bind(27, other.step)
      sharedAttempt.bind(28, other.role)
      try execute(sharedAttempt, outcome)
    case .skipped(let reason):
      bind(record, commit: id, to: attempt)
      attempt.bind(8, AttemptWord.skipped)
      attempt.bind(10, reason)
      try attempt.execute()
    }
  }

  /// The value stays where it is while its row is written.
  private func execute(_ statement: RawStatement, _ outcome: Outcome) throws {
    switch outcome {
    case .hit(var value):
      statement.bind(9, OutcomeWord.hit)
      try value.withUTF8 { bytes in
        statement.bind(14, borrowed: bytes)
        try statement.execute()
      }
      return
    case .miss: statement.bind(9, OutcomeWord.miss)
    case .failure(let reason):
      statement.bind(9, OutcomeWord.failure)
      statement.bind(10, reason)
    case .unknown: statement.bind(9, OutcomeWord.unknown)
    }
    try statement.execute()
  }

  private func bind(_ record: AttemptRecord, commit id: Int64, to statement: RawStatement) {
    statement.clear()
    statement.bind(1, record.id)
    statement.bind(7, id)
    if let verdict = record.verdict {
      statement.bind(11, verdict.kind)
      if let reason = verdict.reason { statement.bind(12, reason) }
    }
    statement.bind(13, record.isAccepted ? 1 as Int32 : 0)
    if let blob = blob(of: record.question) { statement.bind(15, borrowedBlob: blob) }
    statement.bindUnlessZero(16, record.latency)
    statement.bindUnlessZero(17, Int64(record.exchanges))
    statement.bindUnlessZero(18, record.captured.micro)
    statement.bindUnlessZero(19, record.refunded.micro)
    statement.bindUnlessZero(20, record.overrun.micro)
    statement.bindUnlessZero(21, record.saved.micro)
    if let money = record.money { statement.bind(22, money.nano) }
    statement.bindUnlessZero(23, record.opening)
  }

  func insert(_ value: SkipRange, run: RunID, commit id: Int64) throws {
    skip.bind(1, id)
    skip.bind(2, run.rawValue)
    skip.bind(3, value.column)
    skip.bind(4, value.reason)
    skip.bind(5, value.firstRow)
    skip.bind(6, value.lastRow)
    try skip.execute()
  }

  func store(_ value: Checkpoint, run: RunID) throws {
    checkpoint.bind(1, run.rawValue)
    checkpoint.bind(2, value.outputOffset)
    checkpoint.bind(3, value.inputOffset)
    checkpoint.bind(4, value.row)
    checkpoint.bind(5, value.line)
    checkpoint.bind(6, value.selected)
    try checkpoint.execute()
  }
}
