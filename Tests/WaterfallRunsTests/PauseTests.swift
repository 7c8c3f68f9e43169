import Synchronization
import Testing
import WaterfallCore
import WaterfallLedger

@testable import WaterfallRuns

/// Credits and budgets run short, or the user stops the run: nothing is lost, nothing overspent.
@Suite struct PauseTests {
  enum Way: CaseIterable, CustomTestStringConvertible {
    case atOnce, behindBarrier, later, laterBehindBarrier
    var testDescription: String { "\(self)" }

    func answering(_ postman: Postman) -> Scenario.Answering {
      switch self {
      case .atOnce: .atOnce(isHarmless: true)
      case .behindBarrier: .atOnce(isHarmless: false)
      case .later: .later(postman, isHarmless: true)
      case .laterBehindBarrier: .later(postman, isHarmless: false)
      }
    }
    var isOrdered: Bool { self == .atOnce }
  }

  static func scenario() -> Scenario {
    var scenario = Sheets.rich(Sheets.people(150))
    scenario.limits.attemptsInBatch = 16
    scenario.limits.window = 40
    return scenario
  }

  /// A grant between two processes of the run, as its own batch.
  private func grant(_ amount: Credits, _ journal: MemoryJournal) throws {
    var book = journal.book()
    try book.grant(amount, kind: .package, note: "more", at: Scenario.now)
    var batch = JournalBatch(run: Scenario.run, time: Scenario.now)
    (batch.entries, batch.lots) = book.drain()
    try journal.commit(batch)
  }

  @Test(arguments: Way.allCases) func outOfCreditsAgainAndAgain(way: Way) throws {
    let seed = ConcurrencyTests.seed()
    let whole = Trace(try Self.scenario().undisturbed())
    let postman = Postman(seed: seed, pile: 10)
    defer { postman.close() }
    var scenario = Self.scenario()
    scenario.credits = Credits(9)
    let journal = try scenario.journal()
    let output = MemoryOutput(journey: journal.journey)
    var pauses = 0
    while true {
      let end = try scenario.run(journal, output, way.answering(postman))
      try expectLawful(journal, isDone: end == .done, "seed \(seed)")
      if end == .done { break }
      guard case .paused(.credits(let needed, let available)) = end else {
        Issue.record("seed \(seed): \(end)")
        return
      }
      #expect(needed > .zero && available < needed + Credits(8), "seed \(seed): \(end)")
      #expect(whole.output.hasPrefix(output.text) || !way.isOrdered)
      pauses += 1
      try #require(pauses < 200, "seed \(seed): it makes no headway")
      try grant(Credits(23), journal)
    }
    #expect(pauses > 10)
    var trace = Trace(journal, output)
    trace.available = whole.available
    // Who of the rows with the same question asks may differ when they pause in between.
    if way.isOrdered {
      try expectSame(trace, whole, "seed \(seed)")
    } else {
      #expect(trace.held == .zero)
      #expect(fills(trace.output) == fills(whole.output), "seed \(seed)")
    }
  }

  /// The output without who paid: names, values and providers.
  private func fills(_ output: String) -> [[String]] {
    output.split(separator: "\n").map { line in
      line.split(separator: ",", omittingEmptySubsequences: false)
        .filter { Double($0) == nil }.map(String.init)
    }
  }

  @Test(arguments: Way.allCases) func theRunsBudgetIsNeverExceeded(way: Way) throws {
    let seed = ConcurrencyTests.seed()
    let postman = Postman(seed: seed, pile: 10)
    defer { postman.close() }
    var scenario = Self.scenario()
    let journal = try scenario.journal()
    let output = MemoryOutput(journey: journal.journey)
    var limit = Credits(5)
    let total = Credits(1_000_007)
    while true {
      scenario.maxCredits = limit
      let most = Mutex(Credits.zero)
      let end = try scenario.run(journal, output, way.answering(postman)) { _ in
        let used = journal.now.lots.values.reduce(.zero) { $0 + $1.held + $1.spent }
        most.withLock { $0 = max($0, used) }
      }
      let used = total - journal.now.lots.values.reduce(.zero) { $0 + $1.available }
      #expect(used <= limit, "seed \(seed): \(used) of \(limit)")
      #expect(most.withLock { $0 } <= limit, "seed \(seed)")
      #expect(highWater(journal.now.entries) <= limit, "seed \(seed)")
      try expectLawful(journal, isDone: end == .done, "seed \(seed)")
      if end == .done { break }
      guard case .paused(.budget(limit, let needed)) = end else {
        Issue.record("seed \(seed): \(end)")
        return
      }
      #expect(needed > .zero)
      try #require(limit < Credits(100_000), "seed \(seed): it makes no headway")
      limit += Credits(31)
    }
    scenario.maxCredits = nil
    let whole = Trace(try scenario.undisturbed())
    if way.isOrdered { try expectSame(Trace(journal, output), whole, "seed \(seed)") }
    #expect(fills(output.text) == fills(whole.output), "seed \(seed)")
  }

  /// The most that was held and charged at once, after any entry.
  private func highWater(_ entries: [Entry]) -> Credits {
    var used = Credits.zero
    var most = Credits.zero
    for entry in entries {
      switch entry.kind {
      case .hold: used += entry.amount
      case .void, .refund: used -= entry.amount
      default: break
      }
      most = max(most, used)
    }
    return most
  }

  @Test(arguments: Way.allCases) func aRowsBudgetIsNeverExceeded(way: Way) throws {
    let postman = Postman(seed: 8, pile: 10)
    defer { postman.close() }
    var scenario = Self.scenario()
    scenario.maxCreditsPerRow = Credits(4)
    let journal = try scenario.journal()
    let output = MemoryOutput(journey: journal.journey)
    #expect(try scenario.run(journal, output, way.answering(postman)) == .done)
    let state = journal.now
    let rows = Dictionary(grouping: state.entries) { entry -> Int64 in
      let opening = entry.opening == 0 ? entry.seq : entry.opening
      return state.entries[Int(opening) - 1].attempt?.cell.row ?? 0
    }
    for (row, entries) in rows { #expect(highWater(entries) <= Credits(4), "row \(row)") }
    #expect(state.attempts.values.contains { $0.kind == .skipped(.rowBudget) })
    try expectSame(Trace(journal, output), Trace(try scenario.undisturbed()), "\(way)")
  }

  /// Waiting, not pausing: holds end without a charge, so that little credit goes a long way.
  @Test func creditsOnHoldAreWaitedFor() throws {
    let postman = Postman(seed: 5, pile: 3)
    defer { postman.close() }
    var scenario = Self.scenario()
    scenario.columns = [
      Scenario.Column(steps: [Scenario.Asked(provider: "nobody", rule: { _ in Answer(.miss) })])
    ]
    scenario.credits = .zero
    for isHarmless in [true, false] {
      let journal = try scenario.journal()
      let output = MemoryOutput(journey: journal.journey)
      let end = try scenario.run(journal, output, .later(postman, isHarmless: isHarmless))
      #expect(end == .done)
      #expect(highWater(journal.now.entries) <= Credits(7))
      #expect(journal.now.lots[LotID(rawValue: 1)]?.available == Credits(7))
    }
  }

  @Test(arguments: Way.allCases, [1, 30, 90]) func aStoppedRunAsksNothingNew(
    way: Way, questions: Int
  ) throws {
    let seed = ConcurrencyTests.seed()
    let postman = Postman(seed: seed, pile: 10)
    defer { postman.close() }
    let scenario = Self.scenario()
    let journal = try scenario.journal()
    let output = MemoryOutput(journey: journal.journey)
    let stop = StopSignal()
    let count = Mutex(0)
    let late = Mutex<[AttemptID]>([])
    let end = try scenario.run(journal, output, way.answering(postman), stop: stop) { question in
      let number = count.withLock { count -> Int in
        count += 1
        return count
      }
      if number == questions { stop.raise() }
      if number > questions, question.candidate == nil {
        late.withLock { $0.append(question.attempt) }
      }
    }
    #expect(end == .interrupted)
    #expect(late.withLock { $0 } == [], "seed \(seed): only hits under judgement are finished")
    try expectLawful(journal, isDone: false, "seed \(seed)")
    let open = journal.now.holds
    if way.isOrdered || way == .later {
      #expect(open.isEmpty, "seed \(seed): what was asked is answered and settled")
    }
    // What stands in the output is the start of the whole.
    let whole = Trace(try scenario.undisturbed())
    #expect(whole.output.hasPrefix(output.text), "seed \(seed)")
    #expect(try scenario.run(journal, output, way.answering(postman)) == .done)
    try expectLawful(journal, "seed \(seed)")
    try expectSame(Trace(journal, output), whole, "seed \(seed)")
  }

  /// A pause at the verifier's hold, and a kill before its answer: the finder is charged once.
  @Test func aHitThatWaitsForItsVerifierIsChargedOnce() throws {
    let hit: @Sendable (Question) -> Answer = { Answer(.hit("value of \($0.attempt.cell.row)")) }
    var scenario = Scenario(
      sheet: "name\nada\n",
      columns: [
        Scenario.Column(
          steps: [Scenario.Asked(provider: "finder", price: Credits(6), rule: hit)],
          verifier: Scenario.Asked(
            provider: "judge", price: Credits(2),
            rule: { Answer(.hit($0.candidate ?? ""), verdict: .valid) }))
      ])
    scenario.credits = .zero
    let journal = try scenario.journal()
    let output = MemoryOutput()
    let end = try scenario.run(journal, output)
    #expect(end == .paused(.credits(needed: Credits(2), available: Credits(1))))
    #expect(journal.now.entries.map(\.kind) == [.hold])
    try grant(Credits(1), journal)
    #expect(try scenario.run(journal, output) == .done)
    #expect(
      journal.now.entries.map(\.kind)
        == [.hold, .grant, .hold, .hold, .capture, .capture, .capture])
    #expect(journal.now.attempts.values.reduce(.zero) { $0 + $1.captured } == Credits(8))
    #expect(output.text == "name,work_email\nada,value of 1\n")
    try expectLawful(journal, "charged once")
  }

  /// What is on hold is free again, once; a run that was given up can go on after all.
  @Test func aRunThatIsGivenUpHoldsNothing() throws {
    let postman = Postman(seed: 9, pile: 10)
    defer { postman.close() }
    let scenario = Self.scenario()
    let journal = try scenario.journal()
    let output = MemoryOutput(journey: journal.journey)
    let stop = StopSignal()
    let end = try scenario.run(
      journal, output, .later(postman, isHarmless: false), stop: stop, watch: { _ in stop.raise() })
    try #require(end == .interrupted)
    let held = journal.now.lots.values.reduce(Credits.zero) { $0 + $1.held }
    try #require(held > .zero)
    func free() throws -> Credits {
      try GivingUp.freeHolds(
        of: Scenario.run, in: journal.book(), journal: journal, at: Scenario.now)
    }
    #expect(try free() == held)
    try expectLawful(journal, "given up")
    let batches = journal.now.batches.count
    #expect(try free() == .zero)
    #expect(journal.now.batches.count == batches, "nothing to commit")
    #expect(try scenario.run(journal, output) == .done)
    try expectLawful(journal, "resumed")
    #expect(fills(output.text) == fills(try scenario.undisturbed().output.text))
  }

  /// A hold that an earlier process left for a question that another row has had answered since.
  @Test func aHoldThatNobodyNeedsAnyMoreIsVoided() throws {
    let scenario = Scenario(
      sheet: "name\nada\nada\n", columns: [Scenario.Column(steps: [Scenario.Asked(provider: "a")])])
    let journal = try scenario.journal()
    var book = journal.book()
    let cell = CellID(run: Scenario.run, row: 2, column: 0)
    _ = try book.hold(
      Credits(2), for: AttemptID(cell: cell, step: 0, role: .finder), at: Scenario.now)
    var batch = JournalBatch(run: Scenario.run, time: Scenario.now)
    (batch.entries, batch.lots) = book.drain()
    try journal.commit(batch)
    let output = MemoryOutput()
    #expect(try scenario.run(journal, output) == .done)
    try expectLawful(journal, "leftovers")
    #expect(journal.now.entries.last?.kind == .void)
  }
}
