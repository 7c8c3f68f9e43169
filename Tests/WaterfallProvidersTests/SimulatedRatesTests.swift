import Testing
import WaterfallCore

@testable import WaterfallProviders

/// The figures of a manifest come out of the simulated world, within what chance allows.
@Suite struct SimulatedRatesTests {
  let world = SimulatedWorld(seed: Samples.seed)

  struct Counts {
    var answered = 0
    var hits = 0
    var valid = 0
    var risky = 0
    var landlines = 0
  }

  /// Five standard deviations of a share over `count` draws: one false alarm in two million.
  /// People share companies in threes, which makes three draws as good as one at worst.
  func bound(_ share: Double, _ count: Int) -> Double {
    5 * (max(share * (1 - share), 0.002) * 3 / Double(max(count, 1))).squareRoot()
  }

  func count(_ provider: SimulatedProvider, _ field: Field, rows: Int) -> Counts {
    let validator = SimulatedValidator(world: world)
    var counts = Counts()
    for row in 0..<rows {
      let question = Samples.question(field, Samples.inputs(of: field, row))
      let answer = provider.answer(to: question)
      switch answer.outcome {
      case .hit(let value):
        counts.answered += 1
        counts.hits += 1
        let verdict = validator.judge(value, for: question)
        if verdict.kind == .valid { counts.valid += 1 }
        if verdict.kind == .risky { counts.risky += 1 }
        if verdict.reason == .landline { counts.landlines += 1 }
      case .miss: counts.answered += 1
      case .failure, .unknown: break
      }
    }
    return counts
  }

  @Test func everyBundledFinderBehavesAsItsManifestSays() throws {
    let rows = 12_000
    for manifest in try ProviderCatalog.bundled().all where !manifest.finds.isEmpty {
      let provider = try SimulatedProvider(manifest, world: world)
      for (field, figures) in manifest.simulation?.finds ?? [:] {
        let counts = count(provider, field, rows: rows)
        let title: Comment = "\(manifest.id) \(field), seed \(Samples.seed)"
        func near(_ part: Int, _ whole: Int, _ share: Double) -> Bool {
          abs(Double(part) / Double(whole) - share) <= bound(share, whole)
        }
        #expect(near(counts.answered, rows, 1 - figures.faults.total), title)
        #expect(near(counts.hits, counts.answered, figures.hitRate), title)
        #expect(near(counts.valid, counts.hits, figures.validShare), title)
        #expect(near(counts.risky, counts.hits, figures.riskyShare), title)
        let wrong = counts.hits - counts.valid - counts.risky
        #expect(near(counts.landlines, wrong, figures.landlineShare), title)
      }
    }
  }

  @Test(arguments: [("0", "0.5"), ("0.8", "1"), ("1", "0"), ("1", "0.8")])
  func theEndsOfTheScaleComeOut(hit: String, valid: String) throws {
    let text = Samples.finder(hit: hit, valid: valid)
    let provider = try SimulatedProvider(Manifest(parsing: text, file: "a.yaml"), world: world)
    let counts = count(provider, .workEmail, rows: 20_000)
    let hitRate = try #require(Double(hit))
    let validShare = try #require(Double(valid))
    #expect(abs(Double(counts.hits) / 20_000 - hitRate) <= bound(hitRate, 20_000))
    let found = Double(counts.valid) / Double(max(counts.hits, 1))
    #expect(counts.hits == 0 || abs(found - validShare) <= bound(validShare, counts.hits))
  }

  @Test func eachKindOfFaultHasItsShare() throws {
    let faults =
      "{unavailable: 0.1, rate_limited: 0.08, malformed: 0.06, credentials: 0.04, quota: 0.02, "
      + "timeout: 0.05}"
    let text = Samples.finder(faults: faults)
    let provider = try SimulatedProvider(Manifest(parsing: text, file: "a.yaml"), world: world)
    var counts: [String: Int] = [:]
    let rows = 30_000
    for row in 0..<rows {
      let answer = provider.answer(to: Samples.question(.workEmail, Samples.person(row)))
      switch answer.outcome {
      case .failure(let reason): counts[reason.rawValue, default: 0] += 1
      case .unknown:
        counts["timeout", default: 0] += 1
        #expect(answer.latency == 25_000_000)
      case .hit, .miss: break
      }
    }
    let wanted = [
      "unavailable": 0.1, "rate_limited": 0.08, "malformed": 0.06, "credentials": 0.04,
      "quota": 0.02, "timeout": 0.05,
    ]
    for (kind, share) in wanted {
      let found = Double(counts[kind] ?? 0) / Double(rows)
      #expect(abs(found - share) <= bound(share, rows), "\(kind), seed \(Samples.seed)")
    }
    #expect(counts.count == wanted.count)
  }

  @Test func latencyHasItsMedianAndItsNinetyFifthPercentile() throws {
    let provider = try SimulatedProvider(
      Manifest(parsing: Samples.finder(), file: "a.yaml"), world: world)
    let latencies = (0..<20_000).map {
      provider.answer(to: Samples.question(.workEmail, Samples.person($0))).latency
    }.sorted()
    #expect(abs(Double(latencies[10_000]) / 800_000 - 1) < 0.03)
    #expect(abs(Double(latencies[19_000]) / 2_500_000 - 1) < 0.05)
    #expect(latencies[0] > 0 && latencies[19_999] <= 60_000_000)
  }

  /// Two providers with the same figures find more of the same rows than independent ones would,
  /// and return the common wrong value together.
  @Test func providersAreCorrelatedAndCopyTheSameWrongValue() throws {
    let extra = "common_wrong_share: 0.6"
    let providers = try ["alpha", "beta"].map { id in
      try SimulatedProvider(
        Manifest(parsing: Samples.finder(id, hit: "0.5", valid: "0.6", extra: extra), file: id),
        world: world)
    }
    let rows = 40_000
    var (first, second, both, bothWrong, same) = (0, 0, 0, 0, 0)
    let validator = SimulatedValidator(world: world)
    for row in 0..<rows {
      let question = Samples.question(.workEmail, Samples.person(row))
      let values = providers.map { provider -> String? in
        guard case .hit(let value) = provider.answer(to: question).outcome else { return nil }
        return value
      }
      if values[0] != nil { first += 1 }
      if values[1] != nil { second += 1 }
      guard let left = values[0], let right = values[1] else { continue }
      both += 1
      guard validator.judge(left, for: question).kind == .invalid,
        validator.judge(right, for: question).kind == .invalid
      else { continue }
      bothWrong += 1
      if left == right { same += 1 }
    }
    let independent = Double(first) / Double(rows) * Double(second)
    #expect(Double(both) > independent * 1.08, "seed \(Samples.seed)")
    // Both take the common one in 0.36 of the cases; their own ones rarely agree by chance.
    let share = Double(same) / Double(bothWrong)
    #expect(abs(share - 0.36) < bound(0.36, bothWrong) + 0.01, "seed \(Samples.seed): \(share)")
  }

  @Test func aRowWithoutAValueIsMissedMoreOften() throws {
    let provider = try SimulatedProvider(
      Manifest(parsing: Samples.finder(), file: "a.yaml"), world: world)
    var hits = [0, 0]
    var rows = [0, 0]
    for row in 0..<30_000 {
      let inputs = Samples.person(row)
      let kind = world.value(of: .workEmail, for: inputs) == nil ? 0 : 1
      rows[kind] += 1
      if case .hit = provider.answer(to: Samples.question(.workEmail, inputs)).outcome {
        hits[kind] += 1
      }
    }
    #expect(abs(Double(rows[1]) / 30_000 - 0.92) < bound(0.92, 30_000))
    #expect(Double(hits[0]) / Double(rows[0]) < 0.5 * Double(hits[1]) / Double(rows[1]))
  }
}
