public import WaterfallCore

/// Whether manifests read their fixtures as they should.
public struct ConformanceReport: Sendable {
  public static let schema = "waterfall.conformance/1"

  /// What was tried of one operation.
  public struct Operation: Sendable, Equatable {
    public let role: AttemptID.Role
    public let field: Field
    /// Requests that were made.
    public let requests: Int
    /// Responses that were read.
    public let responses: Int
    public let findings: Int

    public init(
      role: AttemptID.Role, field: Field, requests: Int, responses: Int, findings: Int
    ) {
      self.role = role
      self.field = field
      self.requests = requests
      self.responses = responses
      self.findings = findings
    }

    fileprivate var name: String { "\(role == .finder ? "finds" : "verifies").\(field)" }
  }

  public struct Provider: Sendable, Equatable {
    public let id: ProviderID
    /// The names of the files.
    public let manifest: String
    public let fixtures: String
    public let operations: [Operation]
    public let findings: [Finding]

    public init(
      id: ProviderID, manifest: String, fixtures: String, operations: [Operation],
      findings: [Finding]
    ) {
      self.id = id
      self.manifest = manifest
      self.fixtures = fixtures
      self.operations = operations
      self.findings = findings
    }
  }

  private let providers: [Provider]

  public init(_ providers: [Provider]) { self.providers = providers }

  private var findings: [Finding] { providers.flatMap(\.findings) }

  public var conforms: Bool { findings.isEmpty }

  /// A line for each operation, then the findings, and how many there are.
  public var text: String {
    var table = TextTable([
      .init("provider"), .init("operation"), .init("requests", .right), .init("responses", .right),
      .init("findings", .right),
    ])
    for provider in providers {
      for operation in provider.operations {
        table.add([
          provider.id.rawValue, operation.name, "\(operation.requests)",
          "\(operation.responses)", "\(operation.findings)",
        ])
      }
    }
    let count = Phrases.count(Int64(providers.count), "provider")
    return Phrases.text(
      table.lines() + findings.map(\.line) + [
        "\(count): \(findings.summary ?? "every response is read as it should be")"
      ])
  }

  public var json: JSONValue {
    .object([
      "schema": .string(Self.schema),
      "findings": .integer(Int64(findings.count)),
      "providers": .array(
        providers.map { provider in
          .object([
            "provider": .string(provider.id.rawValue),
            "manifest": .string(provider.manifest),
            "fixtures": .string(provider.fixtures),
            "operations": .array(provider.operations.map(Self.json)),
            "findings": .array(provider.findings.map(\.json)),
          ])
        }),
    ])
  }

  private static func json(_ operation: Operation) -> JSONValue {
    .object([
      "role": .string(operation.role == .finder ? "finder" : "verifier"),
      "field": .string(operation.field.rawValue),
      "requests": .integer(Int64(operation.requests)),
      "responses": .integer(Int64(operation.responses)),
      "findings": .integer(Int64(operation.findings)),
    ])
  }
}
