import Foundation
import LedgerStore
import Testing
import WaterfallCore
import WaterfallLedger

/// A batch is stored wholly or not at all.
@Suite struct CommitTests {
  let workspace: SampleWorkspace
  let store: LedgerStore
  let run: RunRecord
  var sample: SampleRun

  init() throws {
    workspace = try SampleWorkspace()
    (store, run, sample) = try workspace.openWithSample(seed: 11)
  }

  /// Everything that a batch can change, as text.
  private func content() throws -> String {
    var lines = [
      "\(try store.lots())", "\(try store.openHolds())", "\(try store.rowsDone(of: run.id))",
    ]
    try store.forEachHistoryLine { lines.append("\($0)") }
    lines.append("\(try store.attempts(of: run.id, rows: 1...1_000))")
    if let info = try store.runInfo(run.id) { lines.append("\(TallyText(info.tallies))") }
    lines.append("\(try store.checkpoint(of: run.id, outputSize: .max) as Any)")
    return lines.joined(separator: "\n")
  }

  private func refused(_ batch: JournalBatch, _ words: String) throws {
    let before = try content()
    let error = #expect(throws: UserError.self) { try store.commit(batch) }
    #expect(error?.code == .fault)
    #expect(error?.message.contains(words) == true, "\(error as Any)")
    #expect(try content() == before)
    #expect(try store.verify().breaches == [])
  }

  @Test mutating func anAttemptThatIsStoredAlready() throws {
    try store.commit(try sample.batch(rows: 1...10))
    var batch = try sample.batch(rows: 11...20)
    let again = try #require(sample.records.first { $0.opening == 0 })
    batch.attempts.append(again)
    try refused(batch, "is already stored")
    batch.attempts.removeLast()
    try store.commit(batch)
    #expect(try store.verify().breaches == [])
  }

  @Test mutating func everyRefusedBatchLeavesNothing() throws {
    try store.commit(try sample.batch(rows: 1...10))
    let good = try sample.batch(rows: 11...20)
    var batch = good
    batch.entries.removeFirst()
    try refused(batch, "is due")
    batch = good
    batch.attempts[0] = AttemptRecord(
      id: batch.attempts[0].id, provider: ProviderID("other"), kind: .asked(.miss))
    try refused(batch, "differs from what run 1 pinned")
    batch = good
    let cell = CellID(run: run.id, row: 99, column: 7)
    batch.attempts.append(
      AttemptRecord(
        id: AttemptID(cell: cell, step: 0, role: .finder), provider: ProviderID("acme"),
        kind: .asked(.miss)))
    try refused(batch, "has no step")
    batch = good
    batch.lots.append(
      Lot(
        id: LotID(rawValue: 9), kind: .trial, issued: .zero,
        granted: SampleWorkspace.now))
    try refused(batch, "lot 9 is not the next one")
    batch = JournalBatch(run: RunID(5), time: good.time)
    try refused(batch, "run 5, which does not exist")
    batch = good
    let end = Entry(
      seq: try #require(good.entries.last).seq + 1, kind: .capture, lot: LotID(rawValue: 1),
      amount: .zero, opening: 3)
    batch.entries.append(end)
    try refused(batch, "which is not open")
    batch = good
    batch.skips.append(SkipRange(column: 9, reason: .ragged, firstRow: 1, lastRow: 1))
    try refused(batch, "does not have the column")
    try store.commit(good)
    #expect(try store.verify().breaches == [])
  }

  @Test mutating func aFullDiskLeavesNothingAndTheBatchCanBeRepeated() throws {
    try store.commit(try sample.batch(rows: 1...10))
    let before = try content()
    let batch = try sample.batch(rows: 11...400)
    try store.onWriter("PRAGMA max_page_count = 1")
    let error = #expect(throws: UserError.self) { try store.commit(batch) }
    #expect(error?.code == .io)
    #expect(error?.message.hasPrefix("the disk is full") == true)
    #expect(try content() == before)
    try store.onWriter("PRAGMA max_page_count = 1000000")
    try store.commit(batch)
    #expect(try store.verify().breaches == [])
  }

  @Test mutating func aClockThatGoesBackDoesNotReachTheLedger() throws {
    try store.commit(try sample.batch(rows: 1...2))
    var batch = try sample.batch(rows: 3...4)
    batch.time = Timestamp(milliseconds: 5)
    try store.commit(batch)
    var times: [Timestamp] = []
    try store.forEachHistoryLine { times.append($0.time) }
    #expect(times == times.sorted())
    #expect(try store.verify().breaches == [])
  }

  @Test func aBatchOfProgressAlone() throws {
    var batch = JournalBatch(run: run.id, time: SampleWorkspace.now)
    batch.rowsDone = 12
    let place = Checkpoint(row: 12, line: 14, inputOffset: 100, outputOffset: 150, selected: 3)
    batch.checkpoint = place
    try store.commit(batch)
    batch.rowsDone = 7
    batch.checkpoint = Checkpoint(
      row: 7, line: 8, inputOffset: 60, outputOffset: 90, selected: 2)
    try store.commit(batch)
    #expect(try store.rowsDone(of: run.id) == 12)
    #expect(try store.checkpoint(of: run.id, outputSize: 150) == place)
    #expect(try store.checkpoint(of: run.id, outputSize: 149)?.row == 7)
    #expect(try store.checkpoint(of: run.id, outputSize: 89) == nil)
  }

  @Test func grantsAreBounded() throws {
    let now = SampleWorkspace.now
    #expect(throws: UserError.self) {
      try store.grant(kind: .trial, amount: Credits(micro: -1), note: "", at: now)
    }
    let error = #expect(throws: UserError.self) {
      try store.grant(kind: .trial, amount: Credits(micro: .max), note: "", at: now)
    }
    #expect(error?.message.contains("is too large") == true)
    #expect(try store.lots().count == 2)
    #expect(try store.verify().isProven)
  }

  @Test func runsComeBackAsTheyWereStarted() throws {
    let second = try SampleWorkspace.startRun(in: store)
    #expect(second.id == RunID(2))
    #expect(try store.runs() == [run, second])
    #expect(try store.latestRun() == second)
    #expect(try store.run(RunID(3)) == nil)
    #expect(try store.runInfo(RunID(3)) == nil)
    let ended = Timestamp(milliseconds: 1_900_000_000_000)
    try store.setState(of: second.id, .paused, note: "out of credits", ended: ended)
    let paused = try #require(try store.run(second.id))
    #expect(paused.state == .paused && paused.note == "out of credits" && paused.ended == ended)
    let error = #expect(throws: UserError.self) { try store.setState(of: RunID(9), .done) }
    #expect(error?.message.contains("there is no run 9") == true)
  }

  @Test func stepsMustBeInOrder() throws {
    let steps = Array(SampleRun.outline.columns[1].steps.reversed())
    let outline = RunOutline(columns: [.init(name: "x", field: .workEmail, steps: steps)])
    let error = #expect(throws: UserError.self) {
      try store.startRun(
        command: .bench, isSimulated: true, seed: nil, sheet: "", output: "",
        started: SampleWorkspace.now, outline: outline, configuration: "")
    }
    #expect(error?.message.contains("are not in order") == true)
    #expect(try store.runs().count == 1 && store.verify().isProven)
  }

  @Test mutating func questionsAreThoseOfHitsAndMissesThatWereAsked() throws {
    try store.commit(try sample.batch(rows: 1...50))
    let expected = sample.records.filter { record in
      switch record.kind {
      case .asked(.hit), .asked(.miss): true
      default: false
      }
    }
    var found: [AttemptID: QuestionKey] = [:]
    try store.forEachSharedQuestion(of: run.id) { found[$1] = $0 }
    #expect(found == Dictionary(uniqueKeysWithValues: expected.map { ($0.id, $0.question) }))
  }
}
