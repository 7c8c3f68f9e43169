/// Writes ASCII into the room of a string; what does not fit is cut off.
struct ByteWriter {
  /// Enough for the longest value: the parts of a name at most 24 letters each, a label, a suffix.
  static let capacity = 160

  private let room: UnsafeMutableBufferPointer<UInt8>
  private(set) var count = 0

  init(_ room: UnsafeMutableBufferPointer<UInt8>) { self.room = room }

  @inline(__always) mutating func append(_ byte: UInt8) {
    guard count < room.count else { return }
    room[count] = byte
    count += 1
  }

  @inline(__always) mutating func append(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { append(byte) }
  }

  @inline(__always) mutating func append(_ text: StaticString) {
    append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  @inline(__always) mutating func append(_ part: NamePart) {
    switch part {
    case .given(let letters): append(letters.prefix(NamePart.longest))
    case .listed(let name): append(name.utf8)
    }
  }

  mutating func append(decimal number: UInt64) {
    if number >= 10 { append(decimal: number / 10) }
    append(UInt8(ascii: "0") + UInt8(number % 10))
  }

  mutating func append(hex value: UInt64, digits: Int) {
    for position in (0..<digits).reversed() {
      let digit = UInt8((value >> UInt64(4 * position)) & 15)
      append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    }
  }
}

/// A part of a name: the row’s own letters, or a listed name for a row without any.
enum NamePart {
  case given(UnsafeBufferPointer<UInt8>)
  case listed(String)

  /// Two of them with a dot are within the 64 letters that stand before an at sign.
  static let longest = 24

  var initial: UInt8 {
    switch self {
    case .given(let letters): letters.first ?? UInt8(ascii: "x")
    case .listed(let name): name.utf8.first ?? UInt8(ascii: "x")
    }
  }
}

/// How a company makes addresses of names.
///
/// The shares are an assumption near what finders publish: first.last and initial with last name
/// make up most of them.
enum AddressPattern {
  case firstDotLast, initialLast, first, firstLast, initialDotLast, lastDotFirst

  init(draw: UInt64) {
    switch Chance.index(draw, below: 100) {
    case ..<48: self = .firstDotLast
    case ..<70: self = .initialLast
    case ..<82: self = .first
    case ..<90: self = .firstLast
    case ..<96: self = .initialDotLast
    default: self = .lastDotFirst
    }
  }

  @inline(__always)
  func write(_ first: NamePart, _ last: NamePart, _ bytes: inout ByteWriter) {
    switch self {
    case .firstDotLast: Self.joined(first, last, &bytes)
    case .lastDotFirst: Self.joined(last, first, &bytes)
    case .initialLast:
      bytes.append(first.initial)
      bytes.append(last)
    case .first: bytes.append(first)
    case .firstLast:
      bytes.append(first)
      bytes.append(last)
    case .initialDotLast:
      bytes.append(first.initial)
      bytes.append(UInt8(ascii: "."))
      bytes.append(last)
    }
  }

  private static func joined(_ left: NamePart, _ right: NamePart, _ bytes: inout ByteWriter) {
    bytes.append(left)
    bytes.append(UInt8(ascii: "."))
    bytes.append(right)
  }
}
