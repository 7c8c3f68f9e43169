/// Something that goes wrong on purpose between a provider and whoever asks it.
public struct Fault: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable {
    // The answer is given, and is spoilt or delayed on its way.
    case latency
    /// It never arrives.
    case timeout
    /// The connection is reset in the middle of the body.
    case reset
    /// The body ends too early, though its length is right.
    case truncated
    /// It comes twice, and the second one was not asked for.
    case duplicate
    /// It comes byte by byte.
    case slowLoris = "slow_loris"

    // Something else comes instead of the answer.
    case rateLimited = "rate_limited"
    case unavailable
    /// The key is not accepted.
    case credentials
    /// The account with the provider is used up.
    case quota
    /// JSON that is none.
    case malformed
    /// An error with status 200.
    case errorWith200 = "error_200"
    /// A page for people.
    case wrongType = "wrong_type"
    /// Compressed zeros, far more than anybody wants.
    case gzipBomb = "gzip_bomb"
    /// To another host.
    case redirect

    // Answers that are fetched later.
    /// Not ready yet, for longer than usual.
    case late
    /// The job is not known any more.
    case unknownJob = "unknown_job"

    /// Whether the answer was made before something happened to it; what was made is paid for.
    public var followsAnswer: Bool {
      switch self {
      case .latency, .timeout, .reset, .truncated, .duplicate, .slowLoris: true
      default: false
      }
    }
  }

  public var kind: Kind
  /// `latency`: before the answer. `slow_loris`: before each byte.
  public var wait: Duration?
  /// `rate_limited`, `unavailable`: the seconds of the header `Retry-After`.
  public var retryAfter = RetryAfter.asItIs
  /// `gzip_bomb`: bytes after decompression.
  public var size = 64 << 20
  /// `late`: how often more it is not ready.
  public var polls = 1
  /// `redirect`: where to.
  public var location = "https://elsewhere.example/"

  public enum RetryAfter: Sendable, Equatable {
    /// As the provider's own words have it.
    case asItIs
    case leftOut
    case seconds(Int)
  }

  public init(_ kind: Kind, wait: Duration? = nil) {
    self.kind = kind
    self.wait = wait
  }
}

/// Where a fault could strike: one exchange with a provider.
public struct FaultSite: Sendable {
  public enum Stage: String, Sendable, CaseIterable {
    /// A question that is answered at once.
    case question
    case submission
    case poll
    case batch
  }

  public let operation: SandboxOperation
  public let stage: Stage
  /// Whether “not ready yet” can be said there.
  public let canBeLate: Bool
  /// Whether the dialect has an error with status 200 that asks for patience.
  public let hasErrorWith200: Bool

  func admits(_ kind: Fault.Kind) -> Bool {
    switch kind {
    case .late: canBeLate
    case .unknownJob: stage == .poll
    default: true
    }
  }
}
