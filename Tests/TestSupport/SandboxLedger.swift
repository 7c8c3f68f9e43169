public import Foundation

/// The document `waterfall.sandbox-ledger/1`: what the providers of a sandbox would bill.
public struct SandboxLedger: Decodable, Sendable {
  public struct Provider: Decodable, Sendable {
    public let provider: String
    public let operations: [Operation]
  }

  public struct Operation: Decodable, Sendable {
    public let role: String
    public let requests: Int
    public let faults: [String: Int]
    public let questions: Int
    public let paid: Int
    /// Only where they were asked for.
    public let paidKeys: [String]?
  }

  public let schema: String
  public let providers: [Provider]

  public init(_ document: Data) throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    self = try decoder.decode(SandboxLedger.self, from: document)
    precondition(schema == "waterfall.sandbox-ledger/1")
  }

  public var paidKeys: Set<String> {
    Set(providers.flatMap(\.operations).flatMap { $0.paidKeys ?? [] })
  }
}
