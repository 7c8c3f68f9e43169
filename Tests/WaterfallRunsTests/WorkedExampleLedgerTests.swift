import Foundation
import LedgerStore
import TestSupport
import Testing
import WaterfallCore
import WaterfallLedger

@testable import WaterfallRuns

/// The worked examples of the charging rules once more, each as a run of one row over a ledger on
/// disk: the driver writes the entries, and `verify` proves every law after each.
@Suite struct WorkedExampleLedgerTests {
  struct Example: CustomTestStringConvertible {
    var testDescription: String
    /// What A, B and C answer, at the prices 2, 3 and 5. Values with `bad` in them are invalid.
    var answers: [Answer]
    var ownKey = false
    var charge = ChargePolicy.found
    /// What the verifier V, at 0.5, says of each value; nil without a verifier.
    var verifier: [String: Verdict]?
    var entries: String
    var fill: String
  }

  static let miss = Answer(.miss)
  static let invalid = Verdict(.invalid, .nonexistent)

  static let examples: [Example] = [
    Example(
      testDescription: "valid at once", answers: [Answer(.hit("x")), miss, miss],
      entries: "hold 2, capture 2", fill: "x"),
    Example(
      testDescription: "miss, then valid", answers: [miss, Answer(.hit("x")), miss],
      entries: "hold 2, void; hold 3, capture 3", fill: "x"),
    Example(
      testDescription: "invalid, then valid",
      answers: [Answer(.hit("bad")), Answer(.hit("y")), miss],
      entries: "hold 2, capture 2, refund 2; hold 3, capture 3", fill: "y"),
    Example(
      testDescription: "unavailable, miss, invalid",
      answers: [Answer(.failure(.unavailable)), miss, Answer(.hit("bad"))],
      entries: "hold 2, void; hold 3, void; hold 5, capture 5, refund 5", fill: ""),
    Example(
      testDescription: "unavailable, bad key, never answered",
      answers: [
        Answer(.failure(.unavailable)), Answer(.failure(.credentials)), Answer(.unknown),
      ],
      entries: "hold 2, void; hold 3, void; hold 5, void", fill: ""),
    Example(
      testDescription: "own key, valid", answers: [Answer(.hit("x")), miss, miss], ownKey: true,
      entries: "zero", fill: "x"),
    Example(
      testDescription: "own key, invalid, then valid",
      answers: [Answer(.hit("bad")), Answer(.hit("y")), miss], ownKey: true,
      entries: "zero; hold 3, capture 3", fill: "y"),
    Example(
      testDescription: "the verifier rejects A and accepts B",
      answers: [Answer(.hit("x")), Answer(.hit("y")), miss],
      verifier: ["x": invalid, "y": .valid],
      entries: "hold 2; hold 0.5, capture 0.5, capture 2, refund 2; hold 3; hold 0.5, "
        + "capture 0.5, capture 3",
      fill: "y"),
    Example(
      testDescription: "B finds what was rejected from A: the verifier is not asked again",
      answers: [Answer(.hit("x")), Answer(.hit("x")), Answer(.hit("y"))],
      verifier: ["x": invalid, "y": .valid],
      entries: "hold 2; hold 0.5, capture 0.5, capture 2, refund 2; hold 3, capture 3, refund 3; "
        + "hold 5; hold 0.5, capture 0.5, capture 5",
      fill: "y"),
    Example(
      testDescription: "a miss under the policy called", answers: [miss, Answer(.hit("x")), miss],
      charge: .called, entries: "hold 2, capture 2; hold 3, capture 3", fill: "x"),
  ]

  @Test(arguments: examples) func isProvenOnDisk(example: Example) throws {
    let scenario = Self.scenario(example)
    let directory = try TemporaryFolder()
    defer { directory.remove() }
    let store = try LedgerStore.open(
      at: directory.path("ledger.sqlite"),
      options: .init(
        create: true, workspaceID: "example", isSimulated: true, now: Scenario.now,
        lock: LockOwner("the tests")))
    try store.grant(kind: .trial, amount: Credits(100), note: "trial", at: Scenario.now)
    let run = try store.startRun(
      command: .enrich, isSimulated: true, seed: 1, sheet: "one.csv", output: "out.csv",
      started: Scenario.now, outline: scenario.outline, configuration: "{}")
    try #require(run.id == Scenario.run)

    let book = CreditBook(
      lots: try store.lots(), openHolds: try store.openHolds(),
      nextSequence: try store.nextSequence)
    let output = MemoryOutput()
    let start = try RunStart(
      of: run.id, isNew: true, journal: store, book: book, sink: output,
      scratchDirectory: directory.path, tallies: RunTallies(), inputSize: nil)
    let driver = try scenario.driver(
      from: start, store, output, .atOnce(isHarmless: false), journey: Journey())
    #expect(try driver.runToEnd() == .done)

    let entries = try store.entries(of: run.id, row: 1)
    #expect(entries.transcript == example.entries)
    #expect(output.text == "name,work_email\nAda,\(example.fill)\n")
    let report = try store.verify()
    #expect(report.isProven, "\(report.laws.flatMap(\.problems))")
    let lots = try store.lots()
    let net = entries.total(.capture) - entries.total(.refund)
    #expect(lots.reduce(.zero) { $0 + $1.available } == Credits(100) - net)
  }

  private static func scenario(_ example: Example) -> Scenario {
    let prices = [Credits(2), Credits(3), Credits(5)]
    var steps = zip(["a", "b", "c"], zip(prices, example.answers)).map { name, asked in
      let (price, answer) = asked
      return Scenario.Asked(provider: name, price: price, rule: { _ in answer })
    }
    if example.ownKey { steps[0].key = .own }
    steps[0].charge = example.charge
    let verifier = example.verifier.map { verdicts in
      Scenario.Asked(provider: "v", price: Credits(micro: 500_000)) { question in
        let candidate = question.candidate ?? ""
        return Answer(.hit(candidate), verdict: verdicts[candidate])
      }
    }
    return Scenario(
      sheet: "name\nAda\n", columns: [Scenario.Column(steps: steps, verifier: verifier)])
  }
}
