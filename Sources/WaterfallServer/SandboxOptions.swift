public import WaterfallProviders

/// How a sandbox is run.
public struct SandboxOptions: Sendable {
  public var host = "127.0.0.1"
  /// 0 for any free port.
  public var port = 0
  /// The world that answers requests that do not name one.
  public var seed: UInt64 = 0
  /// How often a job is “not ready yet” before its answer, where the dialect can say so.
  public var pendingPolls = 1
  /// Before every answer.
  public var latency = Duration.zero
  public var faults = FaultPlan.none
  /// A name for this sandbox that no other one has had: the jobs of questions without an
  /// idempotency key have it in theirs.
  public var session = ""

  public init() {}
}
