import Foundation
import TestSupport

/// A sandbox in a process of its own, found beside the tool.
final class SandboxServer {
  private let process: ServerProcess

  struct Trouble: Error {
    let words: String
  }

  init(_ runner: CommandRunner, _ options: [String] = []) throws {
    process = try ServerProcess(
      ["sandbox"] + options, in: runner.directory, environment: runner.environment)
  }

  deinit { process.stop() }

  /// `http://127.0.0.1:PORT`
  var base: String { process.base }

  var port: String { "\(process.port)" }

  /// How many requests it got, for whomever.
  func requests() throws -> Int {
    try ledger().providers.flatMap(\.operations).reduce(0) { $0 + $1.requests }
  }

  /// What the providers of the sandbox would bill, with the keys of what is paid.
  func ledger() throws -> SandboxLedger {
    let reply: SocketClient.Reply
    do {
      reply = try process.client.send("GET", "/_sandbox/ledger?keys=1")
    } catch {
      let end = process.isRunning ? "it runs" : "it ended with \(process.stop())"
      throw Trouble(words: "the sandbox does not answer (\(error)), and \(end)")
    }
    return try SandboxLedger(Data(reply.body))
  }
}
