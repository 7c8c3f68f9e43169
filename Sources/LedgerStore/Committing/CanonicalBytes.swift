import Hashing
import WaterfallCore

/// The bytes of a batch in the one way in which the chain knows them, hashed as they are written.
///
/// Integers are 8 bytes, little endian; a text is its length and its UTF-8; a word is a short text.
/// Each record starts with a letter. The buffer is reused: a batch costs no allocation for each row.
struct CanonicalBytes: ~Copyable {
  private let base: UnsafeMutableRawPointer
  private let capacity = 1 << 16
  private var used = 0
  private var hash = SHA256()

  init() { base = .allocate(byteCount: 1 << 16, alignment: 16) }

  deinit { base.deallocate() }

  /// Ends the batch: its hash. The next bytes belong to the next batch.
  mutating func finish() -> [UInt8] {
    flush()
    return hash.finish().bytes
  }

  mutating func put(_ value: Int64) {
    room(8)
    base.storeBytes(of: value.littleEndian, toByteOffset: used, as: Int64.self)
    used += 8
  }

  mutating func put(_ value: UInt64) { put(Int64(bitPattern: value)) }

  mutating func put(_ value: Int32) {
    room(4)
    base.storeBytes(of: value.littleEndian, toByteOffset: used, as: Int32.self)
    used += 4
  }

  mutating func put(_ word: StaticString) {
    let count = word.utf8CodeUnitCount
    room(count + 1)
    base.storeBytes(of: UInt8(count), toByteOffset: used, as: UInt8.self)
    (base + used + 1).copyMemory(from: word.utf8Start, byteCount: count)
    used += count + 1
  }

  mutating func put(_ flag: Bool) {
    room(1)
    base.storeBytes(of: flag ? 1 : 0, toByteOffset: used, as: UInt8.self)
    used += 1
  }

  mutating func put(_ text: String) {
    var text = text
    text.withUTF8 { put(UnsafeRawBufferPointer($0)) }
  }

  mutating func put(_ text: String?) {
    put(text != nil)
    if let text { put(text) }
  }

  mutating func put(_ value: Int64?) {
    put(value != nil)
    if let value { put(value) }
  }

  /// Length and bytes.
  mutating func put(_ bytes: UnsafeRawBufferPointer) {
    put(Int64(bytes.count))
    guard bytes.count <= capacity else {
      flush()
      hash.update(bytes)
      return
    }
    room(bytes.count)
    guard let start = bytes.baseAddress else { return }
    (base + used).copyMemory(from: start, byteCount: bytes.count)
    used += bytes.count
  }

  private mutating func room(_ count: Int) {
    if used + count > capacity { flush() }
  }

  private mutating func flush() {
    hash.update(UnsafeRawBufferPointer(start: base, count: used))
    used = 0
  }
}
