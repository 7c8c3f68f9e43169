import WaterfallCore

/// What a batch is, apart from its records.
struct CommitHeader: Equatable {
  var id: Int64
  var time: Timestamp
  /// nil for grants and for the start of a run.
  var run: RunID?
  var firstSequence: Int64
  var entries: Int
  var attempts: Int
  var skips: Int
}

extension CanonicalBytes {
  /// The hash before the first commit: that of the workspace's name.
  mutating func origin(workspace: String) -> [UInt8] {
    put("waterfall ledger" as StaticString)
    put(workspace)
    return finish()
  }

  mutating func put(previous hash: [UInt8], _ header: CommitHeader) {
    hash.withUnsafeBytes { put($0) }
    put(header.id)
    put(header.time.milliseconds)
    put(header.run?.rawValue)
    put(header.firstSequence)
    put(Int64(header.entries))
    put(Int64(header.attempts))
    put(Int64(header.skips))
  }

  mutating func put(lot: Lot) {
    put("L" as StaticString)
    put(lot.id.rawValue)
    put(lot.kind.word)
    put(lot.issued.micro)
    put(Int64(lot.priority))
    put(lot.granted.milliseconds)
    put(lot.expires.milliseconds)
    put(lot.note)
  }

  mutating func put(run: RunRecord) {
    put("R" as StaticString)
    put(run.id.rawValue)
    put(run.command.word)
    put(run.isSimulated)
    put(run.seed.map { Int64(bitPattern: $0) })
    put(run.sheet)
    put(run.firstOutput)
    put(run.started.milliseconds)
    put(run.configuration)
    for column in run.outline.columns {
      put("C" as StaticString)
      put(column.name)
      put(column.field.word)
      for step in column.steps {
        put("P" as StaticString)
        put(step.step)
        put(step.role.word)
        put(step.provider.rawValue)
        put(step.keySource.word)
        put(step.price.micro)
      }
    }
  }

  mutating func put(entry: Entry) {
    put("E" as StaticString)
    put(entry.seq)
    put(entry.kind.word)
    put(entry.lot.rawValue)
    put(entry.amount.micro)
    put(entry.opening)
    put(entry.attempt != nil)
    if let attempt = entry.attempt { put(attempt: attempt) }
    put(entry.note)
  }

  mutating func put(attempt id: AttemptID) {
    put(id.cell.run.rawValue)
    put(id.cell.row)
    put(id.cell.column)
    put(id.cell.generation)
    put(id.step)
    put(id.role.word)
  }

  mutating func put(attempt record: AttemptRecord) {
    put("A" as StaticString)
    put(attempt: record.id)
    switch record.kind {
    case .asked(let outcome):
      put(AttemptWord.asked.word)
      put(outcome)
    case .shared(let outcome, let other):
      put(AttemptWord.shared.word)
      put(outcome)
      put(attempt: other)
    case .skipped(let reason):
      put(AttemptWord.skipped.word)
      put(reason.word)
    }
    put(record.verdict?.kind.word ?? "")
    put(record.verdict?.reason?.word ?? "")
    put(record.isAccepted)
    put(record.question.high)
    put(record.question.low)
    put(record.latency)
    put(record.exchanges)
    put(record.captured.micro)
    put(record.refunded.micro)
    put(record.overrun.micro)
    put(record.saved.micro)
    put(record.money?.nano)
    put(record.opening)
  }

  private mutating func put(_ outcome: Outcome) {
    switch outcome {
    case .hit(let value):
      put(OutcomeWord.hit.word)
      put(value)
    case .miss: put(OutcomeWord.miss.word)
    case .failure(let reason):
      put(OutcomeWord.failure.word)
      put(reason.word)
    case .unknown: put(OutcomeWord.unknown.word)
    }
  }

  mutating func put(skip: SkipRange, of run: RunID) {
    put("S" as StaticString)
    put(run.rawValue)
    put(skip.column)
    put(skip.reason.word)
    put(skip.firstRow)
    put(skip.lastRow)
  }
}
