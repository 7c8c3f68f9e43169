/// Cuts a stream of bytes into lines, in a bounded amount of memory.
struct LineSplitter {
  private let mostBytes: Int
  private var line: [UInt8] = []
  /// Whether the rest of the line is dropped.
  private var isTooLong = false

  /// - Parameter mostBytes: of one line; a longer one is dropped.
  init(mostBytes: Int) { self.mostBytes = mostBytes }

  /// Hands on each line that ends here, without its end (LF, or CR LF), and nil in the place of one
  /// that was too long. Empty lines are none. O(bytes).
  mutating func split(_ bytes: UnsafeRawBufferPointer, _ take: ([UInt8]?) -> Void) {
    var rest = bytes[...]
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      add(rest[..<end])
      finish(take)
      rest = rest[(end + 1)...]
    }
    add(rest)
  }

  /// Hands on what is left, which had no line end.
  mutating func finish(_ take: ([UInt8]?) -> Void) {
    if line.last == UInt8(ascii: "\r") { line.removeLast() }
    if isTooLong {
      take(nil)
    } else if !line.isEmpty {
      take(line)
    }
    line.removeAll(keepingCapacity: line.capacity < 65_536)
    isTooLong = false
  }

  private mutating func add(_ bytes: Slice<UnsafeRawBufferPointer>) {
    guard !isTooLong else { return }
    if line.count + bytes.count > mostBytes {
      isTooLong = true
      line.removeAll()
    } else {
      line.append(contentsOf: bytes)
    }
  }
}
