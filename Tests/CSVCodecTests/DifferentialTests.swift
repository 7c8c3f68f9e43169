import CSVCodec
import TestSupport
import Testing

@Suite("Random sheets against the reference parser")
struct DifferentialTests {
  private static let dialects: [(CSVDelimiter, CSVLineEnding)] = [
    (.comma, .lf), (.semicolon, .crlf), (.tab, .lf), (.pipe, .cr),
  ]

  @Test("fields, contents, positions and bytes agree", arguments: Randomness.seeds(150))
  func agrees(seed: UInt64) throws {
    for (delimiter, lineEnding) in Self.dialects {
      let bytes = Randomness.sheet(
        seed: seed, delimiter: String(UnicodeScalar(delimiter.rawValue)),
        lineEnd: String(decoding: lineEnding.bytes, as: UTF8.self))
      let reference = ReferenceParser(
        bytes, delimiter: delimiter.rawValue, terminator: lineEnding == .cr ? 0x0D : 0x0A)
      let options = CSVReaderOptions(
        delimiter: delimiter, encoding: .utf8, lineEnding: lineEnding)
      let reading = Reading(bytes, options: options)
      expect(reading, equals: reference, "CSV_SEED=\(seed) \(delimiter)")
    }
  }

  @Test(
    "the pieces of the source and the size of a batch make no difference",
    arguments: Randomness.seeds(60))
  func pieces(seed: UInt64) {
    let bytes = Randomness.sheet(seed: seed)
    let whole = Reading(bytes, options: CSVReaderOptions(encoding: .utf8))
    for batchBytes in [1, 7, 64, 65, 200, 1 << 20] {
      let options = CSVReaderOptions(encoding: .utf8, batchBytes: batchBytes)
      let same = Reading(bytes, options: options)
      for pieceSize in [1, 2, 3, 5, 63, 64, 65, bytes.count] {
        let reading = Reading(bytes, options: options, pieceSize: pieceSize)
        #expect(reading == same, "CSV_SEED=\(seed) \(batchBytes) bytes, pieces of \(pieceSize)")
      }
      #expect(same.records == whole.records, "CSV_SEED=\(seed)")
      #expect(same.positions == whole.positions, "CSV_SEED=\(seed)")
      #expect(same.positionsAfter == whole.positionsAfter, "CSV_SEED=\(seed)")
      #expect(same.bytes == whole.bytes, "CSV_SEED=\(seed)")
      #expect(same.error == whole.error, "CSV_SEED=\(seed)")
    }
  }

  @Test("the number of records in a batch makes no difference", arguments: Randomness.seeds(60))
  func maxRecords(seed: UInt64) {
    let bytes = Randomness.sheet(seed: seed)
    let options = CSVReaderOptions(encoding: .utf8)
    var whole = Reading(bytes, options: options)
    whole.batchSizes = []
    for maxRecords in [1, 2, 3, 10] {
      var reading = Reading(bytes, options: options, maxRecords: maxRecords)
      #expect(reading.batchSizes.allSatisfy { $0 <= maxRecords }, "CSV_SEED=\(seed)")
      reading.batchSizes = []
      #expect(reading == whole, "CSV_SEED=\(seed), at most \(maxRecords) records")
    }
  }

  @Test("text in another encoding reads as it would in UTF-8", arguments: Randomness.seeds(60))
  func transcoded(seed: UInt64) {
    let bytes = Randomness.sheet(seed: seed)
    let units = Array(String(decoding: bytes, as: UTF8.self).utf16)
    var direct = Reading(
      bytes, options: CSVReaderOptions(delimiter: .comma, encoding: .utf8, batchBytes: 50))
    for encoding in [CSVEncoding.utf16LittleEndian, .utf16BigEndian] {
      let swapped = encoding == .utf16BigEndian
      let source = units.map { swapped ? $0.bigEndian : $0.littleEndian }
      let options = CSVReaderOptions(delimiter: .comma, encoding: encoding, batchBytes: 50)
      direct.dialect.encoding = encoding
      for pieceSize in [1, 3, .max] {
        let reading = Reading(
          source.withUnsafeBytes(Array.init), options: options, pieceSize: pieceSize)
        #expect(reading == direct, "CSV_SEED=\(seed) \(encoding), pieces of \(pieceSize)")
      }
    }
  }

  @Test("well-formed sheets read as what they were made of", arguments: Randomness.seeds(100))
  func wellFormed(seed: UInt64) {
    let (bytes, records) = Randomness.wellFormedSheet(seed: seed)
    let reading = Reading(bytes, options: CSVReaderOptions(delimiter: .comma))
    #expect([reading.header] + reading.records == records, "CSV_SEED=\(seed)")
    #expect(reading.bytes == bytes, "CSV_SEED=\(seed)")
  }

  @Test("any bytes come back, whatever they are", arguments: Randomness.seeds(100))
  func anyBytes(seed: UInt64) {
    var generator = SplitMix64(state: seed)
    let length = Int.random(in: 1...2000, using: &generator)
    let noise = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let bytes = Array("a,b\n".utf8) + noise.filter { $0 != 0x22 }
    let options = CSVReaderOptions(encoding: .utf8, validatesUTF8: false, batchBytes: 100)
    let reading = Reading(bytes, options: options, pieceSize: 33)
    #expect(reading.error == nil, "CSV_SEED=\(seed)")
    #expect(reading.bytes == bytes, "CSV_SEED=\(seed)")
    #expect(reading.pieces == bytes, "CSV_SEED=\(seed)")
  }

  private func expect(
    _ reading: Reading, equals reference: ReferenceParser, _ comment: Comment
  ) {
    let data = reference.records.dropFirst()
    let bytes = reference.bytes
    let end = reference.isUnterminated ? (reference.records.last?.end ?? 0) : bytes.count
    #expect((reading.error?.code == .unterminatedQuote) == reference.isUnterminated, comment)
    #expect(
      reading.records == data.map { $0.contents.map { String(decoding: $0, as: UTF8.self) } },
      comment)
    #expect(
      reading.rawRecords
        == data.map { String(decoding: bytes[$0.start..<$0.contentEnd], as: UTF8.self) }, comment)
    #expect(
      reading.positions
        == data.enumerated().map {
          CSVPosition(recordNumber: $0 + 1, line: $1.line, byteOffset: $1.start)
        }, comment)
    #expect(
      reading.positionsAfter
        == data.enumerated().map { number, record in
          let lines = bytes[..<record.end].count { $0 == reference.terminator }
          return CSVPosition(
            recordNumber: number + 2, line: 1 + lines, byteOffset: record.end)
        }, comment)
    #expect(reading.bytes.starts(with: bytes[..<end]), comment)
    #expect(bytes.starts(with: reading.bytes), comment)
    #expect(reading.pieces == reading.bytes, comment)
  }
}
