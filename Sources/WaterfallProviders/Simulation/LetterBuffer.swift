/// Collects the letters of a name or a company on the stack, and the key that they give.
struct LetterBuffer {
  private let room: UnsafeMutableBufferPointer<UInt8>
  private var count = 0
  private var isBetweenWords = false
  /// Scalars of other scripts, and letters beyond the room: in the key, not among the letters.
  private var others = ByteHash()

  init(_ room: UnsafeMutableBufferPointer<UInt8>) { self.room = room }

  /// Whether nothing was appended that tells one row from another.
  var isEmpty: Bool { count == 0 && others.isEmpty }

  var letters: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: UnsafeBufferPointer(room)[..<count])
  }

  /// The key of all that was appended.
  @inline(__always) var key: UInt64 {
    var state = UInt64(truncatingIfNeeded: count)
    let bytes = UnsafeRawBufferPointer(letters)
    var offset = 0
    while offset + 8 <= count {
      state = Chance.mix(state ^ bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      offset += 8
    }
    var word: UInt64 = 0
    while offset < count {
      word = (word &<< 8) | UInt64(bytes[offset])
      offset += 1
    }
    state = Chance.mix(state ^ word)
    return others.isEmpty ? state : Chance.key(state, others.finished)
  }

  /// Appends the words of a name, with one space between words.
  @inline(__always) mutating func append(name: String) {
    append(name, separator: UInt8(ascii: " "))
  }

  /// Appends a company's name, hyphens between words, without what only tells its legal form.
  mutating func append(company: String) {
    append(company, separator: UInt8(ascii: "-"))
    while let cut = legalFormStart { count = cut }
  }

  /// Appends a host without its last label, hyphens for dots.
  @inline(__always) mutating func append(host text: String) {
    let isPlain =
      text.utf8.withContiguousStorageIfAvailable { bytes in
        let host = HostName.range(in: bytes)
        guard bytes.reduce(0, |) < 0x80 else { return false }
        let name = host.lowerBound..<HostName.endOfName(in: bytes, host: host)
        for byte in bytes[name] { put(hostByte: byte) }
        return true
      } ?? false
    if !isPlain { append(company: HostName.name(in: text)) }
  }

  @inline(__always) private mutating func put(hostByte byte: UInt8) {
    let letter = LetterFolding.ascii(byte)
    if letter > UInt8(ascii: " ") {
      put(letter)
    } else if byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") {
      put(UInt8(ascii: "-"))
    }
  }

  @inline(__always) private mutating func append(_ text: String, separator: UInt8) {
    isBetweenWords = true
    let isPlain =
      text.utf8.withContiguousStorageIfAvailable { bytes in
        guard bytes.reduce(0, |) < 0x80 else { return false }
        for byte in bytes {
          let letter = LetterFolding.ascii(byte)
          if letter > UInt8(ascii: " ") {
            put(letter, after: separator)
          } else if letter != 0 {
            isBetweenWords = true
          }
        }
        return true
      } ?? false
    if !isPlain { appendScalars(text, separator) }
  }

  private mutating func appendScalars(_ text: String, _ separator: UInt8) {
    for scalar in text.lowercased().unicodeScalars {
      switch LetterFolding.fold(scalar) {
      case .letter(let letter): put(letter, after: separator)
      case .space: isBetweenWords = true
      case .foreign:
        for shift in [0, 8, 16] as [UInt32] {
          others.feed(UInt8(truncatingIfNeeded: scalar.value >> shift))
        }
      case .nothing: break
      }
    }
  }

  @inline(__always) private mutating func put(_ letter: UInt8, after separator: UInt8) {
    if isBetweenWords {
      if count > 0 { put(separator) }
      isBetweenWords = false
    }
    put(letter)
  }

  @inline(__always) private mutating func put(_ letter: UInt8) {
    guard count < room.count else { return others.feed(letter) }
    room[count] = letter
    count += 1
  }

  /// Where the last word starts, with its hyphen, if it is a legal form and not the only word.
  private var legalFormStart: Int? {
    guard let hyphen = letters.lastIndex(of: UInt8(ascii: "-")) else { return nil }
    let word = letters[(hyphen + 1)...]
    let isForm = Self.legalForms.contains {
      $0.utf8.count == word.count && word.elementsEqual($0.utf8)
    }
    return isForm ? hyphen : nil
  }

  private static let legalForms = [
    "inc", "incorporated", "corp", "corporation", "co", "company", "ltd", "limited", "llc", "llp",
    "plc", "gmbh", "ag", "se", "kg", "sa", "sas", "sarl", "srl", "spa", "bv", "nv", "ab", "as",
    "oy", "pty",
  ]
}
