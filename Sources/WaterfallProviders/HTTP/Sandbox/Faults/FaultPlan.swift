public import WaterfallCore

/// Which faults happen: by a rate, or by rules.
public struct FaultPlan: Sendable, Equatable {
  /// Faulty exchanges ÷ exchanges that no rule decides about.
  public var rate = 0.0
  public var seed: UInt64 = 0
  /// The first that fits decides.
  public var rules: [FaultRule] = []

  public static let none = FaultPlan()

  public init() {}

  /// Chance leaves a question alone after so many faults at one stage, so that whoever asks again
  /// gets through.
  public static let mostByChance = 2

  /// The fault that chance has for this exchange: always the same for the same seed, key and
  /// occurrence. Only faults that a patient client outlives, and short ones.
  ///
  /// - Parameters:
  ///   - key: of the question, where it has one; else of what the request says.
  ///   - occurrence: how often the key was here before.
  public func drawn(_ site: FaultSite, key: String, occurrence: Int) -> Fault? {
    guard rate > 0 else { return nil }
    let draw = Chance.key(
      Chance.mix(seed ^ 0x6661_756c) ^ Chance.key(of: key),
      UInt64(truncatingIfNeeded: occurrence &* 8 &+ site.stage.number))
    guard Chance.uniform(Chance.key(draw, 1)) < rate else { return nil }
    let fitting = Self.choices.filter { choice in
      site.admits(choice.fault.kind)
        && (choice.fault.kind != .errorWith200 || site.hasErrorWith200)
    }
    let total = fitting.reduce(0) { $0 + $1.weight }
    var place = Chance.index(Chance.key(draw, 2), below: total)
    for choice in fitting {
      if place < choice.weight { return choice.fault.drawn(Chance.key(draw, 3)) }
      place -= choice.weight
    }
    return nil
  }

  private static let choices: [(fault: Fault, weight: Int)] = {
    var hurried = Fault(.rateLimited)
    hurried.retryAfter = .seconds(0)
    var wordless = Fault(.rateLimited)
    wordless.retryAfter = .leftOut
    var busy = Fault(.unavailable)
    busy.retryAfter = .leftOut
    var bomb = Fault(.gzipBomb)
    bomb.size = 16 << 20
    return [
      (Fault(.latency, wait: .milliseconds(100)), 120), (hurried, 30), (wordless, 30), (busy, 60),
      (Fault(.reset), 50), (Fault(.malformed), 25), (Fault(.truncated), 25),
      (Fault(.wrongType), 20), (Fault(.errorWith200), 15), (bomb, 4), (Fault(.late), 10),
      (Fault(.slowLoris, wait: .milliseconds(1)), 10), (Fault(.timeout), 1),
    ]
  }()
}

extension Fault {
  /// The fault with a wait of its own.
  fileprivate func drawn(_ draw: UInt64) -> Fault {
    guard kind == .latency, let most = wait else { return self }
    var fault = self
    fault.wait = most * Chance.uniform(draw)
    return fault
  }
}

extension FaultSite.Stage {
  fileprivate var number: Int {
    switch self {
    case .question: 0
    case .submission: 1
    case .poll: 2
    case .batch: 3
    }
  }
}

/// A fault, and the exchanges that it is for. What is left out fits all.
public struct FaultRule: Sendable, Equatable {
  public var fault: Fault
  public var provider: ProviderID?
  public var role: AttemptID.Role?
  public var field: Field?
  public var stage: FaultSite.Stage?
  /// Counted from 1 among the exchanges that fit so far.
  public var nth: Set<Int> = []
  /// Every so many of them.
  public var every: Int?
  /// Counted from 1 among the exchanges of one question at one stage.
  public var attempt: Set<Int> = []

  public init(_ fault: Fault) { self.fault = fault }

  /// Whether it is about exchanges like this one, before anything is counted.
  public func concerns(_ provider: ProviderID, _ site: FaultSite) -> Bool {
    (self.provider ?? provider) == provider
      && (role ?? site.operation.role) == site.operation.role
      && (field ?? site.operation.field) == site.operation.field
      && (stage ?? site.stage) == site.stage && site.admits(fault.kind)
  }

  /// Whether it strikes the `count`-th of them (from 1), which is the `attempt`-th of its question.
  public func strikes(count: Int, attempt: Int) -> Bool {
    guard self.attempt.isEmpty || self.attempt.contains(attempt) else { return false }
    if nth.isEmpty, every == nil { return true }
    return nth.contains(count) || every.map { count % $0 == 0 } ?? false
  }
}
