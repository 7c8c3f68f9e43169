import CSVCodec
import Foundation
import WaterfallCore

/// The one thread that makes batches durable and then lets their rows out.
///
/// Two barriers meet here: a batch's answers and captures are committed before the output bytes
/// that rest on them are written, and a hold is committed before its question is sent (the driver
/// waits for `durableBatch` to reach the hold's batch). At most `depth` items wait, so that memory
/// stays bounded; `submit` blocks then.
final class BatchWriter: @unchecked Sendable {
  /// What to do next, in order.
  struct Item {
    /// Counts from 1; `durableBatch` reaches it when the item is done.
    let number: Int
    /// To commit first; nil where the bytes rest on nothing new.
    var batch: JournalBatch?
    /// To write afterwards.
    var output: CSVOutput
    /// The place in the sheet and the output after these bytes.
    var end: Checkpoint
  }

  private let journal: any RunJournal
  private let sink: any OutputSink
  private let depth: Int
  private let syncEvery: Int64
  private let condition = NSCondition()

  // Guarded by `condition`.
  private var queue: [Item] = []
  private var isClosed = false
  private var hasEnded = false
  private var failure: (any Error)?
  private var done = 0
  private var wakeUps = 0
  private var spare: [CSVOutput] = []

  // Used by the writer's thread alone.
  private var synced: Checkpoint?
  private var written: Int64 = 0
  private var hasCommitted = false

  /// The output is synced, and a checkpoint taken, every `syncEvery` bytes.
  init(
    journal: any RunJournal, sink: any OutputSink, written: Int64, depth: Int = 2,
    syncEvery: Int64
  ) {
    self.journal = journal
    self.sink = sink
    self.depth = depth
    self.syncEvery = syncEvery
    self.written = written
    let thread = Thread { [self] in work() }
    thread.name = "journal"
    thread.stackSize = 1 << 20
    thread.start()
  }

  /// Queues an item, waiting while the queue is full. Throws what went wrong in an earlier one.
  func submit(_ item: Item) throws {
    condition.lock()
    defer { condition.unlock() }
    while queue.count >= depth, failure == nil { condition.wait() }
    if let failure { throw failure }
    queue.append(item)
    condition.broadcast()
  }

  /// The number of the last item that is done.
  var durableBatch: Int { condition.withLock { done } }

  /// An empty buffer for output, from an item that is done; nil while there is none.
  func spareBuffer() -> CSVOutput? { condition.withLock { spare.popLast() } }

  /// Wakes a driver that waits: an answer has come in.
  func wakeDriver() {
    condition.withLock {
      wakeUps += 1
      condition.broadcast()
    }
  }

  /// Waits until an item is done or `wakeDriver` is called, since the counts that were seen last,
  /// or until the time is over.
  func waitForNews(
    since seen: (done: Int, wakeUps: Int), atMost time: Duration? = nil
  ) throws -> (done: Int, wakeUps: Int) {
    condition.lock()
    defer { condition.unlock() }
    let deadline = time.map { Date(timeIntervalSinceNow: $0 / .seconds(1)) }
    while done == seen.done, wakeUps == seen.wakeUps, failure == nil {
      if let deadline {
        guard condition.wait(until: deadline) else { break }
      } else {
        condition.wait()
      }
    }
    if let failure { throw failure }
    return (done, wakeUps)
  }

  /// Waits until everything queued is done, and ends the thread. Throws what went wrong.
  func close() throws {
    condition.lock()
    isClosed = true
    condition.broadcast()
    while !hasEnded { condition.wait() }
    let failure = failure
    condition.unlock()
    if let failure { throw failure }
  }

  // MARK: The thread

  private func work() {
    while let item = next() {
      do {
        let buffer = try carryOut(item)
        condition.withLock {
          done = item.number
          if spare.count < depth { spare.append(buffer) }
          condition.broadcast()
        }
      } catch {
        condition.withLock {
          failure = error
          queue.removeAll()
        }
        break
      }
    }
    condition.withLock {
      hasEnded = true
      condition.broadcast()
    }
  }

  private func next() -> Item? {
    condition.lock()
    defer { condition.unlock() }
    while queue.isEmpty, !isClosed { condition.wait() }
    guard !queue.isEmpty else { return nil }
    let item = queue.removeFirst()
    condition.broadcast()
    return item
  }

  /// Returns the output's buffer, emptied.
  private func carryOut(_ item: Item) throws -> CSVOutput {
    var item = item
    if var batch = item.batch.take() {
      batch.checkpoint = synced
      synced = nil
      hasCommitted = true
      try journal.commit(batch)
    }
    if item.output.count > 0 {
      try item.output.bytes.withUnsafeBytes { try sink.write($0) }
      try synchronizeNowAndThen(item.end)
    }
    item.output.removeAll()
    return item.output
  }

  /// The checkpoint goes into the next batch: it only says what is on the disk already. Output
  /// that rests on no commit is cheaper to make again than to sync.
  private func synchronizeNowAndThen(_ end: Checkpoint) throws {
    guard hasCommitted, end.outputOffset - written >= syncEvery else { return }
    try sink.synchronize()
    synced = end
    written = end.outputOffset
  }
}
