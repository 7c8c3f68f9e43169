import CSVCodec
import Testing

@Suite("Encodings")
struct EncodingTests {
  private static let text = "name;city\r\nJürgen €;\"Köln; \"\"漢\"\"\"\r\n😀;x\r\n"

  private static func utf16(_ text: String, isBigEndian: Bool, hasMark: Bool) -> [UInt8] {
    ((hasMark ? "\u{FEFF}" : "") + text).utf16.flatMap { unit in
      let high = UInt8(unit >> 8)
      let low = UInt8(unit & 0xFF)
      return isBigEndian ? [high, low] : [low, high]
    }
  }

  @Test("UTF-16 is recognised", arguments: [false, true], [false, true])
  func utf16Recognised(isBigEndian: Bool, hasMark: Bool) {
    let bytes = Self.utf16(Self.text, isBigEndian: isBigEndian, hasMark: hasMark)
    let error = Reading(bytes).error
    #expect(error?.code == .encodingNeeded)
    let order = isBigEndian ? "big" : "little"
    #expect(
      error?.description
        == "the file looks like UTF-16 (\(order) endian), not UTF-8: pass --encoding utf-16")
  }

  @Test("UTF-16 is transcoded", arguments: [false, true], [false, true])
  func utf16Transcoded(isBigEndian: Bool, hasMark: Bool) {
    let bytes = Self.utf16(Self.text, isBigEndian: isBigEndian, hasMark: hasMark)
    for pieceSize in [1, 2, 3, 5, .max] {
      let reading = Reading(
        bytes, options: CSVReaderOptions(encoding: .utf16, batchBytes: 5), pieceSize: pieceSize)
      #expect(reading.error == nil)
      #expect(reading.records == [["Jürgen €", "Köln; \"漢\""], ["😀", "x"]])
      #expect(reading.text == (hasMark ? "\u{FEFF}" : "") + Self.text)
      #expect(
        reading.dialect
          == CSVDialect(
            delimiter: .semicolon,
            encoding: isBigEndian ? .utf16BigEndian : .utf16LittleEndian,
            hasByteOrderMark: hasMark, lineEnding: .crlf))
    }
  }

  @Test("a longer sheet in UTF-16, beyond the first piece")
  func longUTF16() {
    let text = "a,b\n" + String(repeating: "ä漢,😀\n", count: 20_000)
    let bytes = Self.utf16(text, isBigEndian: false, hasMark: true)
    let reading = Reading(bytes, options: CSVReaderOptions(encoding: .utf16), pieceSize: 9999)
    #expect(reading.records.count == 20_000)
    #expect(reading.text == "\u{FEFF}" + text)
  }

  @Test("UTF-32 is recognised")
  func utf32() {
    let error = Reading([0xFF, 0xFE, 0, 0, 0x61, 0, 0, 0]).error
    #expect(
      error?.description == "the file looks like UTF-32, not UTF-8: convert it to UTF-8 first")
  }

  @Test(
    "broken UTF-16",
    arguments: [
      ([0x61, 0, 0x0A, 0, 0x00, 0xDC, 0x62, 0], "a lone surrogate", 4),
      ([0x61, 0, 0x0A, 0, 0x3D, 0xD8, 0x62, 0], "a lone surrogate", 4),
      ([0x61, 0, 0x0A, 0, 0x62], "an incomplete character at the end", 4),
      ([0x61, 0, 0x0A, 0, 0x3D, 0xD8], "an incomplete character at the end", 4),
    ] as [([UInt8], String, Int)])
  func brokenUTF16(bytes: [UInt8], what: String, offset: Int) {
    for pieceSize in [1, .max] {
      let error = Reading(
        bytes, options: CSVReaderOptions(encoding: .utf16), pieceSize: pieceSize
      ).error
      #expect(
        error?.description == "\(what) in UTF-16 text (record 1, line 2, byte \(offset))")
    }
  }

  @Test("a few NUL bytes do not make UTF-16")
  func nulBytes() {
    #expect(Reading("a,b\n\0,\0\n").records == [["\0", "\0"]])
  }

  @Test("Latin-1 and Windows-1252 are transcoded")
  func singleByte() {
    let bytes: [UInt8] = Array("a,b\n".utf8) + [0xE9, 0x2C, 0x80, 0x81, 0xFF, 0x0A]
    for pieceSize in [1, .max] {
      let latin1 = Reading(
        bytes, options: CSVReaderOptions(encoding: .latin1), pieceSize: pieceSize)
      #expect(latin1.records == [["é", "\u{80}\u{81}ÿ"]])
      let windows = Reading(
        bytes, options: CSVReaderOptions(encoding: .windows1252), pieceSize: pieceSize)
      #expect(windows.records == [["é", "€\u{81}ÿ"]])
      #expect(windows.text == "a,b\né,€\u{81}ÿ\n")
    }
  }

  @Test(
    "names",
    arguments: [
      ("UTF-8", .utf8), ("utf16", .utf16), ("latin1", .latin1), ("ISO-8859-1", .latin1),
      ("cp1252", .windows1252), ("utf-16le", .utf16LittleEndian),
      ("utf-16be", .utf16BigEndian), ("ebcdic", nil),
    ] as [(String, CSVEncoding?)])
  func names(name: String, encoding: CSVEncoding?) {
    #expect(CSVEncoding(name: name) == encoding)
  }

  @Test("each encoding is called by its raw value", arguments: CSVEncoding.allCases)
  func rawNames(encoding: CSVEncoding) {
    #expect(CSVEncoding(name: encoding.rawValue) == encoding)
  }
}
