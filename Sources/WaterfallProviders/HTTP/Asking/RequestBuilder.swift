import Hashing
import WaterfallCore

/// Makes requests from templates, with every value encoded for its place.
struct RequestBuilder: Sendable {
  let section: HTTPSection
  let access: HTTPAccess
  let id: ProviderID

  /// What is particular to one request.
  struct Details {
    var values: TemplateValues
    /// The items of a batch, as JSON.
    var items: [UInt8]?
    var idempotencyKey: String?
    /// For a sandbox: everything that the row says.
    var row: Inputs?
    /// For a sandbox: what is asked, where several fields share one request.
    var operation: SandboxOperation?
  }

  /// Credentials, ready for their place.
  struct Credentials: Sendable {
    var headers: [HTTPHeader] = []
    var query: [(name: String, value: String)] = []
  }

  /// nil where a value that the target needs is not defined, or would change the path.
  func request(
    _ template: RequestTemplate, _ details: Details, _ credentials: Credentials
  ) -> HTTPRequest? {
    guard let target = template.target.render(details.values, encode: TextEncoding.percent),
      !Self.hasDotSegment(target)
    else { return nil }
    var url = template.isAbsolute ? rebased(target) : (access.base ?? section.base) + target
    let query =
      parameters(template.query, details.values)
      + credentials.query.map {
        TextEncoding.percent($0.name) + "=" + TextEncoding.percent($0.value)
      }
    if !query.isEmpty { url += (url.contains("?") ? "&" : "?") + query.joined(separator: "&") }
    var request = HTTPRequest(
      method: template.method, url: url, timeouts: section.timeouts, redirects: section.redirects)
    for header in section.headers + template.headers {
      guard let value = header.value.render(details.values) else { continue }
      request.headers.append(HTTPHeader(header.name, value))
    }
    request.headers += credentials.headers
    addBody(template.body, details, to: &request)
    addKeys(details, to: &request)
    return request
  }

  /// A part `.` or `..` of a path leads elsewhere, and no encoding of it is safe (RFC 3986 §5.2.4).
  private static func hasDotSegment(_ target: String) -> Bool {
    target.prefix { $0 != "?" && $0 != "#" }.split(separator: "/").contains {
      $0 == "." || $0 == ".."
    }
  }

  private func parameters(
    _ list: [RequestTemplate.Parameter], _ values: TemplateValues
  ) -> [String] {
    list.compactMap { parameter in
      parameter.value.render(values).map {
        TextEncoding.percent(parameter.name) + "=" + TextEncoding.percent($0)
      }
    }
  }

  private func addBody(
    _ body: RequestTemplate.Body?, _ details: Details, to request: inout HTTPRequest
  ) {
    switch body {
    case nil: return
    case .json(let template):
      var bytes: [UInt8] = []
      if !template.append(details.values, items: details.items, to: &bytes) {
        bytes = Array("{}".utf8)
      }
      request.body = bytes
      addType("application/json", to: &request)
    case .form(let list):
      let text = parameters(list, details.values).joined(separator: "&")
      request.body = Array(text.utf8)
      addType("application/x-www-form-urlencoded", to: &request)
    }
  }

  private func addType(_ type: String, to request: inout HTTPRequest) {
    guard !request.headers.contains(where: { $0.name.lowercased() == "content-type" }) else {
      return
    }
    request.headers.append(HTTPHeader("Content-Type", type))
  }

  private func addKeys(_ details: Details, to request: inout HTTPRequest) {
    let isSandbox = access.sandboxSeed != nil
    if let key = details.idempotencyKey,
      let name = isSandbox ? SandboxHeader.idempotencyKey : section.idempotencyHeader
    {
      request.headers.append(HTTPHeader(name, key))
    }
    guard let seed = access.sandboxSeed else { return }
    request.headers.append(HTTPHeader(SandboxHeader.seed, String(seed)))
    if let operation = details.operation {
      request.headers.append(HTTPHeader(SandboxHeader.field, operation.name))
    }
    guard let row = details.row else { return }
    if let value = details.values["value"] {
      request.headers.append(HTTPHeader(SandboxHeader.value, TextEncoding.percent(value)))
    }
    let text = zip(row.names, row.values).filter { !$0.1.isEmpty }.map {
      $0.0.rawValue + "=" + TextEncoding.percent($0.1)
    }
    request.headers.append(HTTPHeader(SandboxHeader.row, text.joined(separator: "&")))
  }

  /// An absolute URL under another base: what follows the manifest's base, or else host and path
  /// after an `@`.
  func rebased(_ url: String) -> String {
    guard let base = access.base else { return url }
    if url.hasPrefix(section.base) { return base + url.dropFirst(section.base.count) }
    let rest = url.drop { $0 != ":" }.dropFirst(3)
    return base + "/@" + rest
  }
}

extension Question {
  /// The same on every repetition, in every process: a SHA-256 of the workspace, the run, the
  /// cell, its generation, and the step. Never of a time, a price or a worker. Where an earlier
  /// process may have asked the same for another row, it is the key of that one.
  var idempotencyKey: String {
    let attempt = sentFor ?? attempt
    let cell = attempt.cell
    let parts = [
      "waterfall/1", workspace, "\(cell.run)", "\(cell.row)", "\(cell.column)",
      "\(cell.generation)", "\(attempt.step)", "\(attempt.role.rawValue)",
    ]
    return SHA256.digest(parts.joined(separator: "|")).hexadecimal
  }
}
