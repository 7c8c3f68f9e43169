import Foundation
import TestSupport

/// Runs the built tool in a directory of its own, with a cleared environment and a fixed clock.
struct CommandRunner: Sendable {
  /// The directory that the commands run in; removed by `cleanUp`.
  let directory: URL
  var environment: [String: String]

  struct Result: Sendable {
    var arguments: [String]
    var output: String
    var errors: String
    var status: Int32
  }

  init() throws {
    directory = URL.temporaryDirectory.appending(path: "waterfall-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    environment = [
      "PATH": "/usr/bin:/bin", "HOME": directory.path, "COLUMNS": "100", "NO_COLOR": "1",
      "TMPDIR": directory.path, "WATERFALL_NOW": "2026-01-02T03:04:05Z",
    ]
  }

  func cleanUp() { try? FileManager.default.removeItem(at: directory) }

  /// The tool, beside the test bundle.
  static var tool: URL { ServerProcess.folder.appending(path: "waterfall") }

  func path(_ name: String) -> String { directory.appending(path: name).path }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: directory.appending(path: name))
  }

  func read(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: directory.appending(path: name)), as: UTF8.self)
  }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

  /// Runs the tool to its end.
  @discardableResult
  func run(_ arguments: [String], input: Data? = nil) throws -> Result {
    let process = try start(arguments, input: input)
    process.process.waitUntilExit()
    return try process.result()
  }

  /// `run` with arguments separated by spaces.
  @discardableResult
  func run(_ line: String) throws -> Result {
    try run(line.split(separator: " ").map(String.init))
  }

  struct Running {
    let process: Process
    let arguments: [String]
    let output: URL
    let errors: URL

    func result() throws -> Result {
      Result(
        arguments: arguments,
        output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
        errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self),
        status: process.terminationReason == .exit
          ? process.terminationStatus : 128 + process.terminationStatus)
    }
  }

  /// Starts the tool. Its output goes to files, which never block it, unless one of the last
  /// three arguments says otherwise.
  func start(
    _ arguments: [String], input: Data? = nil, standardInput: Any? = nil,
    standardOutput: Any? = nil, standardError: Any? = nil
  ) throws -> Running {
    let stamp = UUID().uuidString
    let output = directory.appending(path: ".\(stamp).out")
    let errors = directory.appending(path: ".\(stamp).err")
    for file in [output, errors] {
      try Data().write(to: file)
    }
    let process = Process()
    process.executableURL = Self.tool
    process.arguments = arguments
    process.currentDirectoryURL = directory
    process.environment = environment
    process.standardOutput = try standardOutput ?? FileHandle(forWritingTo: output)
    process.standardError = try standardError ?? FileHandle(forWritingTo: errors)
    if let standardInput {
      process.standardInput = standardInput
    } else if let input {
      let source = directory.appending(path: ".\(stamp).in")
      try input.write(to: source)
      process.standardInput = try FileHandle(forReadingFrom: source)
    } else {
      process.standardInput = FileHandle.nullDevice
    }
    try process.run()
    return Running(process: process, arguments: arguments, output: output, errors: errors)
  }
}
