import WaterfallCore

extension CommitStatements {
  func insert(_ record: AttemptRecord, commit id: Int64) throws {
    attempt.clear()
    bind(record.id, to: attempt, at: 1)
    attempt.bind(7, id)
    bindMoney(of: record)
    if let blob = blob(of: record.question) { attempt.bind(15, borrowedBlob: blob) }
    switch record.kind {
    case .asked(let outcome):
      attempt.bind(8, AttemptWord.asked)
      try insert(outcome)
    case .shared(let outcome, let other):
      attempt.bind(8, AttemptWord.shared)
      attempt.bind(24, other.cell.row)
      attempt.bind(25, other.cell.column)
      attempt.bind(26, other.cell.generation)
      attempt.bind(27, other.step)
      attempt.bind(28, other.role)
      try insert(outcome)
    case .skipped(let reason):
      attempt.bind(8, AttemptWord.skipped)
      attempt.bind(10, reason)
      try attempt.execute()
    }
  }

  /// The value stays where it is while its row is written.
  private func insert(_ outcome: Outcome) throws {
    switch outcome {
    case .hit(var value):
      attempt.bind(9, OutcomeWord.hit)
      try value.withUTF8 { bytes in
        attempt.bind(14, borrowed: bytes)
        try attempt.execute()
      }
      return
    case .miss: attempt.bind(9, OutcomeWord.miss)
    case .failure(let reason):
      attempt.bind(9, OutcomeWord.failure)
      attempt.bind(10, reason)
    case .unknown: attempt.bind(9, OutcomeWord.unknown)
    }
    try attempt.execute()
  }

  private func bindMoney(of record: AttemptRecord) {
    if let verdict = record.verdict {
      attempt.bind(11, verdict.kind)
      if let reason = verdict.reason { attempt.bind(12, reason) }
    }
    attempt.bind(13, record.isAccepted ? 1 as Int32 : 0)
    attempt.bindUnlessZero(16, record.latency)
    attempt.bindUnlessZero(17, Int64(record.exchanges))
    attempt.bindUnlessZero(18, record.captured.micro)
    attempt.bindUnlessZero(19, record.refunded.micro)
    attempt.bindUnlessZero(20, record.overrun.micro)
    attempt.bindUnlessZero(21, record.saved.micro)
    if let money = record.money { attempt.bind(22, money.nano) }
    attempt.bindUnlessZero(23, record.opening)
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
