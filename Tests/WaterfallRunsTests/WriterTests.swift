import CSVCodec
import Foundation
import Synchronization
import Testing
import WaterfallCore

@testable import WaterfallRuns

@Suite struct BatchWriterTests {
  private func item(_ number: Int, bytes: Int = 0, commits: Bool = true) throws
    -> BatchWriter.Item
  {
    var output = CSVOutput(dialect: try CSVReader(MemoryByteSource("a\n")).dialect)
    output.append(raw: [UInt8](repeating: 65, count: bytes))
    return BatchWriter.Item(
      number: number, batch: commits ? JournalBatch(run: Scenario.run, time: Scenario.now) : nil,
      output: output,
      end: Checkpoint(
        row: Int64(number), line: 0, inputOffset: 0, outputOffset: Int64(number * bytes),
        selected: 0))
  }

  @Test func commitsAndWritesInOrder() throws {
    let journal = try MemoryJournal(lots: [])
    let output = MemoryOutput(journey: journal.journey)
    let writer = BatchWriter(journal: journal, sink: output, written: 0, syncEvery: 25)
    for number in 1...4 { try writer.submit(item(number, bytes: 10)) }
    try writer.submit(item(5, bytes: 3, commits: false))
    try writer.submit(item(6))
    try writer.close()
    #expect(writer.durableBatch == 6)
    #expect(
      journal.journey.events == [
        .commit(0), .write(bytes: 10), .commit(1), .write(bytes: 10), .commit(2),
        .write(bytes: 10), .sync, .commit(3), .write(bytes: 10), .write(bytes: 3), .commit(4),
      ])
    // The checkpoint is of what was synced, and travels with the next commit.
    #expect(journal.now.batches.map { $0.checkpoint?.row } == [nil, nil, nil, 3, nil])
  }

  @Test func aFullQueueHoldsTheDriverBack() throws {
    let journal = try MemoryJournal(lots: [])
    let gate = DispatchSemaphore(value: 0)
    journal.delayCommits { gate.wait() }
    let writer = BatchWriter(
      journal: journal, sink: MemoryOutput(), written: 0, depth: 2, syncEvery: 1000)
    let submitted = Mutex(0)
    let items = try (1...6).map { try item($0) }
    let driver = Thread {
      for item in items {
        try? writer.submit(item)
        submitted.withLock { $0 += 1 }
      }
    }
    driver.start()
    // One is being committed, two wait, and the fourth does not get in.
    waitUntil { submitted.withLock { $0 } == 3 }
    usleep(50_000)
    #expect(submitted.withLock { $0 } == 3)
    for _ in 0..<6 { gate.signal() }
    waitUntil { submitted.withLock { $0 } == 6 }
    try writer.close()
    #expect(journal.now.batches.count == 6)
  }

  private func waitUntil(_ isTrue: () -> Bool) {
    for _ in 0..<2000 where !isTrue() { usleep(1000) }
  }

  @Test func aFailureEndsEverything() throws {
    let journal = try MemoryJournal(lots: [])
    journal.fail(after: 1)
    let output = MemoryOutput()
    let writer = BatchWriter(journal: journal, sink: output, written: 0, syncEvery: 1000)
    try writer.submit(item(1, bytes: 5))
    try writer.submit(item(2, bytes: 5))
    let refusal = MemoryJournal.Refusal(reason: "the disk is full")
    #expect(throws: refusal) {
      var news = (done: 0, wakeUps: 0)
      while true { news = try writer.waitForNews(since: news) }
    }
    #expect(throws: refusal) { try writer.submit(item(3)) }
    #expect(throws: refusal) { try writer.close() }
    #expect(writer.durableBatch == 1)
    #expect(output.bytes.count == 5)
  }

  @Test func buffersGoRound() throws {
    let journal = try MemoryJournal(lots: [])
    let writer = BatchWriter(
      journal: journal, sink: MemoryOutput(), written: 0, syncEvery: 1000)
    for number in 1...10 { try writer.submit(item(number, bytes: 9)) }
    try writer.close()
    let spares = (0..<10).compactMap { _ in writer.spareBuffer() }
    #expect(spares.count == 2)
    #expect(spares.allSatisfy { $0.count == 0 })
  }
}
