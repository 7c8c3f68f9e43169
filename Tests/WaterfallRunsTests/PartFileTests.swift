import Foundation
import TestSupport
import Testing
import WaterfallCore

@testable import WaterfallRuns

@Suite struct PartFileTests {
  private func withDirectory(_ body: (String) throws -> Void) throws {
    let directory = try TemporaryFolder()
    defer { directory.remove() }
    try body(directory.path)
  }

  private func write(_ text: String, to file: PartFile) throws {
    var text = text
    try text.withUTF8 { try file.write(UnsafeRawBufferPointer($0)) }
  }

  @Test func theNameAppearsWhenTheFileIsWhole() throws {
    try withDirectory { directory in
      let path = directory + "/out.csv"
      let file = try PartFile(path: path)
      try write("hello", to: file)
      #expect(try file.size == 5)
      #expect(!FileManager.default.fileExists(atPath: path))
      try file.finish()
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "hello")
      #expect(!FileManager.default.fileExists(atPath: file.partPath))
    }
  }

  @Test func whatAnEarlierProcessLeftIsKeptAndCut() throws {
    try withDirectory { directory in
      let path = directory + "/out.csv"
      try write("0123456789", to: try PartFile(path: path))
      let file = try PartFile(path: path)
      #expect(try file.size == 10)
      try file.truncate(to: 4)
      try write("abc", to: file)
      try file.finish()
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "0123abc")
    }
  }

  @Test func aMissingDirectoryIsNamed() throws {
    try withDirectory { directory in
      let path = directory + "/missing/out.csv"
      do {
        _ = try PartFile(path: path)
        Issue.record("it opened a file in a directory that does not exist")
      } catch let error as UserError {
        #expect(error.code == .io)
        #expect(error.place == path + ".part")
        #expect(error.remedy?.contains("create it") == true)
      }
    }
  }

  @Test func oneAtATime() throws {
    try withDirectory { directory in
      let path = directory + "/out.csv"
      do {
        let first = try PartFile(path: path)
        try write("first", to: first)
        let error = #expect(throws: UserError.self) { try PartFile(path: path) }
        #expect(error?.description.hasPrefix("\(path): another process is writing it now") == true)
        #expect(try first.size == 5)
      }
      let second = try PartFile(path: path)
      #expect(try second.size == 5)
      try second.finish()
      // The lock is on what became the output; a new half-written file is free.
      try write("third", to: try PartFile(path: path))
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "first")
    }
  }

  @Test(arguments: [false, true]) func whatWasTakenAwayIsNotNamed(isReplaced: Bool) throws {
    try withDirectory { directory in
      let path = directory + "/out.csv"
      let file = try PartFile(path: path)
      try write("mine", to: file)
      try FileManager.default.removeItem(atPath: file.partPath)
      if isReplaced {
        try "theirs".write(toFile: file.partPath, atomically: false, encoding: .utf8)
      }
      let error = #expect(throws: UserError.self) { try file.finish() }
      #expect(error?.place == file.partPath && error?.code == .io)
      #expect(error?.message.contains("moved or removed") == true)
      #expect(!FileManager.default.fileExists(atPath: path))
    }
  }
}
