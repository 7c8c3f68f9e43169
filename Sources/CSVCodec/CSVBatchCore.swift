/// What a batch consists of. Kept behind a pointer that never changes, so that looking up costs
/// no check for exclusive access.
@usableFromInline
struct CSVBatchCore {
  @usableFromInline var index = RecordIndex()
  /// The first byte of the batch; inside `storage`.
  @usableFromInline var bytes: UnsafePointer<UInt8>
  /// How many bytes the batch has, blank lines included.
  @usableFromInline var byteCount = 0
  /// The position of the first byte.
  @usableFromInline var origin = CSVPosition(recordNumber: 1, line: 1, byteOffset: 0)
  @usableFromInline var terminator = CSVByte.lineFeed
  var storage = ByteStorage(capacity: 0)

  init() {
    bytes = UnsafePointer(storage.base)
  }

  mutating func removeAll() {
    index.removeAll()
    byteCount = 0
  }
}
