import CSVCodec
import TestSupport
import Testing

@Suite("Writing")
struct OutputTests {
  private func text(_ output: CSVOutput) -> String { String(decoding: output.bytes, as: UTF8.self) }

  /// Reads a sheet and writes it again, each record edited in the same way.
  private func edited(
    _ sheet: String, replacing: [(column: Int, value: String)] = [], appending: [String] = [],
    names: [String] = [], width: Int = 0
  ) throws -> String {
    let options = CSVReaderOptions(batchBytes: 16)
    let reader = try CSVReader(MemoryByteSource(sheet), options: options)
    var output = CSVOutput(dialect: reader.dialect)
    output.appendHeader(of: reader, appending: names)
    let batch = CSVBatch()
    while try reader.read(into: batch) {
      for record in 0..<batch.count {
        output.appendRecord(
          record, of: batch, replacing: replacing, appending: appending, width: width)
      }
      output.appendTrailing(of: batch)
    }
    return text(output)
  }

  @Test(
    "a value is quoted only if it must be",
    arguments: [
      ("plain", "plain"), ("", ""), ("two words", "two words"), ("a,b", "\"a,b\""),
      ("a;b", "a;b"), ("say \"hi\"", "\"say \"\"hi\"\"\""), ("\"", "\"\"\"\""),
      ("a\nb", "\"a\nb\""), ("a\rb", "\"a\rb\""), (" a", "\" a\""), ("a ", "\"a \""),
      ("\ta", "\"\ta\""), ("=1+1", "=1+1"), ("@x", "@x"), ("-1", "-1"), ("ü", "ü"),
    ])
  func quoting(value: String, field: String) {
    var output = CSVOutput(dialect: CSVDialect())
    output.appendField(value)
    #expect(text(output) == field)
  }

  @Test("the delimiter decides what must be quoted", arguments: CSVDelimiter.allCases)
  func quotingByDelimiter(delimiter: CSVDelimiter) {
    var output = CSVOutput(dialect: CSVDialect(delimiter: delimiter))
    let mark = String(UnicodeScalar(delimiter.rawValue))
    output.appendRecord(["a\(mark)b", "c"])
    #expect(text(output) == "\"a\(mark)b\"\(mark)c\n")
  }

  @Test("new records", arguments: CSVLineEnding.allCases)
  func newRecords(lineEnding: CSVLineEnding) {
    var output = CSVOutput(dialect: CSVDialect(lineEnding: lineEnding))
    output.appendRecord(["a", "b"])
    output.appendRecord([""])
    output.appendRecord(["", ""])
    let end = String(decoding: lineEnding.bytes, as: UTF8.self)
    #expect(text(output) == "a,b\(end)\"\"\(end),\(end)")
  }

  static let sheet = "\u{FEFF}\n\"a\", b\r\n\n\"1\" , \"x\r\n3,\"4\n\"\n\n\r\n5,6"

  @Test("without an edit nothing changes")
  func identity() throws {
    #expect(try edited(Self.sheet) == Self.sheet)
  }

  @Test("replaced columns leave the others alone")
  func replacing() throws {
    #expect(
      try edited(Self.sheet, replacing: [(1, "new")])
        == "\u{FEFF}\n\"a\", b\r\n\n\"1\" ,new\r\n3,new\n\n\r\n5,new")
    #expect(
      try edited(Self.sheet, replacing: [(0, "x,y")])
        == "\u{FEFF}\n\"a\", b\r\n\n\"x,y\", \"x\r\n\"x,y\",\"4\n\"\n\n\r\n\"x,y\",6")
    #expect(try edited("a,b,c\n1,2,3\n", replacing: [(2, "z"), (0, "x")]) == "a,b,c\nx,2,z\n")
    #expect(try edited("a,b,c\n1,2,3\n", replacing: [(1, "x"), (1, "y")]) == "a,b,c\n1,y,3\n")
  }

  @Test("appended columns, and no new line end at the end")
  func appending() throws {
    #expect(
      try edited(Self.sheet, appending: ["", "n"], names: ["c", "d,e"])
        == "\u{FEFF}\n\"a\", b,c,\"d,e\"\r\n\n\"1\" , \"x,,n\r\n3,\"4\n\",,n\n\n\r\n5,6,,n")
    #expect(try edited("a,b", names: ["c"]) == "a,b,c")
    #expect(try edited("a\r1\r2", appending: ["x"], names: ["b"]) == "a,b\r1,x\r2,x")
  }

  @Test("short records are filled up")
  func filling() throws {
    let sheet = "a,b,c\n1\n1,2,3,4\n"
    #expect(try edited(sheet, appending: ["x"]) == "a,b,c\n1,x\n1,2,3,4,x\n")
    #expect(try edited(sheet, appending: ["x"], width: 3) == "a,b,c\n1,,,x\n1,2,3,4,x\n")
    #expect(try edited(sheet, replacing: [(2, "z")]) == "a,b,c\n1,,z\n1,2,z,4\n")
    #expect(
      try edited(sheet, replacing: [(1, "z")], appending: ["x"], width: 3)
        == "a,b,c\n1,z,,x\n1,z,3,4,x\n")
  }

  @Test("a record does not become a blank line")
  func neverBlank() throws {
    #expect(try edited("a\n1\n\n2\n", replacing: [(0, "")]) == "a\n\"\"\n\n\"\"\n")
    #expect(try edited("a\n\"\"\n") == "a\n\"\"\n")
  }

  @Test("edited sheets read as what was written", arguments: Randomness.seeds(50))
  func roundTrip(seed: UInt64) throws {
    var generator = SplitMix64(state: seed)
    let values = ["", "x", "a,b", "\"q\"", "l\nm", " s ", "\r", "é", "\"", ",", "a\"b"]
    let (bytes, records) = Randomness.wellFormedSheet(seed: seed)
    let column = Int.random(in: 0..<records[0].count, using: &generator)
    let value = values.randomElement(using: &generator) ?? ""
    let added = values.randomElement(using: &generator) ?? ""
    let sheet = try edited(
      String(decoding: bytes, as: UTF8.self), replacing: [(column, value)], appending: [added],
      names: ["new"])
    let reading = Reading(sheet, options: CSVReaderOptions(delimiter: .comma))
    let expected = records.dropFirst().map { record in
      var record = record
      record[column] = value
      return record + [added]
    }
    #expect(reading.header == records[0] + ["new"], "CSV_SEED=\(seed)")
    #expect(reading.records == expected, "CSV_SEED=\(seed)")
  }

  @Test("raw pieces, and emptying")
  func raw() throws {
    let reader = try CSVReader(MemoryByteSource("a\n1\n\n2\n3\n\n"))
    let batch = CSVBatch()
    _ = try reader.read(into: batch)
    var output = CSVOutput(dialect: reader.dialect)
    output.reserve(100)
    output.append(raw: reader.preambleBytes)
    output.appendRecords(0..<2, of: batch)
    output.appendRecords(2..<3, of: batch)
    output.appendTrailing(of: batch)
    #expect(text(output) == "a\n1\n\n2\n3\n\n")
    output.removeAll()
    #expect(output.count == 0)
  }
}
