import LedgerStore
import TestSupport
import WaterfallCore
import WaterfallLedger

/// A driver without an engine: random answers on a real book, in batches that a store accepts.
///
/// Every kind of outcome, verdict and skip occurs; with `isSlow`, cells are held in one batch and
/// end in the next, as with providers that answer late.
struct SampleRun {
  static let outline = RunOutline(columns: [
    RunOutline.Column(
      name: "Work email", field: .workEmail,
      steps: [
        step(0, .finder, "acme", .managed, 2), step(0, .verifier, "vera", .managed, 1),
        step(1, .finder, "ours", .own, 5), step(1, .verifier, "vera", .managed, 1),
        step(2, .finder, "beta", .managed, 3), step(2, .verifier, "vera", .managed, 1),
      ]),
    RunOutline.Column(
      name: "Mobile “phone”", field: .mobilePhone,
      steps: [
        step(0, .finder, "acme", .managed, 4), step(1, .finder, "an_own_key_provider", .own, 7),
      ]),
  ])

  static func step(
    _ step: Int32, _ role: AttemptID.Role, _ provider: String, _ source: KeySource, _ price: Int64
  ) -> RunOutline.Step {
    RunOutline.Step(
      step: step, role: role, provider: ProviderID(provider), keySource: source,
      price: Credits(price))
  }

  let run: RunID
  let isSlow: Bool
  var random: SplitMix64
  var book: CreditBook
  /// Every attempt ever committed, as it was handed over.
  private(set) var records: [AttemptRecord] = []
  private(set) var tallies = RunTallies()
  private(set) var entries: [Entry] = []
  private var waiting: [(cell: CellID, opening: Int64)] = []
  private var answered: [AttemptRecord] = []
  private var clock: Int64 = 1_800_000_000_000

  init(run: RunID, store: LedgerStore, seed: UInt64, isSlow: Bool) throws {
    self.run = run
    self.isSlow = isSlow
    self.random = SplitMix64(state: seed)
    self.book = CreditBook(
      lots: try store.lots(), openHolds: try store.openHolds(),
      nextSequence: try store.nextSequence)
  }

  private mutating func chance(_ percent: Int) -> Bool {
    Int.random(in: 0..<100, using: &random) < percent
  }

  /// The next batch: cells of `rows`, and the ends of cells that waited.
  mutating func batch(rows: ClosedRange<Int64>) throws -> JournalBatch {
    clock += Int64.random(in: 0...5_000, using: &random)
    var batch = JournalBatch(run: run, time: Timestamp(milliseconds: clock))
    let ending = waiting
    waiting = []
    for (cell, opening) in ending { try finish(cell, opening, &batch) }
    for row in rows {
      for column in Int32(0)...1 {
        let cell = CellID(run: run, row: row, column: column)
        if chance(10) {
          batch.skip(cell, SkipReason.allCases.randomElement(using: &random) ?? .ragged)
          continue
        }
        let opening = try hold(id(cell, 0, .finder), at: batch.time)
        if isSlow { waiting.append((cell, opening)) } else { try finish(cell, opening, &batch) }
      }
    }
    let drained = book.drain()
    batch.entries = drained.entries
    batch.lots = drained.lots
    batch.attempts.shuffle(using: &random)
    batch.rowsDone = isSlow ? rows.lowerBound - 1 : rows.upperBound
    batch.checkpoint = Checkpoint(
      row: rows.upperBound, line: rows.upperBound + 1, inputOffset: rows.upperBound * 10,
      outputOffset: rows.upperBound * 20, selected: rows.upperBound)
    records += batch.attempts
    entries += batch.entries
    tallies.merge(batch.tallies)
    return batch
  }

  // MARK: One cell

  private func id(_ cell: CellID, _ step: Int32, _ role: AttemptID.Role) -> AttemptID {
    AttemptID(cell: cell, step: step, role: role)
  }

  private func pinned(_ id: AttemptID) -> RunOutline.Step? {
    Self.outline.columns[Int(id.cell.column)].steps.first {
      $0.step == id.step && $0.role == id.role
    }
  }

  private mutating func hold(_ id: AttemptID, at time: Timestamp) throws -> Int64 {
    guard let step = pinned(id) else { throw SampleError.noStep }
    guard case .held(let opening) = try book.hold(step.price, for: id, at: time) else {
      throw SampleError.outOfCredits
    }
    return opening
  }

  private mutating func finish(
    _ cell: CellID, _ firstHold: Int64, _ batch: inout JournalBatch
  ) throws {
    var someoneAnswered = false
    for step in Self.outline.columns[Int(cell.column)].steps where step.role == .finder {
      let id = id(cell, step.step, .finder)
      let held = step.step == 0 ? firstHold : 0
      let record = try ask(id, step, held: held, &batch)
      if record.isAccepted { return batch.end(cell, .filled) }
      switch record.outcome {
      case .hit, .miss: someoneAnswered = true
      default: break
      }
    }
    batch.end(cell, someoneAnswered ? .empty : .failed)
  }

  private mutating func ask(
    _ id: AttemptID, _ step: RunOutline.Step, held: Int64, _ batch: inout JournalBatch
  ) throws -> AttemptRecord {
    if held == 0, chance(10) { return batch.add(skipped(id, step)) }
    if held == 0, chance(15), let other = answered.randomElement(using: &random) {
      return batch.add(shared(id, step, other))
    }
    let outcome = randomOutcome(id)
    guard step.keySource == .managed else {
      return batch.add(own(id, step, outcome, book.zero(for: id)))
    }
    let opening = held != 0 ? held : try hold(id, at: batch.time)
    return try managed(id, step, outcome, opening, &batch)
  }

  private mutating func randomOutcome(_ id: AttemptID) -> Outcome {
    switch Int.random(in: 0..<10, using: &random) {
    case 0..<5:
      .hit(chance(10) ? "" : chance(20) ? "Zoë “\(id.cell.row)”\n🙂" : "p\(id.cell.row)@example.com")
    case 5..<8: .miss
    case 8: .failure(FailureReason.allCases.randomElement(using: &random) ?? .quota)
    default: .unknown
    }
  }

  private mutating func managed(
    _ id: AttemptID, _ step: RunOutline.Step, _ outcome: Outcome, _ opening: Int64,
    _ batch: inout JournalBatch
  ) throws -> AttemptRecord {
    guard case .hit = outcome else {
      try book.void(opening, at: batch.time)
      return batch.add(record(id, step, outcome, opening: opening))
    }
    let amount = chance(20) ? Credits(micro: step.price.micro / 3) : step.price
    var charge = try book.capture(opening, amount, at: batch.time)
    var verdict = randomVerdict()
    if pinned(self.id(id.cell, id.step, .verifier)) != nil, verdict.kind != .invalid {
      verdict = try verify(id, &batch)
    }
    let isAccepted = verdict.kind == .valid || verdict.kind == .unverified
    let refunded = isAccepted || chance(20) ? .zero : book.refund(&charge, at: batch.time)
    let record = record(
      id, step, outcome, verdict, isAccepted, captured: amount, refunded: refunded,
      overrun: amount == step.price && chance(5) ? Credits(micro: 7) : .zero, opening: opening)
    if answered.count < 50 { answered.append(record) }
    return batch.add(record)
  }

  private mutating func verify(_ id: AttemptID, _ batch: inout JournalBatch) throws -> Verdict {
    let id = self.id(id.cell, id.step, .verifier)
    guard let step = pinned(id) else { throw SampleError.noStep }
    let opening = try hold(id, at: batch.time)
    let verdict = randomVerdict()
    if verdict.kind == .unverified {
      try book.void(opening, at: batch.time)
      batch.add(record(id, step, .hit("checked"), verdict, opening: opening))
    } else {
      _ = try book.capture(opening, step.price, at: batch.time)
      batch.add(record(id, step, .hit("checked"), verdict, captured: step.price, opening: opening))
    }
    return verdict
  }

  private mutating func randomVerdict() -> Verdict {
    let kind = Verdict.Kind.allCases.randomElement(using: &random) ?? .valid
    if chance(50) { return .valid }
    return Verdict(
      kind, kind == .valid ? nil : Verdict.Reason.allCases.randomElement(using: &random))
  }

  // MARK: Records

  private mutating func record(
    _ id: AttemptID, _ step: RunOutline.Step, _ outcome: Outcome, _ verdict: Verdict? = nil,
    _ isAccepted: Bool = false, captured: Credits = .zero, refunded: Credits = .zero,
    overrun: Credits = .zero, saved: Credits = .zero, opening: Int64
  ) -> AttemptRecord {
    AttemptRecord(
      id: id, provider: step.provider, kind: .asked(outcome), keySource: step.keySource,
      verdict: verdict, isAccepted: isAccepted,
      question: QuestionKey(high: random.next(), low: random.next()),
      latency: Int64.random(in: 0...2_000_000, using: &random),
      exchanges: Int32.random(in: 0...3, using: &random), price: step.price, captured: captured,
      refunded: refunded, overrun: overrun, saved: saved,
      money: chance(50) ? Money(nano: Int64.random(in: 0...9_000_000, using: &random)) : nil,
      opening: opening)
  }

  private mutating func own(
    _ id: AttemptID, _ step: RunOutline.Step, _ outcome: Outcome, _ opening: Int64
  ) -> AttemptRecord {
    guard case .hit = outcome else { return record(id, step, outcome, opening: opening) }
    let isAccepted = chance(50)
    return record(
      id, step, outcome, isAccepted ? .valid : Verdict(.invalid, .syntax), isAccepted,
      saved: isAccepted ? step.price : .zero, opening: opening)
  }

  private func skipped(_ id: AttemptID, _ step: RunOutline.Step) -> AttemptRecord {
    AttemptRecord(
      id: id, provider: step.provider, kind: .skipped(.missingInput), keySource: step.keySource,
      price: step.price)
  }

  private func shared(
    _ id: AttemptID, _ step: RunOutline.Step, _ other: AttemptRecord
  ) -> AttemptRecord {
    AttemptRecord(
      id: id, provider: step.provider,
      kind: .shared(other.outcome ?? .miss, with: other.id), keySource: step.keySource,
      verdict: other.verdict, isAccepted: other.isAccepted, question: other.question,
      price: step.price)
  }
}

enum SampleError: Error {
  case noStep
  case outOfCredits
}

extension JournalBatch {
  @discardableResult mutating func add(_ record: AttemptRecord) -> AttemptRecord {
    attempts.append(record)
    tallies.add(record)
    return record
  }

  mutating func end(_ cell: CellID, _ state: CellState) {
    tallies.addCell(column: cell.column, state: state)
  }

  mutating func skip(_ cell: CellID, _ reason: SkipReason) {
    let range = SkipRange(
      column: cell.column, reason: reason, firstRow: cell.row, lastRow: cell.row)
    skips.append(range)
    tallies.add(range)
  }
}
