import CSVCodec
import Synchronization
import TestSupport
import Testing
import WaterfallCore

@testable import WaterfallRuns

/// Hold durable → send; answer and capture durable → emit.
@Suite struct BarrierTests {
  @Test(arguments: [false, true]) func holdIsDurableBeforeTheQuestionIsSent(later: Bool) throws {
    var scenario = Sheets.rich(Sheets.people(150))
    scenario.limits.attemptsInBatch = 20
    scenario.limits.window = 32
    let journal = try scenario.journal()
    let output = MemoryOutput(journey: journal.journey)
    let unheld = Mutex<[AttemptID]>([])
    let postman = Postman(seed: 3)
    defer { postman.close() }
    try scenario.run(
      journal, output,
      later ? .later(postman, isHarmless: false) : .atOnce(isHarmless: false)
    ) { question in
      guard question.keySource == .managed else { return }
      let isHeld = journal.now.holds.values.contains { $0.attempt == question.attempt }
      if !isHeld { unheld.withLock { $0.append(question.attempt) } }
    }
    #expect(unheld.withLock { $0 } == [])
    #expect(journal.journey.asked.count > 200)
    try expectLawful(journal, "barriers")
    try expectSame(
      Trace(journal, output), Trace(try scenario.undisturbed()), "not harmless against harmless")
  }

  @Test func harmlessProvidersNeedNoCommitBeforeTheyAreAsked() throws {
    let scenario = Sheets.rich(Sheets.people(50))
    let (journal, _) = try scenario.undisturbed()
    let first = journal.journey.events.firstIndex { if case .commit = $0 { true } else { false } }
    let asked = journal.journey.asked.count
    #expect(first == asked, "one commit, after all questions")
  }

  /// While providers have enough to do, a commit takes many answers, however slowly they come.
  @Test func aCommitGathersWhileProvidersHaveEnoughToDo() throws {
    var scenario = Sheets.rich(Sheets.people(300))
    scenario.limits.window = 100
    scenario.limits.enoughAsked = 20
    scenario.limits.gathering = .seconds(3600)
    let journal = try scenario.journal()
    let output = MemoryOutput(journey: journal.journey)
    let postman = Postman(seed: 4, threads: 1, pile: 50, pause: 200)
    defer { postman.close() }
    try scenario.run(journal, output, .later(postman, isHarmless: false))
    try expectSame(
      Trace(journal, output), Trace(try scenario.undisturbed()), "gathered against at once")
    let (commits, asked) = (journal.now.batches.count, journal.journey.asked.count)
    #expect(commits * 6 < asked, "\(commits) commits for \(asked) questions")
  }

  /// A provider may wait for what waits: each answer comes after the commit that knows its job.
  @Test func nothingGathersForLong() throws {
    var gathering = Sheets.rich(Sheets.people(40))
    gathering.limits.enoughAsked = 1
    gathering.limits.gathering = .milliseconds(2)
    let scenario = gathering
    // A run that waited for ever would take the test with it.
    let run = Background {
      let journal = try scenario.journal()
      let output = MemoryOutput(journey: journal.journey)
      let desk = JobDesk(journal)
      defer { desk.close() }
      #expect(try scenario.run(journal, output, .byJob(desk)) == .done)
      return Trace(journal, output)
    }
    try expectSame(try run.value(), Trace(try scenario.undisturbed()), "jobs")
  }

  @Test(arguments: [1, 7, 40]) func noByteIsWrittenBeforeItsAttemptsAreCommitted(
    attemptsInBatch: Int
  ) throws {
    var scenario = Sheets.rich(Sheets.people(120))
    scenario.limits.attemptsInBatch = attemptsInBatch
    let (journal, output) = try scenario.undisturbed()
    let ends = try rowEnds(scenario, output)
    let state = journal.now
    var written = 0
    var committed: Set<AttemptID> = []
    for event in journal.journey.events {
      switch event {
      case .commit(let number): committed.formUnion(state.batches[number].attempts.map(\.id))
      case .write(let bytes):
        written += bytes
        let rows = ends.filter { $0.value <= written }.keys
        for row in rows {
          let missing = (state.rows[row] ?? []).filter { !committed.contains($0) }
          #expect(missing.isEmpty, "row \(row) is written, and not committed")
        }
      case .ask, .sync: continue
      }
    }
    #expect(written == output.bytes.count)
  }

  /// Where each row's first byte that rests on answers can stand at the earliest: the row's start.
  private func rowEnds(_ scenario: Scenario, _ output: MemoryOutput) throws -> [Int64: Int] {
    let reader = try CSVReader(MemoryByteSource(output.text))
    var ends: [Int64: Int] = [:]
    let batch = CSVBatch()
    while try reader.read(into: batch) {
      for record in 0..<batch.count {
        ends[Int64(batch.position(record).recordNumber)] = batch.position(record).byteOffset + 1
      }
    }
    return ends
  }

  @Test(arguments: 0..<6) func aCommitThatFailsStopsTheRun(commits: Int) throws {
    var scenario = Sheets.rich(Sheets.people(400))
    scenario.limits.attemptsInBatch = 16
    scenario.limits.window = 16
    let journal = try scenario.journal()
    journal.fail(after: commits)
    let output = MemoryOutput(journey: journal.journey)
    #expect(throws: MemoryJournal.Refusal(reason: "the disk is full")) {
      try scenario.run(journal, output, .atOnce(isHarmless: false))
    }
    let state = journal.now
    #expect(state.batches.count == commits)
    // Nobody was asked without a durable hold, and so nobody after the failure.
    let held = Set(state.entries.compactMap { $0.kind == .hold ? $0.attempt : nil })
    let asked = journal.journey.asked.filter { $0.step < 2 || $0.cell.column == 1 }
    #expect(asked.allSatisfy(held.contains))
    #expect(!output.isFinished)
    // What stands in the output rests on commits: it is the start of the whole.
    let whole = Trace(try scenario.undisturbed())
    #expect(whole.output.hasPrefix(output.text))
    // When there is room again, the run goes on as if nothing had happened.
    let mended = try scenario.journal(state.batches)
    let rest = MemoryOutput(output.bytes)
    #expect(try scenario.run(mended, rest, .atOnce(isHarmless: false)) == .done)
    try expectSame(Trace(mended, rest), whole, "after \(commits) commits")
  }

  @Test func anOutputThatFailsStopsTheRun() throws {
    var scenario = Sheets.rich(Sheets.people(200))
    scenario.limits.attemptsInBatch = 16
    let journal = try scenario.journal()
    let output = MemoryOutput(journey: journal.journey)
    output.fail(after: 2)
    #expect(throws: UserError(.io, "the disk is full")) { try scenario.run(journal, output) }
    let mended = try scenario.journal(journal.now.batches)
    let rest = MemoryOutput(output.bytes)
    #expect(try scenario.run(mended, rest) == .done)
    try expectSame(Trace(mended, rest), Trace(try scenario.undisturbed()), "after a failed write")
  }
}

extension Trace {
  init(_ run: (journal: MemoryJournal, output: MemoryOutput)) { self.init(run.journal, run.output) }
}
