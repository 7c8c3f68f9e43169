import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A sandbox in a process of its own, found beside the tool.
final class SandboxServer {
  let process: Process
  /// `http://127.0.0.1:PORT`
  let base: String

  struct Trouble: Error {
    let words: String
  }

  init(_ runner: CommandRunner, _ options: [String] = []) throws {
    let process = Process()
    process.executableURL = CommandRunner.tool.deletingLastPathComponent()
      .appending(path: "waterfall-server")
    process.arguments = ["sandbox", "--port", "0"] + options
    process.currentDirectoryURL = runner.directory
    process.environment = runner.environment
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    self.process = process
    var line = Data()
    while let byte = try output.fileHandleForReading.read(upToCount: 1), byte != Data("\n".utf8) {
      line += byte
    }
    let text = String(decoding: line, as: UTF8.self)
    guard let address = text.split(separator: " ").last, address.hasPrefix("http") else {
      throw Trouble(words: "the sandbox said “\(text)”")
    }
    base = String(address)
  }

  deinit {
    process.terminate()
    process.waitUntilExit()
  }

  var port: String { String(base.split(separator: ":").last ?? "") }

  /// The body of a GET.
  func get(_ path: String) throws -> Data {
    let (input, output) = (Pipe(), Pipe())
    let curl = Process()
    curl.executableURL = URL(filePath: "/usr/bin/env")
    curl.arguments = ["curl", "-sS", "--retry", "3", "--max-time", "20", base + path]
    curl.standardInput = input
    curl.standardOutput = output
    try curl.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    curl.waitUntilExit()
    guard curl.terminationStatus == 0 else {
      let end = process.isRunning ? "it runs" : "it ended with \(process.terminationStatus)"
      throw Trouble(
        words: "GET \(path) failed with \(curl.terminationStatus), and of the sandbox: \(end)")
    }
    return data
  }

  /// What the providers of the sandbox would bill.
  struct Ledger: Decodable {
    struct Provider: Decodable {
      var provider: String
      var operations: [Operation]
    }

    struct Operation: Decodable {
      var requests: Int
      var questions: Int
      var paid: Int
      var paidKeys: [String]?

      enum CodingKeys: String, CodingKey {
        case requests, questions, paid
        case paidKeys = "paid_keys"
      }
    }

    var providers: [Provider]

    var paidKeys: Set<String> {
      Set(providers.flatMap(\.operations).flatMap { $0.paidKeys ?? [] })
    }
  }

  func ledger() throws -> Ledger {
    try JSONDecoder().decode(Ledger.self, from: get("/_sandbox/ledger?keys=1"))
  }
}
