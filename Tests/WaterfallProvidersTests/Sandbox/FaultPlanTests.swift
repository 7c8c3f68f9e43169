import Foundation
import TestSupport
import Testing
import WaterfallCore

@testable import WaterfallProviders

@Suite struct FaultPlanTests {
  private static func site(_ stage: FaultSite.Stage = .question) -> FaultSite {
    FaultSite(
      operation: SandboxOperation(.finder, .workEmail), stage: stage, canBeLate: stage == .poll,
      hasErrorWith200: false)
  }

  private static func plan(_ rate: Double, seed: UInt64 = 1) -> FaultPlan {
    var plan = FaultPlan()
    plan.rate = rate
    plan.seed = seed
    return plan
  }

  @Test func chanceKeepsItsRateAndItsWord() {
    let plan = Self.plan(0.2)
    let faults = (0..<20_000).map {
      plan.drawn(Self.site(), key: "key \($0)", occurrence: $0 % 3)
    }
    let count = faults.compactMap { $0 }.count
    #expect((3_800...4_200).contains(count), "\(count)")
    for number in 0..<200 {
      #expect(
        plan.drawn(Self.site(), key: "key \(number)", occurrence: number % 3) == faults[number])
    }
    #expect(Self.plan(0).drawn(Self.site(), key: "a", occurrence: 0) == nil)
    #expect(Self.plan(1).drawn(Self.site(), key: "a", occurrence: 0) != nil)
  }

  @Test func chanceOnlyHasFaultsThatPatienceOutlives() {
    let plan = Self.plan(1)
    var kinds: Set<Fault.Kind> = []
    for number in 0..<20_000 {
      for stage in FaultSite.Stage.allCases {
        guard let fault = plan.drawn(Self.site(stage), key: "\(number)", occurrence: 0) else {
          Issue.record("there is none at \(stage)")
          return
        }
        kinds.insert(fault.kind)
        #expect(fault.kind != .late || stage == .poll)
        #expect(fault.wait.map { $0 <= .milliseconds(100) } ?? true)
        #expect(fault.retryAfter != .asItIs || fault.kind != .rateLimited)
      }
    }
    // None that ends a question for good or that nobody notices, and no error that could be read as
    // “not found”.
    #expect(
      kinds
        == Set(Fault.Kind.allCases).subtracting([
          .redirect, .unknownJob, .errorWith200, .credentials, .quota, .duplicate,
        ]))
  }

  @Test func timeoutsAreRare() {
    let plan = Self.plan(1)
    let timeouts = (0..<20_000).filter {
      plan.drawn(Self.site(), key: "\($0)", occurrence: 0)?.kind == .timeout
    }
    #expect(timeouts.count < 150)
  }

  @Test func rulesCountWhatTheyConcern() throws {
    let text = """
      rules:
        - {fault: reset, provider: hunter, field: work_email, nth: [1, 3], every: 5}
        - {fault: unknown_job}
        - {fault: timeout, attempt: 2}
      """
    let rules = try FaultRule.all(
      in: text, file: "faults.yaml", providers: [ProviderID("hunter"), ProviderID("other")])
    let hunter = ProviderID("hunter")
    #expect(rules[0].concerns(hunter, Self.site()))
    #expect(!rules[0].concerns(ProviderID("other"), Self.site()))
    #expect((1...10).filter { rules[0].strikes(count: $0, attempt: 1) } == [1, 3, 5, 10])
    #expect(!rules[1].concerns(hunter, Self.site()))
    #expect(rules[1].concerns(hunter, Self.site(.poll)))
    #expect((1...3).filter { rules[2].strikes(count: 9, attempt: $0) } == [2])
  }

  /// A stranger takes the bomb apart.
  @Test(arguments: [0, 1, 257, 258, 259, 1 << 20, 16 << 20]) func bombsAreGzip(size: Int) throws {
    let bomb = GzipBomb.zeros(size)
    #expect(bomb.count <= size / 150 + 300)
    let file = URL.temporaryDirectory.appending(path: "bomb-\(UUID().uuidString).gz")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(bomb).write(to: file)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["gzip", "-dc", file.path]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(data.count == size && data.allSatisfy { $0 == 0 })
  }
}
