import CSVCodec
import Testing

@Suite("Batches")
struct BatchTests {
  private func batch(_ text: String) throws -> CSVBatch {
    let reader = try CSVReader(
      MemoryByteSource(text), options: CSVReaderOptions(delimiter: .comma))
    let batch = CSVBatch()
    _ = try reader.read(into: batch)
    return batch
  }

  private func text(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    String(decoding: bytes, as: UTF8.self)
  }

  @Test("raw parts")
  func rawParts() throws {
    let batch = try batch("a,b\n\n\"1\",2\r\n\r\n\n3,4\n\r\n")
    #expect(batch.count == 2)
    #expect(text(batch.blankBytes(before: 0)) == "\n")
    #expect(text(batch.recordBytes(0)) == "\"1\",2")
    #expect(text(batch.terminatorBytes(0)) == "\r\n")
    #expect(text(batch.blankBytes(before: 1)) == "\r\n\n")
    #expect(text(batch.rawField(0, 0)) == "\"1\"")
    #expect(text(batch.rawField(1, 1)) == "4")
    #expect(text(batch.rawFields(0, 0..<2)) == "\"1\",2")
    #expect(text(batch.rawBytes(0..<1)) == "\n\"1\",2\r\n")
    #expect(text(batch.rawBytes(1..<2)) == "\r\n\n3,4\n")
    #expect(text(batch.rawBytes(0..<2)) == "\n\"1\",2\r\n\r\n\n3,4\n")
    #expect(text(batch.rawBytes(1..<1)) == "")
    #expect(text(batch.trailingBytes) == "\r\n")
    #expect(text(batch.allBytes) == "\n\"1\",2\r\n\r\n\n3,4\n\r\n")
  }

  @Test(
    "emptiness",
    arguments: [
      ("", true, true), ("\"\"", true, true), (" ", false, true), ("\" \t\"", false, true),
      ("\"\n\"", false, true), ("x", false, false), ("\"x\"", false, false),
      (" x", false, false), ("\"\"\"\"", false, false), ("\"\" ", false, true),
      ("\"", false, false), ("\" \"\" \"", false, false), ("\u{A0}", false, false),
    ])
  func emptiness(field: String, isEmpty: Bool, isBlank: Bool) throws {
    let batch = try batch("a,b\n1,\(field == "\"" ? "\"\"\"\"" : field)\n")
    #expect(batch.isEmpty(0, 1) == isEmpty)
    #expect(batch.isEmpty(0, 1, ignoringWhitespace: true) == isBlank)
  }

  @Test("decoded fields may be looked at inside each other")
  func nestedDecoding() throws {
    let batch = try batch("a,b\n\"x\"\"1\",\"y\"\"2\"\n")
    let both = batch.withDecodedField(0, 0) { first in
      batch.withDecodedField(0, 1) { second in text(first) + text(second) }
    }
    #expect(both == "x\"1y\"2")
  }

  @Test("errors pass through decoding")
  func throwing() throws {
    struct Refusal: Error {}
    let batch = try batch("a\n\"x\"\"1\"\n")
    #expect(throws: Refusal.self) {
      try batch.withDecodedField(0, 0) { _ throws(Refusal) in throw Refusal() }
    }
  }

  @Test("positions count lines inside quotes")
  func positions() throws {
    let batch = try batch("a,b\n\n\"1\n1\",2\n\n3,4")
    #expect(batch.position(0) == CSVPosition(recordNumber: 1, line: 3, byteOffset: 5))
    #expect(batch.positionAfter(0) == CSVPosition(recordNumber: 2, line: 5, byteOffset: 13))
    #expect(batch.position(1) == CSVPosition(recordNumber: 2, line: 6, byteOffset: 14))
    #expect(batch.positionAfter(1) == CSVPosition(recordNumber: 3, line: 6, byteOffset: 17))
  }

  @Test("ragged records")
  func ragged() throws {
    let batch = try batch("a,b\n\n1,2,3\n1\n")
    #expect(batch.fieldCount(0) == 3)
    #expect(
      batch.columnCountError(0, expected: 2).description
        == "row 1 has 3 columns where the header has 2 (line 3, byte 5)")
    #expect(
      batch.columnCountError(1, expected: 2).description
        == "row 2 has 1 column where the header has 2 (line 4, byte 11)")
  }

  @Test("a flood of blank lines is handed out in batches without records")
  func blankFlood() throws {
    let text = "a\n" + String(repeating: "\n", count: 1000) + "1\n"
    let reading = Reading(text, options: CSVReaderOptions(batchBytes: 100))
    #expect(reading.batchSizes.count == 11)
    #expect(reading.batchSizes.dropLast().allSatisfy { $0 == 0 })
    #expect(reading.records == [["1"]])
    #expect(reading.positions == [CSVPosition(recordNumber: 1, line: 1002, byteOffset: 1002)])
    #expect(reading.text == text)
  }

  @Test("a flood of blank lines before the header is not held for ever")
  func blankFloodBeforeHeader() {
    let text = String(repeating: "\n", count: 2000) + "a\n1\n"
    #expect(Reading(text).records == [["1"]])
    let reading = Reading(text, options: CSVReaderOptions(maximumRecordBytes: 1000))
    #expect(reading.error?.code == .recordTooLong)
  }

  @Test("a batch takes what the options say")
  func batchSize() throws {
    let text = "a,b\n" + String(repeating: "12,45\n", count: 100)
    let reading = Reading(text, options: CSVReaderOptions(batchBytes: 60))
    #expect(reading.batchSizes == Array(repeating: 10, count: 10))
    #expect(Reading(text, maxRecords: 30).batchSizes == [30, 30, 30, 10])
  }
}
