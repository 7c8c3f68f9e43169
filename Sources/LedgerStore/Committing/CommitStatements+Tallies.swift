import WaterfallCore

extension CommitStatements {
  /// Adds what a batch counted to the run's tallies. O(columns × providers + latency buckets).
  func add(_ tallies: RunTallies, to run: RunID) throws {
    for (column, tally) in tallies.columns {
      try addCells("filled", tally.filled, run, column)
      try addCells("empty", tally.empty, run, column)
      try addCells("failed", tally.failed, run, column)
      for (reason, count) in tally.skipped {
        try addCells("skipped", reason: reason.word, count, run, column)
      }
      for (key, provider) in tally.providers { try add(provider, of: key, run, column) }
    }
  }

  private func addCells(
    _ state: StaticString, reason: StaticString = "", _ count: Int64, _ run: RunID, _ column: Int32
  ) throws {
    guard count != 0 else { return }
    cellTally.bind(1, run.rawValue)
    cellTally.bind(2, column)
    cellTally.bind(3, state)
    cellTally.bind(4, reason)
    cellTally.bind(5, count)
    try cellTally.execute()
  }

  private func add(
    _ value: ProviderTally, of key: ColumnTally.ProviderKey, _ run: RunID, _ column: Int32
  ) throws {
    tally.bind(1, run.rawValue)
    tally.bind(2, column)
    tally.bind(3, key.provider.rawValue)
    tally.bind(4, key.role)
    tally.bind(5, key.keySource)
    for (index, counter) in value.counters.enumerated() { tally.bind(Int32(index) + 6, counter) }
    guard try tally.next() else { throw DamagedRow("a tally was not written") }
    let id = tally.int(0)
    // RETURNING gives its row before the statement ends: only the next step completes it.
    try tally.execute()
    for (reason, count) in value.failures { try addReason("failure", reason.word, count, to: id) }
    for (reason, count) in value.skipped { try addReason("skipped", reason.word, count, to: id) }
    for (judgement, count) in value.judgements { try add(judgement, count, to: id) }
    for bucket in value.latency.buckets {
      tallyLatency.bind(1, id)
      tallyLatency.bind(2, bucket.microseconds)
      tallyLatency.bind(3, bucket.count)
      try tallyLatency.execute()
    }
  }

  private func add(_ judgement: Judgement, _ count: Int64, to id: Int64) throws {
    tallyVerdict.bind(1, id)
    tallyVerdict.bind(2, judgement.verdict.kind.word)
    tallyVerdict.bind(3, judgement.verdict.reason?.word ?? "")
    tallyVerdict.bind(4, Int64(judgement.isAccepted ? 1 : 0))
    tallyVerdict.bind(5, count)
    try tallyVerdict.execute()
  }

  private func addReason(
    _ kind: StaticString, _ reason: StaticString, _ count: Int64, to id: Int64
  ) throws {
    tallyReason.bind(1, id)
    tallyReason.bind(2, kind)
    tallyReason.bind(3, reason)
    tallyReason.bind(4, count)
    try tallyReason.execute()
  }
}

extension ProviderTally {
  /// In the order of `CommitStatements.tallyCounters`.
  var counters: [Int64] {
    [
      attempts, hits, valid, invalid, misses, unknown, cached, charged.micro, refunded.micro,
      saved.micro, overrun.micro, money.nano,
    ]
  }
}
