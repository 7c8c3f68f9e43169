/// Guesses the encoding of a sheet from its first bytes.
enum EncodingSurvey {
  enum Guess: Equatable {
    case utf8
    case utf16LittleEndian
    case utf16BigEndian
    case utf32
  }

  /// What a byte order mark says or, without one, the pattern of NUL bytes: in UTF-16 text, which
  /// has delimiters and line ends at least, every other byte of these is NUL.
  static func guess(_ sample: UnsafeBufferPointer<UInt8>) -> Guess {
    if sample.starts(with: CSVByte.byteOrderMark) { return .utf8 }
    if sample.starts(with: [0xFF, 0xFE, 0, 0]) || sample.starts(with: [0, 0, 0xFE, 0xFF]) {
      return .utf32
    }
    if sample.starts(with: [0xFF, 0xFE]) { return .utf16LittleEndian }
    if sample.starts(with: [0xFE, 0xFF]) { return .utf16BigEndian }
    return guessByPattern(sample)
  }

  private static func guessByPattern(_ sample: UnsafeBufferPointer<UInt8>) -> Guess {
    let pairs = min(sample.count, 4096) / 2
    var even = 0
    var odd = 0
    for pair in 0..<pairs {
      if sample[2 * pair] == 0 { even += 1 }
      if sample[2 * pair + 1] == 0 { odd += 1 }
    }
    // NUL bytes may be data, so a few are no proof; the first name should begin with one, too.
    guard pairs >= 3 else { return .utf8 }
    if sample[1] == 0, odd * 2 >= pairs, even * 10 <= odd { return .utf16LittleEndian }
    if sample[0] == 0, even * 2 >= pairs, odd * 10 <= even { return .utf16BigEndian }
    return .utf8
  }

  /// The encoding to read in: the one that was named, or UTF-8.
  ///
  /// - Throws: `encodingNeeded` if none was named and the sample is recognisably not UTF-8.
  static func settle(
    _ named: CSVEncoding?, _ sample: UnsafeBufferPointer<UInt8>
  ) throws(CSVError) -> CSVEncoding {
    guard named == nil || named == .utf16 else { return named ?? .utf8 }
    let guess = guess(sample)
    if named == .utf16 {
      return guess == .utf16BigEndian ? .utf16BigEndian : .utf16LittleEndian
    }
    switch guess {
    case .utf8: return .utf8
    case .utf16LittleEndian:
      throw .encodingNeeded("UTF-16 (little endian)", option: "utf-16")
    case .utf16BigEndian:
      throw .encodingNeeded("UTF-16 (big endian)", option: "utf-16")
    case .utf32: throw .encodingNeeded("UTF-32", option: nil)
    }
  }
}
