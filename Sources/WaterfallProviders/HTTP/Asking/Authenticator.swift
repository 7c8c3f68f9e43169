import Foundation
import Synchronization
public import WaterfallCore

/// Puts the key where a provider wants it; fetches and keeps tokens where it wants those.
final class Authenticator: Sendable {
  typealias Reply = @Sendable (Result<RequestBuilder.Credentials, AnswerFailure>) -> Void

  private enum State {
    case untried
    case ready(RequestBuilder.Credentials)
    case failed(AnswerFailure)
    /// No token can be had for a while: the provider said so.
    case resting(AnswerFailure, until: ContinuousClock.Instant)
    /// A token is being fetched; these wait for it.
    case fetching([Reply])
    case token(RequestBuilder.Credentials, until: ContinuousClock.Instant)
  }

  /// In seconds; a token that claims to live longer is renewed all the same.
  private static let longestLife = 86_400.0

  private let auth: HTTPAuth?
  private let builder: RequestBuilder
  private let state = Mutex(State.untried)

  init(_ builder: RequestBuilder) {
    self.auth = builder.section.auth
    self.builder = builder
  }

  /// Whether credentials do not stay the same.
  var usesTokens: Bool {
    if case .oauth2 = auth?.place { true } else { false }
  }

  private enum Next {
    case known(Result<RequestBuilder.Credentials, AnswerFailure>)
    case fetch(HTTPRequest)
    case wait
  }

  /// Replies with credentials: at once where they are known, else on the transport's thread.
  func credentials(_ reply: @escaping Reply) {
    let next = state.withLock { state -> Next in
      switch state {
      case .ready(let credentials): return .known(.success(credentials))
      case .failed(let failure): return .known(.failure(failure))
      case .token(let credentials, let until) where builder.access.now() < until:
        return .known(.success(credentials))
      case .fetching(let waiting):
        state = .fetching(waiting + [reply])
        return .wait
      case .resting(let failure, let until) where builder.access.now() < until:
        return .known(.failure(failure))
      case .untried, .token, .resting:
        let (begun, request) = begin()
        state = request == nil ? begun : .fetching([reply])
        switch begun {
        case .ready(let credentials): return .known(.success(credentials))
        case .failed(let failure): return .known(.failure(failure))
        default: return request.map { .fetch($0) } ?? .wait
        }
      }
    }
    switch next {
    case .known(let result): reply(result)
    case .fetch(let request): fetch(request)
    case .wait: break
    }
  }

  /// The provider does not take this token any more: the next one who asks fetches another. One
  /// that has been fetched since is kept: many may have asked with the old one.
  func forget(_ refused: RequestBuilder.Credentials) {
    state.withLock { state in
      guard case .token(let token, _) = state, token.headers == refused.headers else { return }
      state = .untried
    }
  }

  private func begin() -> (State, HTTPRequest?) {
    guard let auth else { return (.ready(RequestBuilder.Credentials()), nil) }
    let key: String?
    do { key = try builder.access.key() } catch {
      return (.failed(AnswerFailure(.credentials, "\(error)")), nil)
    }
    guard let key, !key.isEmpty else {
      guard auth.isOptional else {
        return (.failed(AnswerFailure(.credentials, "there is no key for \(builder.id)")), nil)
      }
      return (.ready(RequestBuilder.Credentials()), nil)
    }
    var values = TemplateValues()
    values["key"] = key
    let halves = key.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    values["key.1"] = String(halves[0])
    values["key.2"] = halves.count == 2 ? String(halves[1]) : nil
    return credentials(auth.place, values)
  }

  private func credentials(
    _ place: HTTPAuth.Place, _ values: TemplateValues
  ) -> (State, HTTPRequest?) {
    var credentials = RequestBuilder.Credentials()
    let incomplete = State.failed(
      AnswerFailure(.credentials, "the key of \(builder.id) has to be two parts with a colon"))
    switch place {
    case .headers(let headers):
      for header in headers {
        guard let value = header.value.render(values) else { return (incomplete, nil) }
        credentials.headers.append(HTTPHeader(header.name, value))
      }
    case .query(let name):
      credentials.query.append((name, values["key"] ?? ""))
    case .basic(let user, let password):
      guard let user = user.render(values), let password = password.render(values) else {
        return (incomplete, nil)
      }
      let token = TextEncoding.base64("\(user):\(password)")
      credentials.headers.append(HTTPHeader("Authorization", "Basic \(token)"))
    case .oauth2(let url, let scope):
      guard let client = values["key.1"], let secret = values["key.2"] else {
        return (incomplete, nil)
      }
      return (.untried, tokenRequest(url, client, secret, scope))
    }
    return (.ready(credentials), nil)
  }

  // MARK: Tokens

  private func tokenRequest(
    _ url: String, _ client: String, _ secret: String, _ scope: String?
  ) -> HTTPRequest {
    var form = [
      ("grant_type", "client_credentials"), ("client_id", client), ("client_secret", secret),
    ]
    if let scope { form.append(("scope", scope)) }
    let body = form.map { $0.0 + "=" + TextEncoding.percent($0.1) }.joined(separator: "&")
    return HTTPRequest(
      method: "POST", url: builder.rebased(url),
      headers: [HTTPHeader("Content-Type", "application/x-www-form-urlencoded")],
      body: Array(body.utf8), timeouts: builder.section.timeouts)
  }

  /// Fetches one token for all who wait. What may change is tried again, here and for all of them:
  /// to ask for a token twice hurts nobody.
  private func fetch(_ request: HTTPRequest, repetition: Int = 0) {
    builder.access.transport.send(request) { [self] result in
      let (next, outcome, asked) = token(result)
      let plan = builder.section.retries
      var random = SystemRandomNumberGenerator()
      let wait = max(Backoff.wait(plan, repetition: repetition, using: &random), asked ?? .zero)
      if case .untried = next, repetition < plan.most, wait <= plan.longest * 2 {
        return builder.access.transport.schedule(after: wait * builder.access.patience) { [self] in
          fetch(request, repetition: repetition + 1)
        }
      }
      var end = next
      if case .untried = next, case .failure(let failure) = outcome, let asked {
        let rest = min(asked, HTTPProvider.longestPause) * builder.access.patience
        end = .resting(failure, until: builder.access.now() + rest)
      }
      let waiting = state.withLock { state -> [Reply] in
        guard case .fetching(let waiting) = state else { return [] }
        state = end
        return waiting
      }
      for reply in waiting { reply(outcome) }
    }
  }

  private struct Token: Decodable {
    let token: String
    /// In seconds. Some servers write the number as a text; what is neither is not said.
    let life: Double?

    enum CodingKeys: String, CodingKey {
      case token = "access_token"
      case life = "expires_in"
    }

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      token = try values.decode(String.self, forKey: .token)
      life =
        (try? values.decode(Double.self, forKey: .life))
        ?? (try? values.decode(String.self, forKey: .life)).flatMap { Double($0) }
    }
  }

  /// What becomes of it, for whom it is told, and how long the provider wants to be left alone.
  private func token(
    _ result: Result<HTTPResponse, HTTPFailure>
  ) -> (State, Result<RequestBuilder.Credentials, AnswerFailure>, asked: Duration?) {
    let failure: AnswerFailure
    var asked: Duration?
    switch result {
    case .success(let response) where (200..<300).contains(response.status):
      if let token = try? JSONDecoder().decode(Token.self, from: Data(response.body)) {
        builder.access.redaction.add(Secret(token.token, of: builder.id))
        let credentials = RequestBuilder.Credentials(
          headers: [HTTPHeader("Authorization", "Bearer \(token.token)")])
        // Renewed a little early, so that none expires on its way.
        let life = min(max(1, (token.life ?? 3600) - 30), Self.longestLife)
        return (
          .token(credentials, until: builder.access.now() + .seconds(life)),
          .success(credentials), nil
        )
      }
      failure = AnswerFailure(.malformed, "the token's answer is malformed")
    case .success(let response):
      let isRefused =
        (400..<500).contains(response.status) && ![408, 425, 429].contains(response.status)
      asked = RateHeaders.retryAfter(response, now: builder.access.date())
      let words = ErrorWords.ofSandbox(response, builder.access.redaction)
      failure = AnswerFailure(
        isRefused ? .credentials : .unavailable,
        "no token was given: status \(response.status)" + (words.map { ": “\($0)”" } ?? ""))
    case .failure(let error):
      failure = AnswerFailure(.notSent, "no token was given: \(error.message)")
    }
    // A refused key stays refused; anything else is tried again.
    return (failure.reason == .credentials ? .failed(failure) : .untried, .failure(failure), asked)
  }
}

/// Why a question was not answered, with a note in words for the user.
public struct AnswerFailure: Error, Sendable, Equatable {
  public let reason: FailureReason
  public let note: String
  /// Whether the question may have been done all the same: then its outcome is unknown.
  public let leavesOpen: Bool

  init(_ reason: FailureReason, _ note: String, leavesOpen: Bool = false) {
    self.reason = reason
    self.note = note
    self.leavesOpen = leavesOpen
  }
}
