import Foundation
import TestSupport
import Testing

/// The documents of the server are those of the manual.
@Suite struct DocumentTests {
  private static let manual = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs/json.md")

  @Test(arguments: [
    ("waterfall.sandbox/1", "/_sandbox"),
    ("waterfall.sandbox-ledger/1", "/_sandbox/ledger?keys=1"),
  ])
  func keysAreThoseOfTheManual(schema: String, path: String) throws {
    let sandbox = try RunningSandbox(script: "rules:\n  - {fault: reset, attempt: 1}\n")
    defer { sandbox.stop() }
    let row = try #require(try RunningSandbox.hits(1).first)
    _ = try sandbox.askHunter(row, key: "a")
    let printed = try sandbox.server.client.send("GET", path)
    #expect(printed.headers["content-type"] == "application/json")
    let text = try String(contentsOf: Self.manual, encoding: .utf8)
    let section = try #require(text.split(separator: "## \(schema)\n").dropFirst().first)
    let block = try #require(section.split(separator: "```json\n").dropFirst().first)
    let shown = try #require(block.split(separator: "```").first)
    #expect(try Self.keys(printed.body) == Self.keys(Array(shown.utf8)))
    #expect(printed.json?["schema"] as? String == schema)
  }

  /// The paths of all members: `providers[].operations[].role`.
  private static func keys(_ bytes: [UInt8]) throws -> Set<String> {
    func keys(_ value: Any, _ path: String) -> [String] {
      switch value {
      case let object as [String: Any]:
        object.flatMap { [path + "." + $0.key] + keys($0.value, path + "." + $0.key) }
      case let list as [Any]: list.flatMap { keys($0, path + "[]") }
      default: []
      }
    }
    return Set(keys(try JSONSerialization.jsonObject(with: Data(bytes)), ""))
  }
}
