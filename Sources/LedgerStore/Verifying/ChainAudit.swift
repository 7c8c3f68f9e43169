import GRDB
import WaterfallCore

/// Walks the ledger from its first commit: recomputes every hash, and replays every entry.
struct ChainAudit: ~Copyable {
  let database: Database
  private var bytes = CanonicalBytes()
  private var replay = LotReplay()
  private var nextSequence: Int64 = 1
  private var lastCommit: Int64 = 0
  private var lastTime = Int64.min
  private var steps: [RunID: PinnedSteps] = [:]

  init(database: Database) { self.database = database }

  private struct Streams {
    var entries: RowStream
    var attempts: RowStream
    var skips: RowStream
    var lots: RowStream
    var runs: RowStream

    init(_ database: Database) throws {
      entries = try RowStream(
        "SELECT \(EntryReader.columns) FROM entry e ORDER BY e.seq", in: database)
      attempts = try RowStream(
        """
        SELECT \(AttemptReader.columns), a.commit_id FROM attempt a
        ORDER BY a.commit_id, a.run, a."row", a.col, a.generation, a.step, a.role
        """, in: database)
      skips = try RowStream(
        """
        SELECT commit_id, run, col, reason, first_row, last_row FROM skip_range
        ORDER BY commit_id, id
        """, in: database)
      lots = try RowStream(
        """
        SELECT id, kind, issued, priority, granted, expires, note, commit_id FROM lot
        ORDER BY commit_id, id
        """, in: database)
      runs = try RowStream("SELECT commit_id, id FROM run ORDER BY commit_id, id", in: database)
    }
  }

  mutating func run(_ findings: inout Findings) throws {
    let workspace = try database.firstRow("SELECT id FROM workspace") { $0.text(0) } ?? ""
    var previous = bytes.origin(workspace: workspace)
    var streams = try Streams(database)
    var commits = try RowStream(
      """
      SELECT id, time, run, first_seq, entries, attempts, skips, hash FROM ledger_commit
      ORDER BY id
      """, in: database)
    while commits.hasRow {
      let row = commits.row
      let header = CommitHeader(
        id: row.int(0), time: Timestamp(milliseconds: row.int(1)),
        run: row.optionalInt(2).map { RunID($0) }, firstSequence: row.int(3),
        entries: Int(row.int(4)), attempts: Int(row.int(5)), skips: Int(row.int(6)))
      let stored = Array(row.blob(7))
      checkOrder(header, &findings)
      bytes.put(previous: previous, header)
      try putContent(of: header, &streams, &findings)
      if bytes.finish() != stored {
        findings.breach(.chain, "\(Self.name(header)) is not what its hash was made of")
      }
      // Go on from what is stored: each commit answers for itself.
      previous = stored
      try commits.advance()
    }
    try checkRest(&streams, &findings)
    try conclude(&findings)
  }

  private static func name(_ header: CommitHeader) -> String {
    header.entries == 0
      ? "commit \(header.id)"
      : "commit \(header.id), entries \(header.firstSequence) to "
        + "\(header.firstSequence + Int64(header.entries) - 1),"
  }

  private mutating func checkOrder(_ header: CommitHeader, _ findings: inout Findings) {
    if header.id != lastCommit + 1 {
      findings.breach(.chain, "commit \(header.id) follows commit \(lastCommit)")
    }
    if header.time.milliseconds < lastTime {
      findings.breach(.chain, "commit \(header.id) is earlier than the one before it")
    }
    if header.firstSequence != nextSequence {
      findings.breach(
        .chain,
        "commit \(header.id) begins with entry \(header.firstSequence), and \(nextSequence) "
          + "is due")
    }
    lastCommit = header.id
    lastTime = header.time.milliseconds
  }

  private mutating func putContent(
    of header: CommitHeader, _ streams: inout Streams, _ findings: inout Findings
  ) throws {
    while streams.runs.hasRow, streams.runs.row.int(0) <= header.id {
      let id = RunID(streams.runs.row.int(1))
      if let run = try RunReader.run(id, in: database) { bytes.put(run: run) }
      try streams.runs.advance()
    }
    while streams.lots.hasRow, streams.lots.row.int(7) <= header.id {
      bytes.put(lot: try LotReader.lot(streams.lots.row))
      try streams.lots.advance()
    }
    try putEntries(of: header, &streams.entries, &findings)
    var attempts = 0
    while streams.attempts.hasRow, streams.attempts.row.int(27) <= header.id {
      let run = RunID(streams.attempts.row.int(0))
      bytes.put(attempt: try AttemptReader.record(streams.attempts.row, steps: try pinned(run)))
      attempts += 1
      try streams.attempts.advance()
    }
    var skips = 0
    while streams.skips.hasRow, streams.skips.row.int(0) <= header.id {
      let row = streams.skips.row
      bytes.put(skip: try Self.skip(row), of: RunID(row.int(1)))
      skips += 1
      try streams.skips.advance()
    }
    if attempts != header.attempts || skips != header.skips {
      findings.breach(
        .chain,
        "commit \(header.id) had \(header.attempts) attempts and \(header.skips) skips, and "
          + "\(attempts) and \(skips) are stored")
    }
  }

  private mutating func putEntries(
    of header: CommitHeader, _ entries: inout RowStream, _ findings: inout Findings
  ) throws {
    let end = header.firstSequence &+ Int64(header.entries)
    var expected = header.firstSequence
    while entries.hasRow, entries.row.int(0) < end {
      let entry = try EntryReader.entry(entries.row)
      if entry.seq != expected {
        findings.breach(.chain, "entry \(entry.seq) stands where \(expected) is due")
      }
      expected = entry.seq &+ 1
      bytes.put(entry: entry)
      replay.apply(entry, &findings)
      try entries.advance()
    }
    if expected != end { findings.breach(.chain, "entry \(expected) is missing") }
    nextSequence = end
  }

  private static func skip(_ row: RawStatement) throws -> SkipRange {
    SkipRange(
      column: row.int32(2), reason: try row.requiredWord(3), firstRow: row.int(4),
      lastRow: row.int(5))
  }

  private mutating func pinned(_ run: RunID) throws -> PinnedSteps {
    if let known = steps[run] { return known }
    guard let outline = try RunReader.outline(of: run, in: database) else {
      throw DamagedRow("an attempt belongs to run \(run), which does not exist")
    }
    let made = PinnedSteps(outline)
    steps[run] = made
    return made
  }

  /// Rows that no commit vouches for.
  private mutating func checkRest(_ streams: inout Streams, _ findings: inout Findings) throws {
    while streams.entries.hasRow {
      let entry = try EntryReader.entry(streams.entries.row)
      findings.breach(.chain, "entry \(entry.seq) belongs to no commit")
      replay.apply(entry, &findings)
      try streams.entries.advance()
    }
    let rest = [
      ("an attempt", streams.attempts.hasRow), ("a skip", streams.skips.hasRow),
      ("a lot", streams.lots.hasRow), ("a run", streams.runs.hasRow),
    ]
    for (name, isLeft) in rest where isLeft {
      findings.breach(.chain, "\(name) belongs to no commit")
    }
  }

  private func conclude(_ findings: inout Findings) throws {
    let entries = nextSequence - 1
    replay.checkMovements(entries: entries, &findings)
    replay.check(try LotReader.lots(in: database), &findings)
    findings.checked(
      .chain, "\(counted(lastCommit, "commit")), \(counted(entries, "entry", "entries"))")
  }
}
