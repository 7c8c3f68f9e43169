import Hashing
import WaterfallCore

/// Whether a request brings a key where the manifest says it goes. Every key is a good one.
struct KeyCheck: Sendable {
  private let auth: HTTPAuth?

  init(_ auth: HTTPAuth?) { self.auth = auth }

  /// The query parameter that carries the key.
  var parameter: String? {
    if case .query(let name) = auth?.place { name } else { nil }
  }

  func accepts(_ request: SandboxRequest) -> Bool {
    guard let auth else { return true }
    return hasKey(auth.place, request) || auth.isOptional && lacksAll(auth.place, request)
  }

  private func hasKey(_ place: HTTPAuth.Place, _ request: SandboxRequest) -> Bool {
    switch place {
    case .headers(let headers):
      var matching = Matching()
      for header in headers {
        guard let value = request[header: header.name.lowercased()] else { return false }
        do { try matching.match(header.value, value) } catch { return false }
      }
      return true
    case .query(let name):
      let found = TextDecoding.parameters(request.query[...]) ?? []
      return found.contains { $0.name == name && !$0.value.isEmpty }
    case .basic(let user, let password):
      guard let value = request[header: "authorization"], value.hasPrefix("Basic "),
        let pair = TextDecoding.base64(value.dropFirst(6))
      else { return false }
      var matching = Matching()
      let whole = Template(parts: user.parts + [.text(":")] + password.parts)
      do { try matching.match(whole.withoutEmptyParts, pair) } catch { return false }
      return true
    case .oauth2:
      let token = request[header: "authorization"] ?? ""
      return token.hasPrefix("Bearer " + SandboxToken.prefix)
    }
  }

  private func lacksAll(_ place: HTTPAuth.Place, _ request: SandboxRequest) -> Bool {
    switch place {
    case .headers(let headers):
      headers.allSatisfy { request[header: $0.name.lowercased()] == nil }
    case .query: true
    case .basic, .oauth2: request[header: "authorization"] == nil
    }
  }
}

extension Template {
  fileprivate var withoutEmptyParts: Template {
    Template(parts: parts.filter { $0 != .text("") })
  }
}

/// OAuth 2 in a sandbox: any client gets a token, and only such tokens are taken.
enum SandboxToken {
  static let prefix = "sandbox-token-"

  /// The answer to a request for a token (RFC 6749 §4.4).
  static func answer(_ request: SandboxRequest) -> HTTPResponse {
    let form = TextDecoding.parameters(
      Substring(String(decoding: request.body, as: UTF8.self)))
    func value(_ name: String) -> String {
      form?.first { $0.name == name }?.value ?? ""
    }
    guard request.method == "POST", value("grant_type") == "client_credentials",
      !value("client_id").isEmpty, !value("client_secret").isEmpty
    else {
      return response(401, #"{"error":"invalid_client"}"#)
    }
    let token = prefix + SHA256.digest(value("client_id")).hexadecimal.prefix(24)
    return response(
      200, #"{"access_token":"\#(token)","token_type":"bearer","expires_in":3600}"#)
  }

  private static func response(_ status: Int, _ body: String) -> HTTPResponse {
    HTTPResponse(
      status: status, headers: [HTTPHeader("content-type", "application/json")],
      body: Array(body.utf8))
  }
}
