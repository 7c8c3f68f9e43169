import CSVCodec
import Testing

@Suite("Resuming")
struct ResumeTests {
  @Test("from after every record, the rest is the same", arguments: Randomness.seeds(40))
  func everyRecord(seed: UInt64) {
    for lineEnding in [CSVLineEnding.lf, .cr] {
      let lineEnd = String(decoding: lineEnding.bytes, as: UTF8.self)
      let bytes = Randomness.sheet(seed: seed, lineEnd: lineEnd)
      let options = CSVReaderOptions(
        delimiter: .comma, encoding: .utf8, lineEnding: lineEnding, batchBytes: 100)
      expectSameRest(bytes, options, "CSV_SEED=\(seed)")
    }
  }

  @Test("of transcoded text", arguments: [CSVEncoding.latin1, .utf16LittleEndian])
  func transcoded(encoding: CSVEncoding) {
    let text = "ä,b\n" + String(repeating: "é,\"ü\n\"\n\n", count: 50)
    let bytes: [UInt8] =
      encoding == .latin1
      ? text.unicodeScalars.map { UInt8($0.value) }
      : text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    expectSameRest(bytes, CSVReaderOptions(encoding: encoding, batchBytes: 64), "")
  }

  @Test("far beyond what opening reads")
  func farAway() throws {
    let text = "a,b\n" + String(repeating: "1,2\n", count: 100_000)
    let position = CSVPosition(recordNumber: 99_001, line: 99_002, byteOffset: 4 + 4 * 99_000)
    for pieceSize in [1000, .max] {
      let rest = Reading(Array(text.utf8), pieceSize: pieceSize, from: position)
      #expect(rest.records.count == 1000)
      #expect(rest.positions.first == position)
    }
  }

  @Test("at the start of a record, after blank lines")
  func atStart() {
    let bytes = Array("a\n\n\n1\n\n2\n".utf8)
    let position = CSVPosition(recordNumber: 2, line: 6, byteOffset: 7)
    #expect(Reading(bytes, from: position).records == [["2"]])
  }

  @Test("at the end of the input, with and without a final line end")
  func atTheEnd() {
    for text in ["a\n1\n", "a\n1"] {
      let position = CSVPosition(recordNumber: 2, line: 3, byteOffset: text.utf8.count)
      let rest = Reading(Array(text.utf8), from: position)
      #expect(rest.error == nil)
      #expect(rest.records.isEmpty)
    }
  }

  @Test(
    "at a place that cannot be right",
    arguments: [
      (1, "that is before what has been read already"),
      (7, "no line begins there; the input has changed"),
      (11, "the input ends before that"),
      (1000, "the input ends before that"),
    ])
  func mismatch(offset: Int, what: String) {
    let bytes = Array("a,b\n11,2\n3".utf8)
    let position = CSVPosition(recordNumber: 2, line: 3, byteOffset: offset)
    let error = Reading(bytes, from: position).error
    #expect(
      error?.description
        == "cannot resume before row 2: \(what) (line 3, byte \(offset))")
    #expect(error?.code == .positionMismatch)
  }

  private func expectSameRest(
    _ bytes: [UInt8], _ options: CSVReaderOptions, _ comment: Comment
  ) {
    let whole = Reading(bytes, options: options)
    for (index, position) in whole.positionsAfter.enumerated() {
      let rest = Reading(bytes, options: options, pieceSize: 50, from: position)
      #expect(rest.records == Array(whole.records[(index + 1)...]), comment)
      #expect(rest.positions == Array(whole.positions[(index + 1)...]), comment)
      #expect(rest.error == whole.error, comment)
      #expect(rest.header == whole.header, comment)
    }
  }
}
