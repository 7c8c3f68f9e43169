import CSVCodec
import TestSupport
import Testing

@Suite("Invalid UTF-8")
struct ValidationTests {
  static let broken: [[UInt8]] = [
    [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE9], [0xE0, 0x80, 0x80],
    [0xE0, 0x9F, 0xBF], [0xE2, 0x82], [0xE2, 0x28, 0xA1], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80],
    [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x98], [0xF4, 0x90, 0x80, 0x80], [0xF5], [0xFF],
  ]

  @Test("is refused when the sheet is opened", arguments: broken)
  func early(sequence: [UInt8]) {
    let bytes = Array("a,b\nok,1\nno".utf8) + sequence + Array(",2\n".utf8)
    for pieceSize in [1, 2, .max] {
      let reading = Reading(bytes, pieceSize: pieceSize)
      #expect(reading.header.isEmpty)
      #expect(reading.error?.code == .invalidUTF8)
      #expect(reading.error?.location == CSVError.Location(record: 2, line: 3, byteOffset: 11))
    }
  }

  @Test("is refused when it comes later, after the records before it", arguments: broken)
  func late(sequence: [UInt8]) {
    let good = Array(("a,b\n" + String(repeating: "ö,\"1\n2\"\n", count: 10_000)).utf8)
    let bytes = good + Array("x,".utf8) + sequence + Array("y\n".utf8)
    let reading = Reading(bytes, options: CSVReaderOptions(batchBytes: 4096), pieceSize: 1000)
    #expect(reading.records.count == 10_000)
    #expect(
      reading.error?.location
        == CSVError.Location(record: 10_001, line: 20_002, byteOffset: good.count + 2))
  }

  @Test("at the end of the input", arguments: broken)
  func atTheEnd(sequence: [UInt8]) {
    let reading = Reading(Array("a\n1\n2".utf8) + sequence, pieceSize: 1)
    #expect(reading.error?.code == .invalidUTF8)
    #expect(reading.error?.location == CSVError.Location(record: 2, line: 3, byteOffset: 5))
  }

  @Test("the message says what to do")
  func message() {
    let error = Reading(Array("name\nJos".utf8) + [0xE9, 0x0A]).error
    #expect(
      error?.description
        == "byte 0xE9 is not UTF-8 text; the file looks like Latin-1 or Windows-1252: "
        + "pass --encoding latin-1 or --encoding windows-1252 (row 1, line 2, byte 8)")
  }

  @Test("in the header")
  func header() {
    let error = Reading([0x61, 0x2C, 0xE9, 0x0A]).error
    #expect(error?.location == CSVError.Location(record: 0, line: 1, byteOffset: 2))
  }

  @Test("may be let through", arguments: broken)
  func unchecked(sequence: [UInt8]) {
    let bytes = Array("a,b\n1".utf8) + sequence + Array(",2\n".utf8)
    let reading = Reading(bytes, options: CSVReaderOptions(validatesUTF8: false))
    #expect(reading.error == nil)
    #expect(reading.bytes == bytes)
  }

  @Test("agrees with the standard library", arguments: Randomness.seeds(300))
  func differential(seed: UInt64) {
    var generator = SplitMix64(state: seed)
    let choices: [[UInt8]] =
      Self.broken + Array(repeating: [0x61], count: 40) + Array(repeating: [0xC3, 0xA9], count: 40)
      + Array(repeating: [0xE6, 0xBC, 0xA2], count: 20)
      + Array(repeating: [0xF0, 0x9F, 0x98, 0x80], count: 20) + [[0xEE, 0x80, 0x80]]
    let length = Int.random(in: 0...60, using: &generator)
    let body = (0..<length).flatMap { _ in choices.randomElement(using: &generator) ?? [] }
    let bytes = Array("a\n".utf8) + body
    let isValid = String(validating: bytes, as: UTF8.self) != nil
    for pieceSize in [1, 7, .max] {
      let reading = Reading(
        bytes, options: CSVReaderOptions(delimiter: .comma, encoding: .utf8),
        pieceSize: pieceSize)
      #expect((reading.error?.code == .invalidUTF8) == !isValid, "CSV_SEED=\(seed)")
    }
  }
}
