public import Foundation
public import WaterfallCore

/// With what, and where, a provider is asked: everything that is not in its manifest.
public struct HTTPAccess: Sendable {
  /// The key, as the user keeps it; nil where there is none. Called once, when it is needed.
  public typealias KeyReader = @Sendable () throws(UserError) -> String?

  let transport: any HTTPTransport
  let key: KeyReader
  /// Replaces the manifest's base: another host that speaks the same dialect.
  let base: String?
  /// The seed of the simulated world behind a sandbox; nil for real providers.
  let sandboxSeed: UInt64?
  /// How patiently is waited between exchanges: a sandbox needs a twentieth of what a manifest
  /// says, which keeps rehearsals short.
  var patience: Double { sandboxSeed == nil ? 1 : 0.05 }
  /// Told in words, once for each kind, what went wrong with a provider as such.
  let report: @Sendable (ProviderID, AnswerFailure) -> Void
  /// Takes keys out of what providers say. It is told of every token that one gives for a key.
  let redaction: Redaction
  /// The time by which limits, pauses and waits are kept; that of the transport's timers.
  let now: Clock
  /// The date and time, for providers that name a point in time.
  let date: Calendar

  public typealias Clock = @Sendable () -> ContinuousClock.Instant
  public typealias Calendar = @Sendable () -> Date

  public init(
    transport: any HTTPTransport, base: String? = nil, sandboxSeed: UInt64? = nil,
    now: @escaping Clock = { ContinuousClock.now }, date: @escaping Calendar = { Date() },
    report: @escaping @Sendable (ProviderID, AnswerFailure) -> Void = { _, _ in },
    redaction: Redaction = Redaction(),
    key: @escaping KeyReader
  ) {
    self.transport = transport
    self.key = key
    self.base = base
    self.sandboxSeed = sandboxSeed
    self.report = report
    self.redaction = redaction
    self.now = now
    self.date = date
  }
}

/// Headers between a run and a sandbox, which nobody else is sent.
public enum SandboxHeader {
  /// The seed of the world that answers.
  public static let seed = "Waterfall-Sandbox-Seed"
  /// Everything that the row says, as a query string: the world knows a person by all of it, where
  /// a request in the provider's dialect says less.
  public static let row = "Waterfall-Sandbox-Row"
  /// The value that a verifier is to judge, percent-encoded: a request may have it changed by a
  /// filter only.
  public static let value = "Waterfall-Sandbox-Value"
  /// What is asked, such as `finds.work_email`: several fields may share one request.
  public static let field = "Waterfall-Sandbox-Field"
  /// Named for every provider there.
  public static let idempotencyKey = "Idempotency-Key"
  /// In an answer: its text is the sandbox's own, on a request that the provider would not get.
  public static let complaint = "Waterfall-Sandbox-Complaint"

  // As they come in.
  public static let lowerSeed = seed.lowercased()
  static let lowerRow = row.lowercased()
  static let lowerValue = value.lowercased()
  static let lowerField = field.lowercased()
  public static let lowerIdempotencyKey = idempotencyKey.lowercased()
  static let lowerComplaint = complaint.lowercased()
}
