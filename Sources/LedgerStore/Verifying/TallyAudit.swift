import GRDB
import WaterfallCore

/// Recounts the attempts of each run, in the order of its rows, and compares with what is stored.
struct TallyAudit {
  let database: Database
  /// What the ledger's entries come to.
  let ledger: TotalsByRun
  private var attempts: Int64 = 0
  private var free: Int64 = 0

  init(database: Database, ledger: TotalsByRun) {
    self.database = database
    self.ledger = ledger
  }

  mutating func run(_ findings: inout Findings) throws {
    let runs = try RunReader.runs(in: database)
    for run in runs {
      var recount = Recount(rowsDone: run.rows)
      try recountAttempts(of: run, &recount, &findings)
      try recountSkips(of: run, &recount)
      let stored = try TallyReader.tallies(of: run.id, in: database)
      TallyComparison(run: run.id, isDone: run.state == .done, recount: recount, stored: stored)
        .run(ledger[run.id] ?? RunTotals(), &findings)
    }
    findings.checked(.totals, "\(counted(attempts, "attempt")) of \(counted(runs.count, "run"))")
    findings.checked(.free, "\(free) shared answers")
  }

  private mutating func recountAttempts(
    of run: RunRecord, _ recount: inout Recount, _ findings: inout Findings
  ) throws {
    let steps = PinnedSteps(run.outline)
    var rows = try RowStream(
      """
      SELECT \(AttemptReader.columns) FROM attempt a WHERE a.run = \(run.id)
      ORDER BY a.run, a."row", a.col, a.generation, a.step, a.role
      """, in: database)
    while rows.hasRow {
      let record = try AttemptReader.record(rows.row, steps: steps)
      attempts += 1
      checkUnopened(record, &findings)
      guard recount.add(record) else {
        findings.breach(.totals, "\(record.id.words): the sum of the amounts overflows")
        return
      }
      try rows.advance()
    }
    recount.endCell()
  }

  /// Without an opening nothing can have been charged.
  private mutating func checkUnopened(_ record: AttemptRecord, _ findings: inout Findings) {
    if case .shared = record.kind { free += 1 }
    guard record.opening == 0 else { return }
    if record.captured != .zero || record.refunded != .zero {
      findings.breach(
        .free,
        "\(record.id.words) has no entry, and says charged \(record.captured), refunded "
          + "\(record.refunded)")
    }
    if case .asked = record.kind {
      findings.breach(.charges, "\(record.id.words) was asked without a hold or zero entry")
    }
  }

  private func recountSkips(of run: RunRecord, _ recount: inout Recount) throws {
    try database.forEachRow(
      "SELECT 0, 0, col, reason, first_row, last_row FROM skip_range WHERE run = ?",
      run.id.rawValue
    ) { row in
      guard row.int(4) > 0, row.int(5) < 1 << 50 else {
        throw DamagedRow("a skip reaches from row \(row.int(4)) to \(row.int(5))")
      }
      recount.tallies.add(
        SkipRange(
          column: row.int32(2), reason: try row.requiredWord(3), firstRow: row.int(4),
          lastRow: row.int(5)))
    }
  }
}

/// What a run's attempts come to.
struct Recount {
  /// Rows up to this one have ended.
  let rowsDone: Int64
  /// Providers and skips; of the cells, those in rows that have surely ended.
  var tallies = RunTallies()
  /// Cells with attempts in later rows, which may have ended or not, by column and state.
  private(set) var later: [Int32: [CellState: Int64]] = [:]
  private(set) var charged: Int64 = 0
  private(set) var refunded: Int64 = 0
  private var sums: Int64 = 0
  private var cell: CellID?
  private var isFilled = false
  private var wasAsked = false
  private var wasAnswered = false

  init(rowsDone: Int64) { self.rowsDone = rowsDone }

  /// Counts an attempt; those of a cell come together. False where a sum would overflow.
  mutating func add(_ record: AttemptRecord) -> Bool {
    let amounts = [
      record.captured.micro, record.refunded.micro, record.overrun.micro, record.saved.micro,
      record.money?.nano ?? 0, record.latency,
    ]
    for amount in amounts {
      let (sum, overflow) = sums.addingReportingOverflow(abs(max(amount, -Int64.max)))
      guard !overflow else { return false }
      sums = sum
    }
    if record.id.cell != cell {
      endCell()
      cell = record.id.cell
    }
    tallies.add(record)
    charged += record.captured.micro
    refunded += record.refunded.micro
    guard let outcome = record.outcome, record.id.role == .finder else { return true }
    wasAsked = true
    switch outcome {
    case .hit, .miss: wasAnswered = true
    case .failure, .unknown: break
    }
    isFilled = isFilled || record.isAccepted
    return true
  }

  mutating func endCell() {
    defer { (cell, isFilled, wasAsked, wasAnswered) = (nil, false, false, false) }
    guard let cell, wasAsked else { return }
    let state: CellState = isFilled ? .filled : wasAnswered ? .empty : .failed
    if cell.row <= rowsDone {
      tallies.addCell(column: cell.column, state: state)
    } else {
      later[cell.column, default: [:]][state, default: 0] += 1
    }
  }
}
