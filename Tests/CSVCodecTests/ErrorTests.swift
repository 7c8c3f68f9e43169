import CSVCodec
import Testing

@Suite("Errors")
struct ErrorTests {
  @Test(
    "an unterminated quote is reported where it opens",
    arguments: [
      ("a,b\n1,2\n3,\"4\n5\n", "row 2, line 3, byte 10"),
      ("a,b\n\"1\n\n1\",\"2\n", "row 1, line 4, byte 11"),
      ("a,b\n1,\"", "row 1, line 2, byte 6"),
      ("a,b\n\n\n1,\"x\"\"", "row 1, line 4, byte 8"),
      ("\"a,b\n1,2\n", "header, line 1, byte 0"),
      ("\u{FEFF}\na,\"b\n1,2\n", "header, line 2, byte 6"),
    ])
  func unterminated(text: String, place: String) {
    for pieceSize in [1, .max] {
      for batchBytes in [1, 1000] {
        let options = CSVReaderOptions(delimiter: .comma, batchBytes: batchBytes)
        let error = Reading(text, options: options, pieceSize: pieceSize).error
        #expect(error?.code == .unterminatedQuote)
        #expect(
          error?.description
            == "the input ends inside a quoted field; its quote was opened here (\(place))")
      }
    }
  }

  @Test("records before an error come first, and the error comes again")
  func recordsFirst() throws {
    let reader = try CSVReader(
      MemoryByteSource("a\n1\n2\n\"3"), options: CSVReaderOptions(delimiter: .comma))
    let batch = CSVBatch()
    #expect(try reader.read(into: batch))
    #expect(batch.count == 2)
    for _ in 0..<2 {
      #expect(throws: CSVError.self) { try reader.read(into: batch) }
      #expect(batch.isEmpty)
      #expect(batch.allBytes.isEmpty)
    }
  }

  @Test("a record beyond the limit")
  func recordTooLong() {
    let options = CSVReaderOptions(delimiter: .comma, maximumRecordBytes: 100)
    let long = String(repeating: "x", count: 200)
    let plain = Reading("a,b\n1,2\n1,\(long)\n", options: options)
    #expect(
      plain.error?.description
        == "a row is longer than 100 bytes (row 2, line 3, byte 8)")
    #expect(plain.records == [["1", "2"]])
    let quoted = Reading("a,b\n\"1\n\n1\",\"\(long)", options: options)
    #expect(
      quoted.error?.description
        == "a row is longer than 100 bytes; a quote opened here may never be closed "
        + "(row 1, line 4, byte 11)")
  }

  @Test(
    "the limit counts the line end, and holds wherever a batch ends",
    arguments: [
      (98, "\r\n", true), (99, "\r\n", false), (99, "\n", true), (100, "\n", false),
      (100, "", true), (101, "", false),
    ])
  func limit(length: Int, lineEnd: String, isAllowed: Bool) {
    let text = "a\n1\n" + String(repeating: "x", count: length) + lineEnd
    for batchBytes in [1, 10, 100, 1000] {
      for pieceSize in [1, .max] {
        let options = CSVReaderOptions(
          delimiter: .comma, batchBytes: batchBytes, maximumRecordBytes: 100)
        let error = Reading(text, options: options, pieceSize: pieceSize).error
        #expect(error?.code == (isAllowed ? nil : .recordTooLong))
      }
    }
  }

  @Test("a failing source is reported once its bytes are used up")
  func failingSource() throws {
    let reader = try CSVReader(
      FailingSource(Array("a,b\n1,2\n3,4".utf8)), options: CSVReaderOptions())
    let batch = CSVBatch()
    #expect(try reader.read(into: batch))
    #expect(batch.count == 1)
    let error = #expect(throws: CSVError.self) { try reader.read(into: batch) }
    #expect(error?.description == "the tape broke (row 2, line 3, byte 11)")
  }

  @Test("a source that fails at once")
  func failingAtOnce() {
    let error = #expect(throws: CSVError.self) { try CSVReader(FailingSource([])) }
    #expect(error?.code == .readFailed)
  }

  @Test("an error without a place")
  func noPlace() {
    #expect(CSVError(.emptyInput, "nothing").description == "nothing")
  }
}

/// A source that hands out some bytes and then fails.
private final class FailingSource: ByteSource {
  private let memory: MemoryByteSource

  init(_ bytes: [UInt8]) {
    memory = MemoryByteSource(bytes)
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(CSVError) -> Int {
    let count = try memory.read(into: buffer)
    if count == 0 { throw CSVError(.readFailed, "the tape broke") }
    return count
  }
}
