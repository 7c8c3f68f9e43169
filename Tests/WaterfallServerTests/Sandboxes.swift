import Foundation
import TestSupport
import WaterfallCore

@testable import WaterfallProviders

/// A running sandbox, asked in the dialects of the tests.
struct RunningSandbox: Sendable {
  typealias Entry = SandboxLedger.Operation

  let server: ServerProcess
  private let folder: TemporaryFolder

  /// `script` is the text of a script of faults.
  init(_ arguments: [String] = [], script: String? = nil) throws {
    folder = try TemporaryFolder()
    var all = ["sandbox", "--providers", Dialects.folder.path] + arguments
    if let script {
      let file = folder.path("faults.yaml")
      try Data(script.utf8).write(to: URL(filePath: file))
      all += ["--script", file]
    }
    server = try ServerProcess(all)
  }

  func stop() {
    server.stop()
    folder.remove()
  }

  /// Asks Hunter for the address of a row.
  func askHunter(
    _ row: Int, key: String? = nil, seed: UInt64? = nil, patience: Duration = .seconds(20)
  ) throws -> SocketClient.Reply {
    var headers = ["X-API-KEY": "k"]
    headers["Idempotency-Key"] = key
    headers["Waterfall-Sandbox-Seed"] = seed.map { "\($0)" }
    let target = "first_name=First\(row)&last_name=Last\(row)&domain=company\(row).example"
    return try server.client.send(
      "GET", "/hunter/email-finder?\(target)", headers: headers, patience: patience)
  }

  static func hunterQuestion(_ row: Int) -> SandboxQuestion {
    SandboxQuestion(
      operation: SandboxOperation(.finder, .workEmail),
      inputs: Inputs(
        names: [.firstName, .lastName, .domain],
        values: ["First\(row)", "Last\(row)", "company\(row).example"]), candidate: nil, item: nil)
  }

  /// The first rows that Hunter answers in this way in the world of `seed`.
  static func rows(
    _ count: Int, seed: UInt64 = 0, where fits: @escaping (Outcome) -> Bool
  ) throws -> [Int] {
    let dialect = try Sample.dialect("hunter")
    return Array(
      (0..<10_000).lazy.filter { fits(dialect.answer(hunterQuestion($0), seed: seed).outcome) }
        .prefix(count))
  }

  static func hits(_ count: Int, seed: UInt64 = 0) throws -> [Int] {
    try rows(count, seed: seed) { if case .hit = $0 { true } else { false } }
  }

  /// Submits a search to Icypeas.
  func submit(_ row: Int, key: String?) throws -> SocketClient.Reply {
    var headers = ["Authorization": "k", "Content-Type": "application/json"]
    headers["Idempotency-Key"] = key
    let body =
      #"{"firstname":"First\#(row)","lastname":"Last\#(row)","#
      + #""domainOrCompany":"company\#(row).example"}"#
    return try server.client.send("POST", "/icypeas/email-search", headers: headers, body: body)
  }

  func poll(_ job: String, key: String? = nil) throws -> SocketClient.Reply {
    var headers = ["Authorization": "k"]
    headers["Idempotency-Key"] = key
    return try server.client.send(
      "POST", "/icypeas/bulk-single-searchs/read", headers: headers, body: #"{"id":"\#(job)"}"#)
  }

  /// What the ledger says about one operation; nil where nobody asked.
  func entry(_ provider: String, _ role: String = "finder", keys: Bool = false) throws -> Entry? {
    let reply = try server.client.send("GET", "/_sandbox/ledger" + (keys ? "?keys=1" : ""))
    return try SandboxLedger(Data(reply.body)).providers.first { $0.provider == provider }?
      .operations
      .first { $0.role == role }
  }
}

extension SocketClient.Reply {
  /// The job of a submission to Icypeas.
  var job: String? { (json?["item"] as? [String: Any])?["_id"] as? String }

  /// The state of a job of Icypeas.
  var state: String? {
    ((json?["items"] as? [Any])?.first as? [String: Any])?["status"] as? String
  }

  /// The address that Hunter found.
  var address: String? { (json?["data"] as? [String: Any])?["email"] as? String }
}
