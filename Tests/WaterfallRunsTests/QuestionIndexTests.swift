import Foundation
import TestSupport
import Testing
import WaterfallCore
import WaterfallEngine

@testable import WaterfallRuns

@Suite struct QuestionIndexTests {
  static let run = RunID(1)
  static var directory: String { FileManager.default.temporaryDirectory.path }

  static func attempt(_ row: Int64) -> AttemptID {
    AttemptID(cell: CellID(run: run, row: row, column: 3), step: 2, role: .verifier)
  }

  private func fingerprint(_ number: Int, _ seed: UInt64) -> UInt64 {
    var random = SplitMix64(state: seed &+ UInt64(number) &* 0x9E37)
    return random.next()
  }

  /// Two million entries, most of them in the file; never a wrong place, and none lost.
  @Test func findsEverythingThatWasPutIn() throws {
    let seed = ConcurrencyTests.seed()
    let count = 2_000_000
    let index = QuestionIndex(directory: Self.directory, bufferLimit: 1 << 17)
    var known: [UInt64: Int64] = [:]
    known.reserveCapacity(count)
    for number in 0..<count {
      let key = fingerprint(number, seed)
      if known[key] != nil { continue }
      known[key] = Int64(number)
      try index.insert(key, Self.attempt(Int64(number)))
    }
    var random = SplitMix64(state: seed)
    for _ in 0..<200_000 {
      let key = fingerprint(Int.random(in: 0..<count * 2, using: &random), seed)
      let found = try index.find(key, run: Self.run)
      try #require(found == known[key].map(Self.attempt), "seed \(seed): \(key)")
    }
  }

  /// A tiny buffer, so that the file is merged and grows at every turn; duplicates on both sides.
  @Test(arguments: [1, 2, 64, 1000]) func growsByTheWay(bufferLimit: Int) throws {
    let seed = ConcurrencyTests.seed()
    let index = QuestionIndex(directory: Self.directory, bufferLimit: bufferLimit)
    var known: [UInt64: Set<Int64>] = [:]
    var random = SplitMix64(state: seed)
    let count = bufferLimit < 64 ? 1500 : 20_000
    for number in 0..<count {
      // Few different keys, 0 among them; a run of neighbours fills single pages.
      let key: UInt64 =
        switch number % 4 {
        case 0: UInt64(number % 40)
        case 1: fingerprint(Int.random(in: 0...number, using: &random), seed)
        default: fingerprint(number, seed)
        }
      known[key, default: []].insert(Int64(number))
      try index.insert(key, Self.attempt(Int64(number)))
    }
    for (key, rows) in known {
      // 0 shares the place of 1: the caller compares whole keys.
      let allowed = key < 2 ? (known[0] ?? []).union(known[1] ?? []) : rows
      let found = try index.find(key, run: Self.run)
      try #require(found.map { allowed.contains($0.cell.row) } == true, "seed \(seed): \(key)")
      try #require(found == found.map { Self.attempt($0.cell.row) })
    }
    for number in count..<count + 2000 {
      #expect(try index.find(fingerprint(number, ~seed), run: Self.run) == nil)
    }
  }

  @Test func packsPlacesUpToItsLimits() throws {
    let index = QuestionIndex(directory: Self.directory)
    let largest = AttemptID(
      cell: CellID(run: Self.run, row: 1 << 40 - 1, column: 1023, generation: 15), step: 511,
      role: .verifier)
    #expect(QuestionIndex.canIndex(largest))
    try index.insert(0, largest)
    #expect(try index.find(0, run: Self.run) == largest)
    let beyond = [
      AttemptID(cell: CellID(run: Self.run, row: 1 << 40, column: 0), step: 0, role: .finder),
      AttemptID(cell: CellID(run: Self.run, row: 1, column: 1024), step: 0, role: .finder),
      AttemptID(
        cell: CellID(run: Self.run, row: 1, column: 0, generation: 16), step: 0, role: .finder),
      AttemptID(cell: CellID(run: Self.run, row: 1, column: 0), step: 512, role: .finder),
    ]
    for attempt in beyond { #expect(!QuestionIndex.canIndex(attempt)) }
  }

  @Test func aMissingScratchDirectoryIsNamed() throws {
    let missing = Self.directory + "/no-such-directory"
    let index = QuestionIndex(directory: missing, bufferLimit: 2)
    try index.insert(1, Self.attempt(1))
    do {
      try index.insert(2, Self.attempt(2))
      Issue.record("it found a place to write")
    } catch {
      #expect(error.code == .io)
      #expect(error.place == missing)
      #expect(error.message.contains("no such file or directory"))
      #expect(error.remedy?.contains("TMPDIR") == true)
    }
  }
}

@Suite struct SharedQuestionsTests {
  private func record(_ row: Int64, _ key: QuestionKey, _ outcome: Outcome) -> AttemptRecord {
    AttemptRecord(
      id: AttemptID(
        cell: CellID(run: Scenario.run, row: row, column: 0), step: 0, role: .finder),
      provider: ProviderID("a"), kind: .asked(outcome), question: key)
  }

  private func commit(_ record: AttemptRecord, to journal: MemoryJournal) throws {
    var batch = JournalBatch(run: Scenario.run, time: Scenario.now)
    batch.attempts = [record]
    try journal.commit(batch)
  }

  @Test func answersStayFoundOnTheirWayToTheJournal() throws {
    let journal = try MemoryJournal(lots: [])
    var shared = SharedQuestions(
      run: Scenario.run, journal: journal, scratchDirectory: QuestionIndexTests.directory)
    let key = QuestionKey(high: 7, low: 8)
    let record = record(1, key, .miss)
    #expect(try shared.answer(to: key) == nil)
    try shared.insert(record)
    #expect(try shared.answer(to: key)?.from == record.id, "decided")
    shared.seal(batch: 1)
    #expect(try shared.answer(to: key)?.from == record.id, "on its way")
    try commit(record, to: journal)
    shared.forget(through: 1)
    #expect(try shared.answer(to: key)?.from == record.id, "durable")
  }

  /// The same 64 bits and another question: nothing is shared, and nothing is mixed up.
  @Test func questionsThatShareAFingerprintAreNotMixedUp() throws {
    let journal = try MemoryJournal(lots: [])
    var shared = SharedQuestions(
      run: Scenario.run, journal: journal, scratchDirectory: QuestionIndexTests.directory)
    let (one, other) = (QuestionKey(high: 7, low: 1), QuestionKey(high: 7, low: 2))
    let record = record(1, one, .hit("x"))
    try shared.insert(record)
    #expect(try shared.answer(to: other) == nil)
    shared.seal(batch: 1)
    try commit(record, to: journal)
    shared.forget(through: 1)
    #expect(try shared.answer(to: other) == nil)
    #expect(try shared.answer(to: one)?.from == record.id)
  }

  @Test func onlyHitsAndMissesAreShared() throws {
    let journal = try MemoryJournal(lots: [])
    var shared = SharedQuestions(
      run: Scenario.run, journal: journal, scratchDirectory: QuestionIndexTests.directory)
    let outcomes: [Outcome] = [.failure(.unavailable), .unknown, .miss, .hit("x")]
    for (number, outcome) in outcomes.enumerated() {
      let key = QuestionKey(high: UInt64(number), low: 0)
      try shared.insert(record(Int64(number), key, outcome))
      #expect(try shared.answer(to: key)?.outcome == (number < 2 ? nil : outcome))
    }
  }

  @Test func anEarlierProcessIsRemembered() throws {
    let journal = try MemoryJournal(lots: [])
    let keys = (0..<3).map { QuestionKey(high: UInt64($0) << 60, low: 5) }
    try commit(record(1, keys[0], .hit("x")), to: journal)
    try commit(record(2, keys[1], .failure(.quota)), to: journal)
    var shared = SharedQuestions(
      run: Scenario.run, journal: journal, scratchDirectory: QuestionIndexTests.directory)
    try shared.restore()
    #expect(try shared.answer(to: keys[0])?.outcome == .hit("x"))
    #expect(try shared.answer(to: keys[1]) == nil)
    #expect(try shared.answer(to: keys[2]) == nil)
  }
}
