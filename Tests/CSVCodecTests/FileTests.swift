import CSVCodec
import Foundation
import TestSupport
import Testing

@Suite("Files, pipes and large fields")
struct FileTests {
  private func withFile(_ bytes: [UInt8], _ body: (String) throws -> Void) throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "csv-\(UUID()).csv")
    try Data(bytes).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    try body(file.path)
  }

  private func records(_ reader: CSVReader) throws -> [[String]] {
    let batch = CSVBatch()
    var records: [[String]] = []
    while try reader.read(into: batch) {
      records += (0..<batch.count).map { batch.strings($0) }
    }
    return records
  }

  @Test("a file is read, and resumed by seeking")
  func file() throws {
    let text = "a,b\n" + (0..<50_000).map { "\($0),x\n" }.joined()
    try withFile(Array(text.utf8)) { path in
      let reader = try CSVReader(FileByteSource(path: path))
      #expect(try records(reader).map { $0[0] } == (0..<50_000).map(String.init))
      let position = CSVPosition(
        recordNumber: 50_000, line: 50_001, byteOffset: text.utf8.count - "49999,x\n".utf8.count)
      let later = try CSVReader(
        FileByteSource(path: path), options: CSVReaderOptions(dialect: reader.dialect))
      try later.resume(at: position)
      #expect(try records(later) == [["49999", "x"]])
      let beyond = try CSVReader(FileByteSource(path: path))
      let wrong = CSVPosition(recordNumber: 1, line: 1, byteOffset: text.utf8.count + 1)
      #expect(throws: CSVError.self) { try beyond.resume(at: wrong) }
    }
  }

  @Test("a directory, and a file that is not there")
  func refusals() throws {
    let directory = FileManager.default.temporaryDirectory.path
    let error = #expect(throws: CSVError.self) { try FileByteSource(path: directory) }
    #expect(error?.code == .isDirectory)
    #expect(error?.description == "cannot read \(directory): it is a directory")
    let path = directory + "/no such file \(UUID())"
    let missing = #expect(throws: CSVError.self) { try FileByteSource(path: path) }
    #expect(missing?.code == .openFailed)
    #expect(missing?.description == "cannot open \(path): No such file or directory")
  }

  @Test("a descriptor that cannot be read or written")
  func badDescriptor() {
    let error = #expect(throws: CSVError.self) {
      try CSVReader(FileByteSource(descriptor: -1, name: "nothing"))
    }
    #expect(error?.description == "cannot read nothing: Bad file descriptor")
    var output = CSVOutput(dialect: CSVDialect())
    output.appendRecord(["a"])
    let refusal = #expect(throws: CSVError.self) {
      try output.flush(toDescriptor: -1, name: "nothing")
    }
    #expect(refusal?.description == "cannot write nothing: Bad file descriptor")
    #expect(output.count == 2)
  }

  @Test("a pipe is written, read and resumed")
  func pipe() throws {
    let pipe = Pipe()
    let text = "a,b\n" + (0..<40_000).map { "\($0),x\n" }.joined()
    let target = pipe.fileHandleForWriting
    let writer = Background {
      var output = CSVOutput(dialect: CSVDialect())
      output.append(raw: Array(text.utf8))
      defer { try? target.close() }
      try output.flush(toDescriptor: target.fileDescriptor, name: "pipe")
      return output.count
    }
    let source = FileByteSource(
      descriptor: pipe.fileHandleForReading.fileDescriptor, name: "pipe")
    let reader = try CSVReader(source)
    let last = "39999,x\n".utf8.count
    try reader.resume(
      at: CSVPosition(recordNumber: 40_000, line: 40_001, byteOffset: text.utf8.count - last))
    #expect(try records(reader) == [["39999", "x"]])
    #expect(try writer.value() == 0)
  }

  @Test("a field of ten megabytes", arguments: [false, true])
  func largeField(isQuoted: Bool) throws {
    let content = String(repeating: isQuoted ? "0,\n\"456789" : "0123456789", count: 1_000_000)
    let raw = isQuoted ? "\"\(content.replacing("\"", with: "\"\""))\"" : content
    let sheet = Array("a,b\n1,\(raw)\n2,x\n".utf8)
    let reader = try CSVReader(MemoryByteSource(sheet))
    #expect(try records(reader) == [["1", content], ["2", "x"]])
    #expect(reader.position.byteOffset == sheet.count)
  }
}
