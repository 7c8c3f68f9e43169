import CSVCodec
import Testing

@Suite("Finding the dialect")
struct DetectionTests {
  static let delimiterCases: [(String, CSVDelimiter)] = [
    ("a,b\n1,2\n", .comma),
    ("a;b\n1;2\n", .semicolon),
    ("a\tb\n1\t2\n", .tab),
    ("a|b\n1|2\n", .pipe),
    ("a\n1\n", .comma),
    ("a\n1;2\n3;4\n", .comma),
    ("a;b", .semicolon),
    ("name;price\nx;1,5\ny;2,5\n", .semicolon),
    ("name;price, net\nx;1,5\ny;2,5\nz;3\n", .semicolon),
    ("\"a;b;c\",d\n\"1;2;3\",4\n", .comma),
    ("\"a,b\";c\n\"1\n,2\";3\n", .semicolon),
    ("a,b;c,d\n1,2,3;\n4,5,6\n", .comma),
    ("id,tags|x,name\n1,a|b|c,n\n2,,n\n3,a,n\n", .comma),
    ("a\tb,c\n1\t2\n3\t4,5\n6\t7\n", .tab),
    ("\n\r\na;b;c\n1;2;3\n", .semicolon),
    ("a;b\r1;2\r", .semicolon),
    ("x,y\n\"unclosed;;;;\n", .comma),
  ]

  @Test("delimiters", arguments: delimiterCases)
  func delimiter(text: String, delimiter: CSVDelimiter) throws {
    for pieceSize in [1, .max] {
      let reader = try CSVReader(MemoryByteSource(text, pieceSize: pieceSize))
      #expect(reader.dialect.delimiter == delimiter)
    }
  }

  @Test("a sample that ends inside a record", arguments: CSVDelimiter.allCases)
  func longSheet(delimiter: CSVDelimiter) throws {
    let mark = String(UnicodeScalar(delimiter.rawValue))
    let prose = "x, y; z".replacing(mark, with: "")
    let row = [prose, "\"1\(mark)\n2\"", "3"].joined(separator: mark) + "\n"
    let text = ["a", "b", "c"].joined(separator: mark) + "\n" + String(repeating: row, count: 9000)
    let reader = try CSVReader(MemoryByteSource(text))
    #expect(reader.dialect.delimiter == delimiter)
    #expect(reader.header == ["a", "b", "c"])
  }

  @Test("a delimiter that is given", arguments: CSVDelimiter.allCases)
  func given(delimiter: CSVDelimiter) {
    let mark = String(UnicodeScalar(delimiter.rawValue))
    let options = CSVReaderOptions(delimiter: delimiter)
    let reading = Reading("a,b;c|d\te\n1,2\n", options: options)
    #expect(reading.header.count == 2)
    #expect(reading.header.joined(separator: mark) == "a,b;c|d\te")
  }

  @Test(
    "line endings",
    arguments: [
      ("a\n1\r\n", .lf), ("a\r\n1\n", .crlf), ("a\r1\r", .cr), ("a", .lf), ("a\r", .cr),
      ("\"a\r\"\n1\n", .lf), ("\"a\r\n\"\r1\r", .cr), ("a\rb\n1\n", .lf),
    ] as [(String, CSVLineEnding)])
  func lineEnding(text: String, lineEnding: CSVLineEnding) throws {
    #expect(try CSVReader(MemoryByteSource(text)).dialect.lineEnding == lineEnding)
  }

  @Test("a line ending that is given")
  func givenLineEnding() {
    let text = "a\rb\r"
    #expect(Reading(text, options: CSVReaderOptions(lineEnding: .lf)).header == [text])
    let mixed = Reading("a\rb\nc\r", options: CSVReaderOptions(lineEnding: .cr))
    #expect(mixed.records == [["b\nc"]])
  }

  @Test("a sheet read with the dialect that was found")
  func sameDialect() throws {
    for text in ["a;b\r\n1;2\r\n", "a|b\r1|2\r", "a\n1"] {
      let found = Reading(text)
      #expect(Reading(text, options: CSVReaderOptions(dialect: found.dialect)) == found)
    }
  }

  @Test(
    "a first line that names the delimiter",
    arguments: [
      ("sep=;\n", .semicolon), ("sep=;\r\n", .semicolon), ("\u{FEFF}sep=,\n", .comma),
      ("SEP=|\n", .pipe), ("sep=\t\n", .tab), ("sep=;\r", .semicolon),
    ] as [(String, CSVDelimiter)])
  func separatorLine(line: String, delimiter: CSVDelimiter) {
    let mark = String(UnicodeScalar(delimiter.rawValue))
    let end = line.hasSuffix("\r") ? "\r" : "\n"
    let rows = ["a,b;c|d\(mark)e", "", "1\(mark)\"x\(end)y\"", "3\(mark)4"]
    let sheet = line + rows.map { $0 + end }.joined()
    for pieceSize in [1, .max] {
      for batchBytes in [1, 4096] {
        let reading = Reading(
          sheet, options: CSVReaderOptions(batchBytes: batchBytes), pieceSize: pieceSize)
        #expect(reading.error == nil)
        #expect(reading.dialect.delimiter == delimiter)
        #expect(
          reading.header
            == ["a,b;c|d\(mark)e"].flatMap { text in
              text.split(separator: mark, omittingEmptySubsequences: false).map(String.init)
            })
        #expect(reading.records == [["1", "x\(end)y"], ["3", "4"]])
        #expect(reading.text == sheet && reading.pieces == reading.bytes)
        #expect(reading.positions.map(\.recordNumber) == [1, 2])
        #expect(reading.positions.map(\.line) == [4, 6])
        for (index, position) in reading.positionsAfter.enumerated() {
          let rest = Reading(Array(sheet.utf8), pieceSize: pieceSize, from: position)
          #expect(rest.records == Array(reading.records[(index + 1)...]))
          #expect(rest.positions == Array(reading.positions[(index + 1)...]))
        }
      }
    }
  }

  @Test("a delimiter that is given wins over the first line, which is no header even so")
  func separatorLineAndOption() {
    let options = CSVReaderOptions(delimiter: .comma)
    let reading = Reading("sep=;\na,b;c\n1,2;3\n", options: options)
    #expect(reading.header == ["a", "b;c"])
    #expect(reading.records == [["1", "2;3"]])
  }

  @Test(
    "lines that name no delimiter are headers",
    arguments: [
      "sep=:\n1\n", "sep=;x\n1\n", "sep\n1\n", "sep=\n1\n", "\nsep=;\n1;2\n", "sepa;b\n1;2\n",
      "sep=;",
      "sep=", "sep", "s",
    ])
  func noSeparatorLine(text: String) {
    let reading = Reading(text)
    #expect(reading.error == nil)
    #expect(reading.header.joined().hasPrefix("s"))
    #expect(reading.text == text)
  }

  @Test("a sheet of nothing but that line is empty")
  func onlyASeparatorLine() {
    #expect(Reading("sep=;\n").error?.code == .emptyInput)
  }

  @Test(
    "names of delimiters",
    arguments: [
      (",", .comma), ("semicolon", .semicolon), ("\\t", .tab), ("TAB", .tab), ("|", .pipe),
      (":", nil),
    ] as [(String, CSVDelimiter?)])
  func names(name: String, delimiter: CSVDelimiter?) {
    #expect(CSVDelimiter(name: name) == delimiter)
  }
}
