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
        error?.description == "\(what) in UTF-16 text (row 1, line 2, byte \(offset))")
    }
  }

  @Test(
    "what is no text is called by its name",
    arguments: [
      ("PK\u{3}\u{4}\u{14}\0\u{6}\0....[Content_Types].xml", "an Excel workbook: save it as CSV"),
      ("PK\u{3}\u{4}......xl/workbook.xml", "an Excel workbook: save it as CSV"),
      (
        "PK\u{3}\u{4}...mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
        "an OpenDocument spreadsheet: save it as CSV"
      ),
      (
        "PK\u{3}\u{4}......leads.csv",
        "a ZIP archive: unpack it first (unzip -p FILE | waterfall enrich - …)"
      ),
      ("SQLite format 3\0....", "an SQLite database: export the table as CSV"),
      ("%PDF-1.7\n", "a PDF document: save its table as CSV"),
    ])
  func foreignText(text: String, words: String) {
    for options in [CSVReaderOptions(), CSVReaderOptions(encoding: .latin1)] {
      let error = Reading(text, options: options).error
      #expect(error?.code == .foreignFormat)
      #expect(error?.description == "this is \(words)")
    }
  }

  @Test(
    "compressed and binary files are recognised",
    arguments: [
      (
        [0x1F, 0x8B, 0x08, 0, 1, 2],
        "gzip: decompress it first (gunzip -c FILE | waterfall enrich - …)"
      ),
      (
        [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0],
        "an Excel workbook of the old format: save it as CSV"
      ),
      (
        [0x61, 0x2C, 0x62, 0x0A, 0, 0xFF, 0, 0xFE, 7],
        "no text: it has NUL bytes, and bytes that are not UTF-8"
      ),
    ] as [([UInt8], String)])
  func foreignBytes(bytes: [UInt8], words: String) {
    for pieceSize in [1, .max] {
      let error = Reading(bytes, pieceSize: pieceSize).error
      #expect(error?.code == .foreignFormat)
      #expect(error?.description == "this is \(words)")
    }
  }

  @Test("UTF-16 that is called UTF-8 is recognised")
  func wrongName() {
    let bytes = Self.utf16(Self.text, isBigEndian: false, hasMark: true)
    let error = Reading(bytes, options: CSVReaderOptions(encoding: .utf8)).error
    #expect(error?.code == .encodingNeeded)
  }

  @Test("a header that only begins like an archive is a header")
  func notForeign() {
    #expect(Reading("PK,Name\n1,2\n").header == ["PK", "Name"])
    #expect(Reading("BZh,Name\n1,2\n").header == ["BZh", "Name"])
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
