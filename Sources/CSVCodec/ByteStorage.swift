/// Memory that grows, and that changes hands between a reader and a batch instead of being copied.
final class ByteStorage {
  private(set) var base: UnsafeMutablePointer<UInt8>
  private(set) var capacity: Int

  init(capacity: Int) {
    self.capacity = max(capacity, 64)
    base = .allocate(capacity: self.capacity)
  }

  deinit { base.deallocate() }

  /// Makes room for `needed` bytes, at least doubling; the first `count` bytes are kept.
  func reserve(_ needed: Int, keeping count: Int) {
    guard needed > capacity else { return }
    let grownCapacity = max(needed, 2 * capacity)
    let grown = UnsafeMutablePointer<UInt8>.allocate(capacity: grownCapacity)
    grown.initialize(from: base, count: count)
    base.deallocate()
    base = grown
    capacity = grownCapacity
  }
}
