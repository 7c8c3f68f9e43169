import GRDB
import WaterfallCore

extension JournalWriter {
  /// Makes a batch durable, wholly or not at all. O(rows of the batch).
  func commit(_ batch: JournalBatch) throws {
    let steps = try steps(of: batch.run)
    let attempts = sorted(batch.attempts)
    let newLots = try checkEntries(batch)
    try checkAttempts(attempts, of: batch, steps)
    guard batch.skips.allSatisfy({ steps.outline.columns.indices.contains(Int($0.column)) }) else {
      throw fault("run \(batch.run) does not have the column that was skipped")
    }
    let header = header(
      run: batch.run, time: batch.time, entries: batch.entries.count, attempts: attempts.count,
      skips: batch.skips.count)
    let questions = try questions(of: batch.run).change(by: batch)
    let next = batch.isEmpty ? head : hash(batch, attempts, newLots, header)
    try transaction { database, statements in
      if !batch.isEmpty { statements.insert(header, hash: next.hash) }
      if !batch.isEmpty { try statements.commit.execute() }
      for lot in newLots { try statements.insert(lot, commit: header.id) }
      for lot in batch.lots { try statements.store(balance: lot) }
      try writeEntries(batch, statements)
      for record in attempts { try insert(record, commit: header.id, statements) }
      for skip in batch.skips {
        try statements.insert(skip, run: batch.run, commit: header.id)
      }
      try statements.store(questions, of: batch.run)
      try statements.add(batch.tallies, to: batch.run)
      try writeProgress(batch, statements)
    }
    head = next
    underWay[batch.run]?.apply(questions)
  }

  private func hash(
    _ batch: JournalBatch, _ attempts: [AttemptRecord], _ newLots: [Lot], _ header: CommitHeader
  ) -> LedgerHead {
    bytes.put(previous: head.hash, header)
    for lot in newLots { bytes.put(lot: lot) }
    for entry in batch.entries { bytes.put(entry: entry) }
    for record in attempts { bytes.put(attempt: record) }
    for skip in batch.skips { bytes.put(skip: skip, of: batch.run) }
    return advanced(past: header, lots: newLots.count)
  }

  private func insert(
    _ record: AttemptRecord, commit: Int64, _ statements: CommitStatements
  ) throws {
    do {
      try statements.insert(record, commit: commit)
    } catch let error as DatabaseError
      where error.extendedResultCode == .SQLITE_CONSTRAINT_PRIMARYKEY
    {
      let id = record.id
      throw fault(
        "the attempt of row \(id.cell.row), column \(id.cell.column + 1), step \(id.step + 1) "
          + "in run \(id.cell.run) is already stored")
    }
  }

  private func writeProgress(_ batch: JournalBatch, _ statements: CommitStatements) throws {
    if let checkpoint = batch.checkpoint { try statements.store(checkpoint, run: batch.run) }
    guard batch.rowsDone > 0 else { return }
    statements.progress.bind(1, batch.rowsDone)
    statements.progress.bind(2, batch.run.rawValue)
    try statements.progress.execute()
  }

  // MARK: What a batch must be

  /// Attempts in the order of their key, which is that of the table. Mostly they come so.
  private func sorted(_ attempts: [AttemptRecord]) -> [AttemptRecord] {
    for index in attempts.indices.dropFirst() {
      guard attempts[index - 1].id.precedes(attempts[index].id) else {
        return attempts.sorted { $0.id.precedes($1.id) }
      }
    }
    return attempts
  }

  private func checkAttempts(
    _ attempts: [AttemptRecord], of batch: JournalBatch, _ steps: PinnedSteps
  ) throws {
    let run = batch.run
    let last = head.nextSequence + Int64(batch.entries.count) - 1
    for record in attempts {
      guard (0...last).contains(record.opening) else {
        throw fault("an attempt names entry \(record.opening), which does not exist")
      }
      guard record.id.cell.run == run else {
        throw fault("it belongs to run \(run), and has an attempt of run \(record.id.cell.run)")
      }
      guard let step = steps.step(of: record.id) else {
        throw fault("run \(run) has no step \(record.id.step + 1) in its column")
      }
      guard step.provider == record.provider, step.keySource == record.keySource,
        step.price == record.price || record.opening == 0
      else {
        throw fault(
          "the attempt of row \(record.id.cell.row), step \(record.id.step + 1) differs from "
            + "what run \(run) pinned: \(step.provider) at \(step.price)")
      }
      if case .shared(_, let other) = record.kind, other.cell.run != run {
        throw fault("an attempt of run \(run) shares an answer of run \(other.cell.run)")
      }
    }
  }

  /// Entries follow the last one without a gap, and name lots and openings that exist; new lots are
  /// numbered likewise. Returns those.
  private func checkEntries(_ batch: JournalBatch) throws -> [Lot] {
    let newLots = batch.lots.filter { $0.id.rawValue > head.lots }.sorted { $0.id < $1.id }
    for (index, lot) in newLots.enumerated() where lot.id.rawValue != head.lots + Int64(index) + 1 {
      throw fault("lot \(lot.id.rawValue) is not the next one")
    }
    guard newLots.isEmpty || !batch.isEmpty else { throw fault("a lot without a grant entry") }
    let lots = 1...max(1, head.lots + Int64(newLots.count))
    var expected = head.nextSequence
    for entry in batch.entries {
      guard entry.seq == expected else {
        throw fault("entry \(entry.seq) stands where \(expected) is due")
      }
      guard lots.contains(entry.lot.rawValue) || entry.kind == .zero else {
        throw fault("entry \(entry.seq) names lot \(entry.lot.rawValue), which does not exist")
      }
      guard entry.opening >= 0, entry.opening < entry.seq else {
        throw fault("entry \(entry.seq) names entry \(entry.opening) as its opening")
      }
      guard entry.namesOneCause else {
        throw fault("entry \(entry.seq) must name an attempt, an opening or a note, and only one")
      }
      expected += 1
    }
    return newLots
  }
}

extension Entry {
  fileprivate var namesOneCause: Bool {
    switch (attempt != nil, opening != 0, note != nil) {
    case (true, false, false), (false, true, false), (false, false, true): true
    default: false
    }
  }
}

extension AttemptID {
  /// The order of the attempts of one run in the table: by row, column, generation, step, role.
  func precedes(_ other: AttemptID) -> Bool {
    if cell.row != other.cell.row { return cell.row < other.cell.row }
    if cell.column != other.cell.column { return cell.column < other.cell.column }
    if cell.generation != other.cell.generation { return cell.generation < other.cell.generation }
    if step != other.step { return step < other.step }
    return role.rawValue < other.role.rawValue
  }
}
