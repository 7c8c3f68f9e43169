import Hashing
import WaterfallCore

// MARK: Faults

extension ProviderDialect {
  /// The job of a submission with this key: always the same, here and after a restart.
  public func job(for operation: SandboxOperation, key: String) -> String {
    String(SHA256.digest("job|\(id)|\(operation.name)|\(key)").hexadecimal.prefix(24))
  }

  public func faultSite(_ operation: SandboxOperation, _ stage: FaultSite.Stage) -> FaultSite {
    let plan = section.operation(operation.role, operation.field)
    return FaultSite(
      operation: operation, stage: stage,
      canBeLate: hasPending(operation)
        && (stage == .poll || stage == .question && plan?.again != nil),
      hasErrorWith200: [FailureReason.rateLimited, .unavailable].contains { error($0, 200) != nil })
  }

  /// What comes instead of an answer.
  public func response(instead fault: Fault) -> HTTPResponse {
    switch fault.kind {
    case .rateLimited: return failure(.rateLimited).retrying(fault.retryAfter)
    case .unavailable: return failure(.unavailable).retrying(fault.retryAfter)
    case .credentials: return failure(.credentials)
    case .quota: return failure(.quota)
    case .errorWith200:
      let reasons: [FailureReason] = [.rateLimited, .unavailable, .quota, .refused, .credentials]
      return reasons.lazy.compactMap { self.error($0, 200) }.first
        ?? HTTPResponse(
          status: 200, headers: [.type("application/json")],
          body: Array(#"{"error":{"message":"Something went wrong."}}"#.utf8))
    case .malformed:
      return HTTPResponse(
        status: 200, headers: [.type("application/json")], body: Array(#"{"data":[{"#.utf8))
    case .wrongType:
      return HTTPResponse(
        status: 200, headers: [.type("text/html")],
        body: Array("<!doctype html><title>Sign in</title><p>Please sign in.\n".utf8))
    case .gzipBomb:
      return HTTPResponse(
        status: 200, headers: [.type("application/json"), HTTPHeader("content-encoding", "gzip")],
        body: GzipBomb.zeros(fault.size))
    case .redirect:
      return HTTPResponse(status: 302, headers: [HTTPHeader("location", fault.location)])
    case .late, .unknownJob, .latency, .timeout, .reset, .truncated, .duplicate,
      .slowLoris:
      return failure(.unavailable)
    }
  }

  private func error(_ reason: FailureReason, _ status: Int) -> HTTPResponse? {
    fixtures.errors.first { $0.kind == reason.rawValue && $0.response.status == status }?
      .response.render(TemplateValues())
  }
}

extension HTTPHeader {
  fileprivate static func type(_ type: String) -> HTTPHeader { HTTPHeader("content-type", type) }
}

extension HTTPResponse {
  fileprivate func retrying(_ rule: Fault.RetryAfter) -> HTTPResponse {
    var response = self
    switch rule {
    case .asItIs: return self
    case .leftOut: response.headers.removeAll { $0.name == "retry-after" }
    case .seconds(let seconds):
      response.headers.removeAll { $0.name == "retry-after" }
      response.headers.append(HTTPHeader("retry-after", String(seconds)))
    }
    return response
  }
}
