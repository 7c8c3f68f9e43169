/// The stretch of the input that is in memory: what was read and not yet handed out.
struct InputWindow {
  private var source: any ByteSource
  private var storage: ByteStorage
  private var start = 0
  private(set) var count = 0
  /// Whether no more bytes will come: at the end, and after a failure.
  private(set) var isAtEnd = false
  /// Why the source broke off, if it did. To be told once the bytes before it are used up.
  private(set) var failure: CSVError?

  init(_ source: any ByteSource, capacity: Int) {
    self.source = source
    storage = ByteStorage(capacity: capacity)
  }

  /// The first byte in memory. Changes with each call that is `mutating`.
  var bytes: UnsafePointer<UInt8> { UnsafePointer(storage.base + start) }

  var buffer: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: bytes, count: count) }

  /// Reads once, at most so much that `target` bytes are in memory, which must be more than now.
  mutating func fill(towards target: Int) {
    guard !isAtEnd, target > count else { return }
    if start > 0, start + target > storage.capacity {
      storage.base.update(from: bytes, count: count)
      start = 0
    }
    storage.reserve(start + target, keeping: start + count)
    let room = UnsafeMutableRawBufferPointer(
      start: storage.base + start + count, count: target - count)
    do {
      let got = try source.read(into: room)
      count += got
      isAtEnd = got == 0
    } catch {
      failure = error
      isAtEnd = true
    }
  }

  /// Reads until `target` bytes are in memory or no more come.
  mutating func fillCompletely(to target: Int) {
    while count < target, !isAtEnd { fill(towards: target) }
  }

  /// Forgets the first `dropped` bytes.
  mutating func drop(_ dropped: Int) {
    start += dropped
    count -= dropped
    if count == 0 { start = 0 }
  }

  /// Gives the first `taken` bytes to a batch, in exchange for the batch's old memory, and
  /// returns where they are: whichever is less is copied, they or the rest.
  mutating func give(_ taken: Int, to other: inout ByteStorage) -> UnsafePointer<UInt8> {
    if taken <= count - taken {
      other.reserve(taken, keeping: 0)
      other.base.update(from: bytes, count: taken)
      drop(taken)
      return UnsafePointer(other.base)
    }
    let given = bytes
    let rest = count - taken
    other.reserve(rest, keeping: 0)
    other.base.update(from: given + taken, count: rest)
    swap(&storage, &other)
    start = 0
    count = rest
    return given
  }

  /// Passes over `distance` bytes that are in memory or still to come; returns how many there were.
  mutating func skip(_ distance: Int) throws(CSVError) -> Int {
    let inMemory = min(distance, count)
    drop(inMemory)
    if inMemory == distance { return distance }
    if let failure { throw failure }
    return isAtEnd ? inMemory : inMemory + (try source.skip(distance - inMemory))
  }

  /// From here on, reads the source in another encoding, including what is in memory already.
  mutating func transcode(from encoding: CSVEncoding) {
    source = TranscodingSource(
      source, beginning: Array(buffer), failure: failure, encoding: encoding)
    drop(count)
    isAtEnd = false
    failure = nil
  }
}
