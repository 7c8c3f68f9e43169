import LedgerStore
import WaterfallCore
import WaterfallLedger

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Measures `LedgerStore.commit`: cells of 1.6 attempts each, made beforehand, then committed.
///
///     swift run -c release ledger-speed NEW-FILE [CELLS] [CELLS-PER-BATCH]
@main enum LedgerSpeed {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count >= 2 else {
      print("usage: ledger-speed NEW-FILE [CELLS] [CELLS-PER-BATCH]")
      return
    }
    let cells = arguments.count > 2 ? Int64(arguments[2]) ?? 200_000 : 200_000
    let size = arguments.count > 3 ? Int64(arguments[3]) ?? 4_000 : 4_000
    let now = Timestamp(milliseconds: 1_800_000_000_000)
    let store = try LedgerStore.open(
      at: arguments[1],
      options: .init(
        create: true, workspaceID: "speed", isSimulated: true, now: now,
        lock: LockOwner("ledger-speed")))
    try store.grant(kind: .trial, amount: Credits(100_000_000), note: "speed", at: now)
    let run = try store.startRun(
      command: .enrich, isSimulated: true, seed: 1, sheet: "s.csv", output: "o.csv", started: now,
      outline: SpeedCells.outline, configuration: "{}")
    var source = SpeedCells(run: run.id, lots: try store.lots(), next: try store.nextSequence)
    var batches: [JournalBatch] = []
    for first in stride(from: Int64(1), through: cells, by: Int(size)) {
      let last = min(first + size - 1, cells)
      batches.append(try source.batch(rows: first...last, time: now))
    }
    try measure(store, run.id, batches, cells)
  }

  static func measure(
    _ store: LedgerStore, _ run: RunID, _ batches: [JournalBatch], _ cells: Int64
  ) throws {
    let clock = ContinuousClock()
    let before = processTime()
    let commit = try clock.measure { for batch in batches { try store.commit(batch) } }
    let processor = processTime() - before
    let attempts = batches.reduce(0) { $0 + $1.attempts.count }
    let entries = batches.reduce(0) { $0 + $1.entries.count }
    print("\(cells) cells, \(attempts) attempts, \(entries) entries, \(batches.count) batches")
    print("commit: \(commit), \(perSecond(cells, commit)) cells/s")
    print("commit, processor time: \(processor), \(perSecond(cells, processor)) cells/s")
    var questions: Int64 = 0
    let shared = try clock.measure {
      try store.forEachSharedQuestion(of: run) { _, _ in questions += 1 }
    }
    print("questions: \(shared), \(perSecond(questions, shared))/s")
    print("run info: \(try clock.measure { _ = try store.runInfo(run) })")
    var lines: Int64 = 0
    let history = try clock.measure { try store.forEachHistoryLine { _ in lines += 1 } }
    print(
      "verify: \(try clock.measure { print(try store.verify().isProven ? "sound" : "broken") })")
    print("history: \(history), \(perSecond(lines, history)) lines/s")
  }

  /// What the process has spent on a processor: steadier than wall time on a shared machine.
  static func processTime() -> Duration {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
  }

  static func perSecond(_ count: Int64, _ time: Duration) -> Int64 {
    let (seconds, attoseconds) = time.components
    let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    return count * 1_000_000 / max(microseconds, 1)
  }
}

/// Four cells of ten are filled by the first provider; the others miss there and are filled, or
/// rejected and refunded, by the second.
struct SpeedCells {
  static let outline = RunOutline(columns: [
    RunOutline.Column(
      name: "Work email", field: .workEmail,
      steps: [
        RunOutline.Step(
          step: 0, role: .finder, provider: ProviderID("prospeo"), keySource: .managed,
          price: Credits(2)),
        RunOutline.Step(
          step: 1, role: .finder, provider: ProviderID("findymail"), keySource: .managed,
          price: Credits(3)),
      ])
  ])

  let run: RunID
  var book: CreditBook

  init(run: RunID, lots: [Lot], next: Int64) {
    self.run = run
    self.book = CreditBook(lots: lots, nextSequence: next)
  }

  mutating func batch(rows: ClosedRange<Int64>, time: Timestamp) throws -> JournalBatch {
    var batch = JournalBatch(run: run, time: time)
    for row in rows {
      if row % 10 < 6 {
        batch.add(try attempt(row, 0, .miss, nil, time))
        let verdict = row % 10 == 0 ? Verdict(.invalid, .nonexistent) : .valid
        batch.add(try attempt(row, 1, .hit("person.\(row)@example.com"), verdict, time))
        batch.tallies.addCell(column: 0, state: row % 10 == 0 ? .empty : .filled)
      } else {
        batch.add(try attempt(row, 0, .hit("person.\(row)@example.com"), .valid, time))
        batch.tallies.addCell(column: 0, state: .filled)
      }
    }
    (batch.entries, batch.lots) = book.drain()
    batch.rowsDone = rows.upperBound
    return batch
  }

  private mutating func attempt(
    _ row: Int64, _ step: Int32, _ outcome: Outcome, _ verdict: Verdict?, _ time: Timestamp
  ) throws -> AttemptRecord {
    let id = AttemptID(
      cell: CellID(run: run, row: row, column: 0), step: step, role: .finder)
    let pinned = Self.outline.columns[0].steps[Int(step)]
    var opening: Int64 = 0
    if case .held(let seq) = try book.hold(pinned.price, for: id, at: time) { opening = seq }
    var refunded = Credits.zero
    if verdict == nil {
      try book.void(opening, at: time)
    } else {
      var charge = try book.capture(opening, pinned.price, at: time)
      if verdict?.kind == .invalid { refunded = book.refund(&charge, at: time) }
    }
    let mixed = UInt64(bitPattern: row) &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(step)
    return AttemptRecord(
      id: id, provider: pinned.provider, kind: .asked(outcome), verdict: verdict,
      isAccepted: verdict == .valid, question: QuestionKey(high: mixed, low: mixed ^ 77),
      latency: Int64(100_000 + mixed % 900_000), exchanges: 1, price: pinned.price,
      captured: verdict == nil ? .zero : pinned.price, refunded: refunded,
      money: Money(nano: 12_000_000), opening: opening)
  }
}

extension JournalBatch {
  mutating func add(_ record: AttemptRecord) {
    attempts.append(record)
    tallies.add(record)
  }
}
