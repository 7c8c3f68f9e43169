public import WaterfallCore

/// A request as it comes in at a sandbox.
public struct SandboxRequest: Sendable {
  public var method: String
  /// What follows the provider's name, percent-encoded as it came: `/email-finder`.
  public var path: String
  /// What follows the question mark, as it came.
  public var query: String
  /// Names in lower case.
  public var headers: [HTTPHeader]
  public var body: [UInt8]

  public init(
    method: String, path: String, query: String = "", headers: [HTTPHeader] = [],
    body: [UInt8] = []
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.headers = headers
    self.body = body
  }

  /// The value of the first header with this lower-case name.
  public subscript(header name: String) -> String? {
    headers.first { $0.name == name }?.value
  }
}

/// One thing that a provider does: it finds a field, or judges its values.
public struct SandboxOperation: Sendable, Hashable {
  public let role: AttemptID.Role
  public let field: Field

  public init(_ role: AttemptID.Role, _ field: Field) {
    self.role = role
    self.field = field
  }

  /// As the sandbox's header and its ledger have it: `finds.work_email`.
  public var name: String {
    role == .finder ? Self.finds[field.position] : Self.verifies[field.position]
  }

  public init?(name: Substring) {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, let field = Field(rawValue: String(parts[1])) else { return nil }
    switch parts[0] {
    case "finds": self.init(.finder, field)
    case "verifies": self.init(.verifier, field)
    default: return nil
    }
  }

  private static let finds = names("finds")
  private static let verifies = names("verifies")

  private static func names(_ section: String) -> [String] {
    Field.allCases.sorted { $0.position < $1.position }.map { "\(section).\($0)" }
  }
}
