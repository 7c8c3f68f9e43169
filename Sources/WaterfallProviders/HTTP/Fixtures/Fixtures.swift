import WaterfallCore

/// Recorded answers of one provider in its own dialect, as templates: what `providers test` reads
/// with the manifest, and what a sandbox serves.
public struct Fixtures: Sendable {
  /// The responses of one operation, by name: a class such as `hit` or `pending`, or a class, a
  /// dot and a variant's name.
  public struct Operation: Sendable {
    let responses: [NamedResponse]
    let batch: Batch?
  }

  public struct NamedResponse: Sendable {
    public let name: String
    let response: ResponseTemplate

    /// The class without the variant.
    public var kind: String { String(name.prefix { $0 != "." }) }
    public var variant: String? {
      name.contains(".") ? String(name.drop { $0 != "." }.dropFirst()) : nil
    }
  }

  /// One answer of a batch by class, and the response around them.
  struct Batch: Sendable {
    let items: [String: JSONTemplate]
    let envelope: ResponseTemplate
  }

  /// The name that messages give the file, and its whole text.
  public let file: String
  let text: String
  let finds: [Field: Operation]
  let verifies: [Field: Operation]
  /// Of every operation.
  let errors: [NamedResponse]

  func operation(_ role: AttemptID.Role, _ field: Field) -> Operation? {
    role == .finder ? finds[field] : verifies[field]
  }

  /// The names that responses can have.
  static let finderKinds = ["hit", "miss", "pending", "submitted"]
  static let verifierKinds = VerdictWord.allCases.map(\.rawValue) + ["pending", "submitted"]
  static let errorKinds = [
    "rate_limited", "credentials", "quota", "refused", "unavailable", "malformed",
  ]
}

/// A response with holes for the values of a question.
struct ResponseTemplate: Sendable, Equatable {
  enum Body: Sendable, Equatable {
    case json(JSONTemplate)
    case text(String)
  }

  let status: Int
  let headers: [HTTPHeader]
  let body: Body

  func render(_ values: TemplateValues, items: [UInt8]? = nil) -> HTTPResponse {
    var bytes: [UInt8] = []
    var type = "application/json"
    switch body {
    case .json(let template): _ = template.append(values, items: items, to: &bytes)
    case .text(let text):
      bytes = Array(text.utf8)
      type = text.hasPrefix("<") ? "text/html" : "text/plain"
    }
    let own = headers.map { HTTPHeader($0.name.lowercased(), $0.value) }
    let hasType = own.contains { $0.name == "content-type" }
    return HTTPResponse(
      status: status, headers: own + (hasType ? [] : [HTTPHeader("content-type", type)]),
      body: bytes)
  }
}
