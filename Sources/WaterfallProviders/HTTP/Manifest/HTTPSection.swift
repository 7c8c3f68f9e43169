public import WaterfallCore

/// How a provider is asked over HTTP: the `http` section of its manifest.
public struct HTTPSection: Sendable, Equatable {
  /// The prefix of every path, without a slash at its end.
  public let base: String
  let auth: HTTPAuth?
  let headers: [HeaderTemplate]
  /// Of one key, all at once.
  public let limits: [RateWindow]
  /// The most exchanges of one key at once.
  let concurrency: Int?
  let timeouts: HTTPTimeouts
  let retries: RetryPlan
  /// The name of the header that carries the idempotency key, where the provider honours one.
  let idempotencyHeader: String?
  let redirects: RedirectRule
  let finds: [Field: HTTPOperation]
  let verifies: [Field: HTTPOperation]

  /// Whether it can be asked with a key at all.
  public var takesKey: Bool { auth != nil }

  /// Whether it cannot be asked without a key.
  public var needsKey: Bool { auth.map { !$0.isOptional } ?? false }

  /// Whether the answer for a field may not be ready at once, and is waited for.
  public func isAsync(_ role: AttemptID.Role, _ field: Field) -> Bool {
    let operation = operation(role, field)
    return operation?.poll != nil || operation?.again != nil
  }

  /// Whether many questions about a field go into one exchange.
  public func isBatched(_ role: AttemptID.Role, _ field: Field) -> Bool {
    operation(role, field)?.batch != nil
  }

  func operation(_ role: AttemptID.Role, _ field: Field) -> HTTPOperation? {
    role == .finder ? finds[field] : verifies[field]
  }
}

/// Where the key goes.
struct HTTPAuth: Sendable, Equatable {
  enum Place: Sendable, Equatable {
    /// Headers whose values are templates of `{key}`, `{key.1}` and `{key.2}`.
    case headers([HeaderTemplate])
    case query(String)
    case basic(user: Template, password: Template)
    /// Client credentials (RFC 6749 §4.4): the key is `client_id:client_secret`.
    case oauth2(tokenURL: String, scope: String?)
  }

  let place: Place
  /// Whether the provider can be asked without a key, too.
  let isOptional: Bool

  /// Whether the key has to be two parts, `identifier:secret`.
  var takesPair: Bool {
    switch place {
    case .headers(let headers): headers.contains { $0.value.names.contains("key.2") }
    case .query: false
    case .basic(let user, let password): (user.names + password.names).contains("key.2")
    case .oauth2: true
    }
  }
}

struct HeaderTemplate: Sendable, Equatable {
  let name: String
  let value: Template
}

/// So many requests in any stretch of time.
public struct RateWindow: Sendable, Equatable {
  public let requests: Int
  public let per: Duration
}

/// How failed exchanges are repeated.
struct RetryPlan: Sendable, Equatable {
  /// Repetitions after the first exchange.
  var most = 3
  /// Before the first repetition; doubled for each further one, and jittered.
  var wait = Duration.seconds(1)
  /// No single wait is longer; a provider that asks for more patience ends the attempt.
  var longest = Duration.seconds(30)
}

/// What becomes of a question that was sent and never answered.
enum UnknownRule: String, Sendable, CaseIterable {
  /// It is asked again: asking twice costs nothing twice.
  case `repeat`
  /// It is given up: nothing is charged, and the attempt is recorded as unknown.
  case void
}

/// One thing that a provider does.
struct HTTPOperation: Sendable, Equatable {
  /// By input set; one request with no set named serves them all.
  let requests: [RequestTemplate]
  /// The operation's own rules, then the shared ones.
  let rules: [ResponseRule]
  /// jq; nil for verifiers.
  let value: String?
  /// jq that fits an answer which says that there is no value; nil where any without one does.
  let miss: String?
  let verdict: VerdictMap?
  let confidence: String?
  let cost: String?
  let onUnknown: UnknownRule
  let poll: PollPlan?
  let again: RepeatPlan?
  let batch: BatchPlan?

  func request(for set: [InputName]) -> RequestTemplate? {
    requests.first { $0.inputs == nil || $0.inputs == set }
  }
}

struct RequestTemplate: Sendable, Equatable {
  enum Body: Sendable, Equatable {
    case json(JSONTemplate)
    case form([Parameter])
  }

  struct Parameter: Sendable, Equatable {
    let name: String
    let value: Template
  }

  /// The input set that this request is for; nil for any.
  let inputs: [InputName]?
  let method: String
  /// An absolute URL's template, or a path's that follows the section's base.
  let target: Template
  let isAbsolute: Bool
  let query: [Parameter]
  let headers: [HeaderTemplate]
  let body: Body?
}

/// A condition on a response, and what it means.
struct ResponseRule: Sendable, Equatable {
  /// nil for any status.
  let statuses: [StatusPattern]?
  /// jq on the body; the rule fits where it is truthy.
  let condition: String?
  let meaning: ResponseClass
}

enum StatusPattern: Sendable, Equatable {
  case exactly(Int)
  /// All statuses that begin with this digit.
  case hundreds(Int)

  func matches(_ status: Int) -> Bool {
    switch self {
    case .exactly(let wanted): status == wanted
    case .hundreds(let digit): status / 100 == digit
    }
  }
}

/// What a response means, before its value is looked at.
public enum ResponseClass: String, Sendable, CaseIterable {
  /// Go on to the value or the verdict.
  case hit
  case miss
  case refused
  case unavailable
  case rateLimited = "rate_limited"
  case quota
  case credentials
  case malformed
  /// Not ready: poll or ask again.
  case pending

  /// The failure that it ends in; nil for the classes that are none.
  var failure: FailureReason? {
    switch self {
    case .hit, .miss, .pending: nil
    case .refused: .refused
    case .unavailable: .unavailable
    case .rateLimited: .rateLimited
    case .quota: .quota
    case .credentials: .credentials
    case .malformed: .malformed
    }
  }
}

/// A provider's words for its verdicts.
struct VerdictMap: Sendable, Equatable {
  /// jq that yields the word.
  let of: String
  let words: [String: VerdictWord]
  /// For words that the map does not have; without it a verifier’s answer is malformed, and a
  /// finder’s has no claim. A finder’s value without a word takes it, too.
  let otherwise: VerdictWord?
}

/// The verdicts that a manifest can name.
public enum VerdictWord: String, Sendable, CaseIterable {
  case valid
  case invalid
  case catchAll = "catch_all"
  case risky
  case unknown
  case landline
  case someoneElse = "someone_else"

  public var verdict: Verdict {
    switch self {
    case .valid: .valid
    case .invalid: Verdict(.invalid, .nonexistent)
    case .catchAll: Verdict(.risky, .catchAll)
    case .risky: Verdict(.risky, .undetermined)
    case .unknown: Verdict(.unverified, .undetermined)
    case .landline: Verdict(.invalid, .landline)
    case .someoneElse: Verdict(.invalid, .someoneElse)
    }
  }
}

/// Submit first, then poll for the answer.
struct PollPlan: Sendable, Equatable {
  /// jq on the submission's answer.
  let job: String
  let every: Duration
  let most: Duration
  let request: RequestTemplate
  let rules: [ResponseRule]
}

/// Ask the same again until it is ready.
struct RepeatPlan: Sendable, Equatable {
  let every: Duration
  let most: Duration
}

/// Many questions in one exchange.
struct BatchPlan: Sendable, Equatable {
  let most: Int
  /// How long the first question waits for company.
  let wait: Duration
  let request: RequestTemplate
  let item: JSONTemplate
  /// jq: the list of answers.
  let items: String
  /// jq on one answer: the number of the question that it is for; nil for answers by position.
  let reference: String?
}
