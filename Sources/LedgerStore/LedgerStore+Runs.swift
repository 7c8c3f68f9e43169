import GRDB
public import WaterfallCore

extension LedgerStore {
  /// Writes down a run that begins, with its pinned outline, and gives it the next number.
  ///
  /// The steps of a column must ascend by step, each finder before its verifier.
  public func startRun(
    command: RunRecord.Command, isSimulated: Bool, seed: UInt64?, sheet: String, output: String,
    started: Timestamp, outline: RunOutline, budgets: RunBudgets = RunBudgets(),
    configuration: String
  ) throws -> RunRecord {
    try write { writer in
      let last = try writer.queue.inDatabase { database in
        try database.firstRow("SELECT coalesce(max(id), 0) FROM run") { $0.int(0) }
      }
      let run = RunRecord(
        id: RunID((last ?? 0) + 1), command: command, state: .running, isSimulated: isSimulated,
        seed: seed, sheet: sheet, output: output, started: started, outline: outline,
        budgets: budgets, configuration: configuration)
      try writer.start(run)
      return run
    }
  }

  /// Says how a run goes on: its state, why, and when it ended where it did.
  public func setState(
    of run: RunID, _ state: RunRecord.State, note: String = "", ended: Timestamp? = nil
  ) throws {
    try write { try $0.setState(of: run, state, note: note, ended: ended) }
  }

  /// From now on the run's output goes elsewhere.
  public func setOutput(of run: RunID, _ output: String) throws {
    try write { writer in
      try writer.transaction { database, _ in
        try database.execute(
          sql: "UPDATE run_state SET output = ? WHERE run = ?", arguments: [output, run.rawValue])
        guard database.changesCount == 1 else { throw writer.fault("there is no run \(run)") }
      }
    }
  }

  /// What the run's half-written output held is not there any more: it is written again from the
  /// journal.
  public func forgetCheckpoints(of run: RunID) throws {
    try write { writer in
      try writer.transaction { database, _ in
        try database.execute(
          sql: "DELETE FROM checkpoint WHERE run = ?", arguments: [run.rawValue])
      }
    }
  }

  /// Changes the limits of a run from now on. What it has spent stays spent: a limit below that
  /// would break a law of the ledger, and is a fault. O(attempts of the run) where they differ.
  public func setBudgets(of run: RunID, _ budgets: RunBudgets) throws {
    try write { writer in
      try writer.transaction { database, _ in
        guard try RunReader.run(run, in: database)?.budgets != budgets else { return }
        for (scope, limit) in [("run", budgets.run), ("row", budgets.row)] {
          guard let limit else { continue }
          try BudgetAudit.forEachBreach(of: run, scope: scope, limit: limit.micro, in: database) {
            throw writer.fault($0)
          }
        }
        try writer.store(budgets, of: run, in: database)
      }
    }
  }

  /// What a run has used of its budget so far. O(its providers and open holds).
  public func spending(of run: RunID) throws -> RunSpending {
    try read { database in
      let providers = try TallyReader.tallies(of: run, in: database).columns.values
        .flatMap { $0.providers.values }
      let held = try LotReader.openHolds(of: run, in: database).flatMap(\.slices)
      return RunSpending(
        net: providers.reduce(.zero) { $0 + $1.net },
        held: held.reduce(.zero) { $0 + $1.amount })
    }
  }

  /// nil where there is no such run.
  public func run(_ id: RunID) throws -> RunRecord? {
    try read { try RunReader.run(id, in: $0) }
  }

  /// Every run, oldest first.
  public func runs() throws -> [RunRecord] {
    try read { try RunReader.runs(in: $0) }
  }

  public func latestRun() throws -> RunRecord? {
    try read { database in
      let id = try database.firstRow("SELECT max(id) FROM run") { $0.optionalInt(0) }
      guard let id = id ?? nil else { return nil }
      return try RunReader.run(RunID(id), in: database)
    }
  }

  /// A run and its tallies, in a time that does not depend on the run's size; nil where there is no
  /// such run.
  public func runInfo(_ id: RunID) throws -> RunInfo? {
    try read { database in
      guard let run = try RunReader.run(id, in: database) else { return nil }
      return RunInfo(run: run, tallies: try TallyReader.tallies(of: id, in: database))
    }
  }
}

extension JournalWriter {
  func start(_ run: RunRecord) throws {
    // Steps are read back by step and role: only in that order does the outline hash the same again.
    for column in run.outline.columns {
      let places = column.steps.map { 2 * Int64($0.step) + Int64($0.role.rawValue) }
      guard zip(places, places.dropFirst()).allSatisfy(<) else {
        throw fault("the steps of column \(column.name) are not in order")
      }
    }
    let header = header(run: nil, time: run.started)
    bytes.put(previous: head.hash, header)
    bytes.put(run: run)
    let next = advanced(past: header)
    try transaction { database, statements in
      statements.insert(header, hash: next.hash)
      try statements.commit.execute()
      try insert(run, commit: header.id, in: database)
    }
    head = next
  }

  private func insert(_ run: RunRecord, commit: Int64, in database: Database) throws {
    try database.execute(
      sql: "INSERT INTO run VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      arguments: [
        run.id.rawValue, commit, run.command.rawValue, run.isSimulated ? 1 : 0,
        run.seed.map { String($0) }, run.sheet, run.firstOutput, run.started.milliseconds,
        run.configuration,
      ])
    try database.execute(
      sql: "INSERT INTO run_state VALUES (?, ?, ?, NULL, 0, NULL)",
      arguments: [run.id.rawValue, run.state.rawValue, run.note])
    try store(run.budgets, of: run.id, in: database)
    for (index, column) in run.outline.columns.enumerated() {
      try database.execute(
        sql: "INSERT INTO run_column VALUES (?, ?, ?, ?)",
        arguments: [run.id.rawValue, index, column.name, column.field.rawValue])
      for step in column.steps {
        try database.execute(
          sql: "INSERT INTO run_step VALUES (?, ?, ?, ?, ?, ?, ?)",
          arguments: [
            run.id.rawValue, index, step.step, String(describing: step.role.word),
            step.provider.rawValue, step.keySource.rawValue, step.price.micro,
          ])
      }
    }
  }

  func store(_ budgets: RunBudgets, of run: RunID, in database: Database) throws {
    for (scope, limit) in [("run", budgets.run), ("row", budgets.row)] {
      try database.execute(
        sql: "DELETE FROM run_budget WHERE run = ? AND scope = ?",
        arguments: [run.rawValue, scope])
      guard let limit else { continue }
      try database.execute(
        sql: "INSERT INTO run_budget VALUES (?, ?, ?)",
        arguments: [run.rawValue, scope, limit.micro])
    }
  }

  func setState(
    of run: RunID, _ state: RunRecord.State, note: String, ended: Timestamp?
  ) throws {
    let questions = try questions(of: run).change(by: state)
    try transaction { database, statements in
      try database.execute(
        sql: "UPDATE run_state SET state = ?, note = ?, ended = ? WHERE run = ?",
        arguments: [state.rawValue, note, ended?.milliseconds, run.rawValue])
      guard database.changesCount == 1 else { throw fault("there is no run \(run)") }
      try statements.store(questions, of: run)
    }
    underWay[run]?.apply(questions)
  }
}
