import GRDB
import WaterfallCore

/// Follows every hold to its end, and every charge to its attempt.
struct HoldAudit {
  let database: Database
  private(set) var totals: TotalsByRun = [:]
  private var steps: [RunID: PinnedSteps] = [:]
  private var states: [RunID: RunRecord.State] = [:]
  private var open: [Int64: OpenHold] = [:]
  /// Charged, and waiting for a verifier: as many as there are cells in flight.
  private var waiting: Set<AttemptID> = []
  private var holds: Int64 = 0
  private var charges: Int64 = 0
  private var zeros: Int64 = 0

  init(database: Database) { self.database = database }

  mutating func run(_ findings: inout Findings) throws {
    try loadRuns(&findings)
    var entries = try RowStream(
      """
      SELECT \(EntryReader.columns) FROM entry e
      WHERE e.opening IS NOT NULL OR e.role IS NOT NULL
      ORDER BY coalesce(e.opening, e.seq), e.seq
      """, in: database)
    var attempts = try RowStream(
      """
      SELECT \(AttemptReader.columns) FROM attempt a WHERE a.opening IS NOT NULL
      ORDER BY a.opening
      """, in: database)
    while entries.hasRow {
      let group = try Self.nextGroup(&entries)
      try passOrphans(&attempts, before: group.opening, &findings)
      var records: [AttemptRecord] = []
      while attempts.hasRow, attempts.row.int(21) == group.opening {
        if records.count < 2 { records.append(try record(attempts.row)) }
        try attempts.advance()
      }
      try check(group, records, &findings)
    }
    try passOrphans(&attempts, before: .max, &findings)
    conclude(&findings)
  }

  private mutating func loadRuns(_ findings: inout Findings) throws {
    for run in try RunReader.runs(in: database) {
      states[run.id] = run.state
      steps[run.id] = PinnedSteps(run.outline)
    }
    for hold in try LotReader.openHolds(of: nil, in: database) { open[hold.opening] = hold }
    let listed = try database.firstRow("SELECT count(*) FROM open_hold") { $0.int(0) } ?? 0
    if listed != Int64(open.count) {
      findings.breach(.replay, "\(listed) open holds are listed, \(open.count) with their amounts")
    }
    findings.checked(.owners, "\(open.count) open holds")
  }

  private static func nextGroup(_ entries: inout RowStream) throws -> HoldGroup {
    let first = try EntryReader.entry(entries.row)
    var group = HoldGroup(opening: first.opening == 0 ? first.seq : first.opening)
    while entries.hasRow {
      let entry = try EntryReader.entry(entries.row)
      guard (entry.opening == 0 ? entry.seq : entry.opening) == group.opening else { break }
      group.add(entry)
      try entries.advance()
    }
    return group
  }

  private func record(_ row: RawStatement) throws -> AttemptRecord {
    guard let steps = steps[RunID(row.int(0))] else {
      throw DamagedRow("an attempt belongs to run \(row.int(0)), which does not exist")
    }
    return try AttemptReader.record(row, steps: steps)
  }

  /// Attempts whose opening no entry is.
  private func passOrphans(
    _ attempts: inout RowStream, before opening: Int64, _ findings: inout Findings
  ) throws {
    while attempts.hasRow, attempts.row.int(21) < opening {
      let id = try AttemptReader.id(attempts.row)
      findings.breach(
        .charges, "\(id.words) names entry \(attempts.row.int(21)), which opens nothing")
      try attempts.advance()
    }
  }

  // MARK: One hold

  private mutating func check(
    _ group: HoldGroup, _ records: [AttemptRecord], _ findings: inout Findings
  ) throws {
    guard let id = group.attempt else {
      findings.breach(
        .holds, "entries name entry \(group.opening) as their hold, which it is not")
      return
    }
    if group.isZero { zeros += 1 } else { holds += 1 }
    if group.captured > 0 { charges += 1 }
    checkEnd(group, &findings)
    checkOpen(group, id, hasRecord: !records.isEmpty, &findings)
    totals[id.cell.run, default: RunTotals()].charged &+= group.captured
    totals[id.cell.run, default: RunTotals()].refunded &+= group.refunded
    guard let record = records.first else {
      return try checkUnrecorded(group, id, &findings)
    }
    if records.count > 1 {
      findings.breach(
        .oneCapture,
        "two attempts name entry \(group.opening): \(record.id.words) and "
          + "\(records[1].id.words)")
    }
    if record.id != id {
      findings.breach(
        .charges, "entry \(group.opening) is for \(id.words), and \(record.id.words) names it")
    }
    ChargeCheck(group: group, record: record).run(&findings)
  }

  private func checkEnd(_ group: HoldGroup, _ findings: inout Findings) {
    for part in group.parts {
      let ended = part.captured &+ part.released
      if ended != part.held, group.hasEnded || ended != 0 {
        findings.breach(
          .holds,
          "the hold of entry \(group.opening) took \(part.held.credits) of lot "
            + "\(part.lot.rawValue), captured \(part.captured.credits) and released "
            + "\(part.released.credits)")
      }
      if part.refunded > part.captured {
        findings.breach(
          .refunds,
          "the hold of entry \(group.opening) captured \(part.captured.credits) of lot "
            + "\(part.lot.rawValue), and \(part.refunded.credits) were refunded")
      }
    }
  }

  private mutating func checkOpen(
    _ group: HoldGroup, _ id: AttemptID, hasRecord: Bool, _ findings: inout Findings
  ) {
    let listed = open.removeValue(forKey: group.opening)
    let isOpen = !group.isZero && !group.hasEnded
    let expected =
      isOpen ? OpenHold(opening: group.opening, attempt: id, slices: group.slices) : nil
    if listed != expected {
      findings.breach(
        .replay,
        "the hold of entry \(group.opening) is \(isOpen ? "open" : "ended"), and the list "
          + "of open holds says otherwise")
    }
    guard isOpen else { return }
    let state = states[id.cell.run]
    if state == nil || state == .done || state == .dropped || hasRecord {
      findings.breach(
        .owners,
        "the hold of entry \(group.opening) for \(id.words) is open, and its "
          + (hasRecord ? "attempt has ended" : "run is \(state?.rawValue ?? "unknown")"))
    }
  }

  /// A charge without a stored attempt. While a value waits for its verifier that is in order.
  private mutating func checkUnrecorded(
    _ group: HoldGroup, _ id: AttemptID, _ findings: inout Findings
  ) throws {
    let run = id.cell.run
    guard group.captured != 0 || group.isZero else { return }
    let hasVerifier =
      steps[run]?.step(column: id.cell.column, step: id.step, role: .verifier) != nil
    let mayWait = id.role == .finder && hasVerifier && states[run] != .done
    if mayWait, try !isStored(id), waiting.insert(id).inserted {
      totals[run, default: RunTotals()].waitingCharged &+= group.captured
      totals[run, default: RunTotals()].waitingRefunded &+= group.refunded
      return
    }
    findings.breach(
      .charges,
      "entry \(group.opening) charged \(group.captured.credits) for \(id.words), and no "
        + "stored attempt names it")
    if group.captured > group.refunded, try isStored(id) || waiting.contains(id) {
      findings.breach(.oneCapture, "\(id.words) is charged again by entry \(group.opening)")
    }
  }

  private func isStored(_ id: AttemptID) throws -> Bool {
    let cell = id.cell
    return try database.firstRow(
      """
      SELECT 1 FROM attempt WHERE run = ? AND "row" = ? AND col = ? AND generation = ?
        AND step = ? AND role = CASE ? WHEN 0 THEN 'finder' ELSE 'verifier' END
      """, cell.run.rawValue, cell.row, Int64(cell.column), Int64(cell.generation),
      Int64(id.step), Int64(id.role.rawValue)
    ) { _ in true } ?? false
  }

  private func conclude(_ findings: inout Findings) {
    for hold in open.values {
      findings.breach(.replay, "entry \(hold.opening) is listed as an open hold, and is none")
    }
    findings.checked(.holds, counted(holds, "hold"))
    findings.checked(.refunds, counted(charges, "charge"))
    findings.checked(.oneCapture, counted(charges, "charge"))
    findings.checked(
      .charges,
      counted(charges, "charge")
        + (waiting.isEmpty ? "" : ", \(waiting.count) waiting for a verifier"))
    findings.checked(.free, "\(zeros) own-key attempts")
  }
}

extension AttemptID {
  /// For a message: “row 3, column 1, step 2 of run 1”, counted from 1.
  var words: String {
    "row \(cell.row), column \(cell.column + 1), step \(step + 1)"
      + (role == .verifier ? " (verifier)" : "") + " of run \(cell.run)"
  }
}
