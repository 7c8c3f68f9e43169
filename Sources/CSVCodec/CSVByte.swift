/// The bytes with a meaning of their own. Computed, so that other modules see plain numbers.
@usableFromInline
enum CSVByte {
  @inlinable static var quote: UInt8 { 0x22 }
  @inlinable static var space: UInt8 { 0x20 }
  @inlinable static var tab: UInt8 { 0x09 }
  @inlinable static var lineFeed: UInt8 { 0x0A }
  @inlinable static var carriageReturn: UInt8 { 0x0D }
  static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
}
