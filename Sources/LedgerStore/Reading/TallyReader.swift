import GRDB
import WaterfallCore

/// Reads the tallies of a run. O(columns × providers + latency buckets), whatever the run's size.
enum TallyReader {
  static func tallies(of run: RunID, in database: Database) throws -> RunTallies {
    var tallies = RunTallies()
    try database.forEachRow(
      "SELECT col, state, reason, cells FROM cell_tally WHERE run = ?", run.rawValue
    ) { row in
      try addCells(row, to: &tallies.columns[row.int32(0), default: ColumnTally()])
    }
    let judgements = try judgements(of: run, in: database)
    let counters = CommitStatements.tallyCounters.joined(separator: ", ")
    try database.forEachRow(
      "SELECT id, col, provider, role, key_source, \(counters) FROM tally WHERE run = ?",
      run.rawValue
    ) { row in
      let key = ColumnTally.ProviderKey(
        provider: ProviderID(row.text(2)), role: try row.requiredWord(3),
        keySource: try row.requiredWord(4))
      var tally = counts(row)
      tally.judgements = judgements[row.int(0)] ?? [:]
      try addReasons(of: row.int(0), to: &tally, in: database)
      tallies.columns[row.int32(1), default: ColumnTally()].providers[key] = tally
    }
    return tallies
  }

  /// The judged hits by tally. A workspace of version 1, opened for reading only, has to count them.
  private static func judgements(
    of run: RunID, in database: Database
  ) throws -> [Int64: [Judgement: Int64]] {
    let table =
      try Schema.hasVerdicts(database)
      ? "tally_verdict" : "(\(Schema.countedVerdicts(ofRun: "?1")))"
    var judgements: [Int64: [Judgement: Int64]] = [:]
    try database.forEachRow(
      """
      SELECT v.tally, v.verdict, nullif(v.reason, ''), v.accepted, v.attempts
      FROM tally t JOIN \(table) v ON v.tally = t.id WHERE t.run = ?1
      """, run.rawValue
    ) { row in
      let verdict = Verdict(try row.requiredWord(1), try row.word(2))
      let judgement = Judgement(verdict, isAccepted: row.int(3) != 0)
      judgements[row.int(0), default: [:]][judgement] = row.int(4)
    }
    return judgements
  }

  private static func addCells(_ row: RawStatement, to tally: inout ColumnTally) throws {
    switch row.text(1) {
    case "filled": tally.filled &+= row.int(3)
    case "empty": tally.empty &+= row.int(3)
    case "failed": tally.failed &+= row.int(3)
    default: tally.skipped[try row.requiredWord(2), default: 0] &+= row.int(3)
    }
  }

  private static func counts(_ row: RawStatement) -> ProviderTally {
    var tally = ProviderTally()
    tally.attempts = row.int(5)
    tally.hits = row.int(6)
    tally.valid = row.int(7)
    tally.invalid = row.int(8)
    tally.misses = row.int(9)
    tally.unknown = row.int(10)
    tally.cached = row.int(11)
    tally.charged = Credits(micro: row.int(12))
    tally.refunded = Credits(micro: row.int(13))
    tally.saved = Credits(micro: row.int(14))
    tally.overrun = Credits(micro: row.int(15))
    tally.money = Money(nano: row.int(16))
    return tally
  }

  private static func addReasons(
    of id: Int64, to tally: inout ProviderTally, in database: Database
  ) throws {
    try database.forEachRow(
      "SELECT kind, reason, attempts FROM tally_reason WHERE tally = ?", id
    ) { row in
      if row.text(0) == "failure" {
        tally.failures[try row.requiredWord(1)] = row.int(2)
      } else {
        tally.skipped[try row.requiredWord(1)] = row.int(2)
      }
    }
    try database.forEachRow(
      "SELECT microseconds, attempts FROM tally_latency WHERE tally = ?", id
    ) { row in
      guard (1..<1 << 40).contains(row.int(1)) else {
        throw DamagedRow("a latency was counted \(row.int(1)) times")
      }
      tally.latency.record(microseconds: row.int(0), count: row.int(1))
    }
  }
}
