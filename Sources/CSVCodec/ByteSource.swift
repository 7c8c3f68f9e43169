/// Where a reader takes its bytes from.
///
/// A source is used by one reader, from one task at a time.
public protocol ByteSource: AnyObject {
  /// Fills the front of `buffer`, which is never empty, with the next bytes and returns how many
  /// there are, at least one; 0 means the end, and goes on meaning it when asked again.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(CSVError) -> Int

  /// Passes over the next `count` bytes and returns how many there were, fewer only at the end.
  ///
  /// By default they are read and dropped; a source that can seek should do that.
  func skip(_ count: Int) throws(CSVError) -> Int
}

extension ByteSource {
  public func skip(_ count: Int) throws(CSVError) -> Int {
    try skipByReading(count)
  }

  func skipByReading(_ count: Int) throws(CSVError) -> Int {
    let scratch = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(1, min(count, 256 << 10)), alignment: 16)
    defer { scratch.deallocate() }
    var skipped = 0
    while skipped < count {
      let wanted = min(count - skipped, scratch.count)
      let got = try read(into: UnsafeMutableRawBufferPointer(rebasing: scratch[..<wanted]))
      if got == 0 { break }
      skipped += got
    }
    return skipped
  }
}

/// Bytes in memory, handed out in pieces of any size.
public final class MemoryByteSource: ByteSource {
  private let bytes: [UInt8]
  private let pieceSize: Int
  private var offset = 0

  /// A source of `bytes` that hands out at most `pieceSize` of them at a time.
  public init(_ bytes: [UInt8], pieceSize: Int = .max) {
    self.bytes = bytes
    self.pieceSize = max(1, pieceSize)
  }

  /// A source of the UTF-8 bytes of `text`.
  public convenience init(_ text: String, pieceSize: Int = .max) {
    self.init(Array(text.utf8), pieceSize: pieceSize)
  }

  public func read(into buffer: UnsafeMutableRawBufferPointer) throws(CSVError) -> Int {
    let count = min(buffer.count, pieceSize, bytes.count - offset)
    buffer.copyBytes(from: bytes[offset..<offset + count])
    offset += count
    return count
  }
}
