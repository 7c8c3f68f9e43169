import GRDB
import WaterfallCore

/// Reads runs with their outlines and states.
enum RunReader {
  private static func select(in database: Database) throws -> String {
    let newOutput = try Schema.version(of: database) < 2 ? "NULL" : "s.output"
    return """
      SELECT r.id, r.command, s.state, s.note, r.simulated, r.seed, r.sheet, r.output, r.started,
        s.ended, s.rows_done, r.configuration,
        (SELECT credits FROM run_budget b WHERE b.run = r.id AND b.scope = 'run'),
        (SELECT credits FROM run_budget b WHERE b.run = r.id AND b.scope = 'row'), \(newOutput)
      FROM run r LEFT JOIN run_state s ON s.run = r.id
      """
  }

  static func run(_ id: RunID, in database: Database) throws -> RunRecord? {
    guard let outline = try outline(of: id, in: database) else { return nil }
    return try database.firstRow(select(in: database) + " WHERE r.id = ?", id.rawValue) {
      try record($0, outline: outline)
    }
  }

  /// In the order in which they were started.
  static func runs(in database: Database) throws -> [RunRecord] {
    var ids: [RunID] = []
    try database.forEachRow("SELECT id FROM run ORDER BY id") { ids.append(RunID($0.int(0))) }
    return try ids.compactMap { try run($0, in: database) }
  }

  private static func record(_ row: RawStatement, outline: RunOutline) throws -> RunRecord {
    guard let state = try row.word(2, RunRecord.State.self) else {
      throw DamagedRow("run \(row.int(0)) has no state")
    }
    var run = RunRecord(
      id: RunID(row.int(0)), command: try row.requiredWord(1), state: state, note: row.text(3),
      isSimulated: row.int(4) != 0, seed: row.optionalText(5).flatMap { UInt64($0) },
      sheet: row.text(6), output: row.text(7), started: Timestamp(milliseconds: row.int(8)),
      ended: row.optionalInt(9).map { Timestamp(milliseconds: $0) }, rows: row.int(10),
      outline: outline, budgets: RunBudgets(run: row.credits(12), row: row.credits(13)),
      configuration: row.text(11))
    if let output = row.optionalText(14) { run.output = output }
    return run
  }

  /// nil where there is no such run.
  static func outline(of run: RunID, in database: Database) throws -> RunOutline? {
    let exists = try database.firstRow("SELECT 1 FROM run WHERE id = ?", run.rawValue) { _ in true }
    guard exists == true else { return nil }
    var steps: [Int32: [RunOutline.Step]] = [:]
    try database.forEachRow(
      """
      SELECT col, step, role, provider, key_source, price FROM run_step WHERE run = ?
      ORDER BY col, step, role
      """, run.rawValue
    ) { row in
      steps[row.int32(0), default: []].append(
        RunOutline.Step(
          step: row.int32(1), role: try row.requiredWord(2), provider: ProviderID(row.text(3)),
          keySource: try row.requiredWord(4), price: Credits(micro: row.int(5))))
    }
    var columns: [RunOutline.Column] = []
    try database.forEachRow(
      "SELECT col, name, field FROM run_column WHERE run = ? ORDER BY col", run.rawValue
    ) { row in
      columns.append(
        RunOutline.Column(
          name: row.text(1), field: try row.requiredWord(2), steps: steps[row.int32(0)] ?? []))
    }
    return RunOutline(columns: columns)
  }
}

extension RawStatement {
  /// An amount in micro-credits, or nil for NULL.
  fileprivate func credits(_ column: Int32) -> Credits? {
    optionalInt(column).map { Credits(micro: $0) }
  }
}
