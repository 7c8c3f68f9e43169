import LedgerStore
import Testing
import WaterfallCore
import WaterfallLedger

/// A ledger that came about honestly passes every law.
@Suite struct VerifyTests {
  @Test(arguments: 0..<12 as Range<UInt64>, [false, true])
  func everyLawHoldsForRandomBatches(seed: UInt64, isSlow: Bool) throws {
    let workspace = try SampleWorkspace()
    let (run, _) = try workspace.fill(seed: seed, isSlow: isSlow)
    let store = try workspace.open(create: false)
    if !isSlow { try store.setState(of: run.id, .done, ended: SampleWorkspace.now) }
    let report = try store.verify()
    #expect(report.breaches.isEmpty, "seed \(seed)")
    #expect(report.laws.map(\.number) == Array(0...13))
    #expect(report.laws[6].checked == "no run has a budget")
    #expect(report.laws.allSatisfy { !$0.checked.isEmpty }, "\(report.laws)")
  }

  @Test func anEmptyWorkspaceIsSound() throws {
    let workspace = try SampleWorkspace()
    #expect(try workspace.open().verify().isProven)
  }

  @Test func aRunThatIsDoneOwnsNoHold() throws {
    let workspace = try SampleWorkspace()
    let (run, _) = try workspace.fill(seed: 1, isSlow: true)
    let store = try workspace.open(create: false)
    #expect(try store.verify().isProven)
    for state in [RunRecord.State.done, .dropped] {
      try store.setState(of: run.id, state)
      #expect(try store.verify().broken == [12])
    }
  }

  @Test func expiryRefundLotsAndLateBouncesPass() throws {
    let workspace = try SampleWorkspace()
    let store = try workspace.open()
    let start = SampleWorkspace.now
    let later = Timestamp(milliseconds: start.milliseconds + 1_000)
    try store.grant(kind: .promotion, amount: Credits(10), expires: later, note: "soon", at: start)
    let run = try SampleWorkspace.startRun(in: store)
    var book = CreditBook(lots: try store.lots(), nextSequence: try store.nextSequence)
    let cell = CellID(run: run.id, row: 1, column: 1)
    let id = AttemptID(cell: cell, step: 0, role: .finder)
    let held = try book.hold(Credits(4), for: id, at: start)
    guard case .held(let opening) = held else { throw SampleError.outOfCredits }
    var charge = try book.capture(opening, Credits(4), at: later)
    book.refund(&charge, at: later)
    book.expire(at: later)
    var batch = JournalBatch(run: run.id, time: later)
    (batch.entries, batch.lots) = book.drain()
    batch.add(
      AttemptRecord(
        id: id, provider: ProviderID("acme"), kind: .asked(.hit("x")),
        verdict: Verdict(.invalid, .syntax), price: Credits(4), captured: Credits(4),
        refunded: Credits(4), opening: opening))
    batch.end(cell, .empty)
    try store.commit(batch)
    #expect(try store.verify().breaches.isEmpty)
    #expect(try store.lots() == book.lots)
    #expect(try store.lots().map(\.kind) == [.promotion, .refund])
  }
}

extension VerifyReport {
  var broken: [Int] { laws.filter { !$0.holds }.map(\.number) }
  var breaches: [String] { laws.flatMap { law in law.problems.map { "\(law.number): \($0)" } } }
}

@Suite struct BudgetLawTests {
  @Test func aRunOrRowAboveItsBudgetBreaksTheLaw() throws {
    let workspace = try SampleWorkspace()
    let (run, _) = try workspace.fill(seed: 5, isSlow: false)
    let store = try workspace.open(create: false)
    try store.setState(of: run.id, .done, ended: SampleWorkspace.now)
    let spent = try #require(try store.runInfo(run.id)).tallies.columns.values
      .flatMap(\.providers.values).reduce(Credits.zero) { $0 + $1.net }
    try #require(spent > .zero)

    try store.setBudgets(of: run.id, RunBudgets(run: spent, row: spent))
    #expect(try store.verify().laws[6].problems.isEmpty)
    #expect(try store.verify().laws[6].checked == "2 budgets")
    #expect(try store.run(run.id)?.budgets == RunBudgets(run: spent, row: spent))

    for less in [
      RunBudgets(run: spent - Credits(micro: 1)), RunBudgets(row: Credits(micro: 1)),
    ] {
      let refused = #expect(throws: UserError.self) { try store.setBudgets(of: run.id, less) }
      #expect(refused?.message.contains("above its limit") == true)
    }
    #expect(try store.run(run.id)?.budgets == RunBudgets(run: spent, row: spent))

    try workspace.tamper(
      "UPDATE run_budget SET credits = iif(scope = 'run', \(spent.micro - 1), 1)")
    let problems = try store.verify().laws[6].problems
    #expect(
      problems.contains { $0.hasPrefix("run \(run.id) used \(spent) credits") }, "\(problems)")
    #expect(problems.contains { $0.hasPrefix("row ") })
  }

  /// Open holds count as spent: they may still be captured.
  @Test func whatIsSpentAndHeldIsTold() throws {
    let workspace = try SampleWorkspace()
    let (run, sample) = try workspace.fill(seed: 6, isSlow: true)
    let store = try workspace.open(create: false)
    let spending = try store.spending(of: run.id)
    let charged = sample.records.reduce(Credits.zero) { $0 + $1.captured - $1.refunded }
    #expect(spending.net == charged && charged > .zero)
    #expect(spending.held == (try store.lots()).reduce(.zero) { $0 + $1.held })
    #expect(spending.held > .zero)
    try store.setBudgets(of: run.id, RunBudgets(run: spending.total))
    #expect(throws: UserError.self) {
      try store.setBudgets(of: run.id, RunBudgets(run: spending.total - Credits(micro: 1)))
    }
  }
}
