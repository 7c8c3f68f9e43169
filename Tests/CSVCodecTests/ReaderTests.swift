import CSVCodec
import Testing

/// A sheet and what a reader should make of it.
struct SheetCase: Sendable, CustomTestStringConvertible {
  let name: String
  let text: String
  let header: [String]
  let records: [[String]]
  var options = CSVReaderOptions()

  init(
    _ name: String, _ text: String, _ header: [String], _ records: [[String]],
    options: CSVReaderOptions = CSVReaderOptions()
  ) {
    self.name = name
    self.text = text
    self.header = header
    self.records = records
    self.options = options
  }

  var testDescription: String { name }
}

@Suite("Reading")
struct ReaderTests {
  static let lineCases: [SheetCase] = [
    SheetCase("LF", "a,b\n1,2\n3,4\n", ["a", "b"], [["1", "2"], ["3", "4"]]),
    SheetCase("CR LF", "a,b\r\n1,2\r\n", ["a", "b"], [["1", "2"]]),
    SheetCase("CR only", "a,b\r1,2\r3,4\r", ["a", "b"], [["1", "2"], ["3", "4"]]),
    SheetCase("CR only, no final one", "a,b\r1,2", ["a", "b"], [["1", "2"]]),
    SheetCase("CR only with LF in quotes", "a\r\"1\n2\"\r", ["a"], [["1\n2"]]),
    SheetCase("mixed", "a,b\r\n1,2\n3,4\r\n", ["a", "b"], [["1", "2"], ["3", "4"]]),
    SheetCase("lone CR is data", "a,b\n1\r1,2\r\r\n", ["a", "b"], [["1\r1", "2\r"]]),
    SheetCase("CR at the very end is data", "a,b\n1,2\r", ["a", "b"], [["1", "2\r"]]),
    SheetCase("no final line end", "a,b\n1,2", ["a", "b"], [["1", "2"]]),
    SheetCase("no final line end, last field empty", "a,b\n1,", ["a", "b"], [["1", ""]]),
    SheetCase("header only", "a,b\n", ["a", "b"], []),
    SheetCase("header only, no line end", "a,b", ["a", "b"], []),
    SheetCase(
      "blank lines", "\n\r\na,b\n\n1,2\r\n\r\n\n3,4\n\n", ["a", "b"],
      [["1", "2"], ["3", "4"]]),
    SheetCase("one column with blank lines", "a\n1\n\n2\n\n", ["a"], [["1"], ["2"]]),
    SheetCase("one column, quoted nothing", "a\n\"\"\n2\n", ["a"], [[""], ["2"]]),
    SheetCase("a line of spaces is a record", "a\n \n", ["a"], [[" "]]),
    SheetCase("mark", "\u{FEFF}a,b\n1,2\n", ["a", "b"], [["1", "2"]]),
    SheetCase("mark before quotes", "\u{FEFF}\"a\",b\n1,2\n", ["a", "b"], [["1", "2"]]),
    SheetCase("mark before a blank line", "\u{FEFF}\n\na,b\n1,2\n", ["a", "b"], [["1", "2"]]),
  ]

  static let fieldCases: [SheetCase] = [
    SheetCase("quoted", "a,b\n\"1\",\"2\"\n", ["a", "b"], [["1", "2"]]),
    SheetCase("delimiter in quotes", "a,b\n\"1,1\",2\n", ["a", "b"], [["1,1", "2"]]),
    SheetCase(
      "line ends in quotes", "a,b\r\n\"1\n1\r\n1\",2\r\n", ["a", "b"],
      [["1\n1\r\n1", "2"]]),
    SheetCase("blank line in quotes", "a\n\"1\n\n2\"\n", ["a"], [["1\n\n2"]]),
    SheetCase(
      "doubled quotes", "a,b\n\"say \"\"hi\"\"\",\"\"\"\"\n", ["a", "b"],
      [["say \"hi\"", "\""]]),
    SheetCase("quoted header", "\"a,1\",\"b\"\"\"\n1,2\n", ["a,1", "b\""], [["1", "2"]]),
    SheetCase(
      "quote inside an unquoted field", "a,b\n5\" nail,x\"y\"\"z\n", ["a", "b"],
      [["5\" nail", "x\"y\"\"z"]]),
    SheetCase(
      "quote after a space", "a,b,c\n \"1,2\" ,3\n", ["a", "b", "c"],
      [[" \"1", "2\" ", "3"]]),
    SheetCase(
      "bytes after a closing quote", "a,b\n\"1\"x\"y\"\"\",\"2\" \n", ["a", "b"],
      [["1x\"y\"\"\"", "2 "]]),
    SheetCase("spaces stay", "a , b\n 1,2 \n", ["a ", " b"], [[" 1", "2 "]]),
    SheetCase(
      "empty and duplicate names", "a,,a,\n1,2,3,4\n", ["a", "", "a", ""],
      [["1", "2", "3", "4"]]),
    SheetCase("all empty", ",\n,\n", ["", ""], [["", ""]]),
    SheetCase("ragged", "a,b\n1\n1,2,3\n", ["a", "b"], [["1"], ["1", "2", "3"]]),
    SheetCase("NUL", "a,b\n\0,x\0y\n", ["a", "b"], [["\0", "x\0y"]]),
    SheetCase("formulas are data", "a,b\n=1+1,@x\n", ["a", "b"], [["=1+1", "@x"]]),
    SheetCase("not only ASCII", "ä,漢\né,😀\n", ["ä", "漢"], [["é", "😀"]]),
  ]

  @Test("line ends, blank lines and marks", arguments: lineCases)
  func lines(sheet: SheetCase) { expect(sheet) }

  @Test("fields and quotes", arguments: fieldCases)
  func fields(sheet: SheetCase) { expect(sheet) }

  private func expect(_ sheet: SheetCase) {
    for pieceSize in [1, 2, 3, .max] {
      for batchBytes in [1, 8, 1 << 18] {
        var options = sheet.options
        options.batchBytes = batchBytes
        let reading = Reading(sheet.text, options: options, pieceSize: pieceSize)
        #expect(reading.error == nil)
        #expect(reading.header == sheet.header)
        #expect(reading.records == sheet.records)
        #expect(reading.bytes == Array(sheet.text.utf8))
        #expect(reading.pieces == reading.bytes)
      }
    }
  }

  @Test("an empty input", arguments: ["", "\u{FEFF}", "\n", "\r\n\n", "\u{FEFF}\r\n", "\r\r"])
  func empty(text: String) {
    for pieceSize in [1, .max] {
      let reading = Reading(text, pieceSize: pieceSize)
      #expect(reading.error == CSVError(.emptyInput, "the input is empty: there is no header"))
    }
  }

  @Test("the parts of the header")
  func headerParts() throws {
    let reader = try CSVReader(MemoryByteSource("\u{FEFF}\n\"a\",b\r\n1,2\n"))
    #expect(String(decoding: reader.headerBytes, as: UTF8.self) == "\"a\",b")
    #expect(Array(reader.preambleBytes) == Array("\u{FEFF}\n\"a\",b\r\n".utf8))
    #expect(
      reader.dialect
        == CSVDialect(
          delimiter: .comma, encoding: .utf8, hasByteOrderMark: true, lineEnding: .crlf))
    #expect(reader.position == CSVPosition(recordNumber: 1, line: 3, byteOffset: 11))
  }

  @Test("reading after the end goes on saying no")
  func afterTheEnd() throws {
    let reader = try CSVReader(MemoryByteSource("a\n1\n"))
    let batch = CSVBatch()
    #expect(try reader.read(into: batch))
    for _ in 0..<3 {
      #expect(try !reader.read(into: batch))
      #expect(batch.isEmpty)
      #expect(batch.allBytes.isEmpty)
    }
  }
}
