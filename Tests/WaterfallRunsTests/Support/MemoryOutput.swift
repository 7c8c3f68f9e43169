import Synchronization
import WaterfallCore

@testable import WaterfallRuns

/// An output in memory that can hold what an earlier process left, and can fail.
final class MemoryOutput: OutputSink {
  struct State {
    var bytes: [UInt8]
    var isFinished = false
    /// Writes that still succeed; nil for any number.
    var patience: Int?
  }

  let journey: Journey
  private let state: Mutex<State>

  init(_ bytes: [UInt8] = [], journey: Journey = Journey()) {
    self.journey = journey
    state = Mutex(State(bytes: bytes))
  }

  var bytes: [UInt8] { state.withLock { $0.bytes } }
  var text: String { String(decoding: bytes, as: UTF8.self) }
  var isFinished: Bool { state.withLock { $0.isFinished } }

  func fail(after writes: Int) { state.withLock { $0.patience = writes } }

  var size: Int64 { state.withLock { Int64($0.bytes.count) } }

  func truncate(to size: Int64) {
    state.withLock { $0.bytes.removeLast($0.bytes.count - Int(size)) }
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(UserError) {
    let isFull = state.withLock { state in
      if let patience = state.patience {
        if patience == 0 { return true }
        state.patience = patience - 1
      }
      state.bytes.append(contentsOf: bytes)
      return false
    }
    if isFull { throw UserError(.io, "the disk is full") }
    journey.add(.write(bytes: bytes.count))
  }

  func synchronize() { journey.add(.sync) }

  func finish() { state.withLock { $0.isFinished = true } }
}
