import Synchronization
import Testing
import WaterfallCore

@testable import WaterfallProviders
@testable import WaterfallServer

extension ProviderDialect {
  /// Verdicts without a fixture are told in the next best words: a test of the dialects names them.
  fileprivate func hasWords(for verdict: Verdict, _ field: Field) -> Bool {
    let kinds = Set((fixtures.verifies[field]?.responses ?? []).map(\.kind))
    return switch verdict.kind {
    case .valid: kinds.contains("valid")
    case .invalid: kinds.contains("invalid")
    case .risky: kinds.contains("catch_all") || kinds.contains("risky")
    case .unverified: kinds.contains("unknown")
    }
  }
}

/// Whoever asks through the sandbox gets what the simulation says.
@Suite struct EquivalenceTests {
  private static let seed: UInt64 = 20_261_121

  @Test func theRealPathSaysWhatTheSimulationSays() throws {
    print("seed \(Self.seed)")
    for dialect in try Sample.dialects() {
      let transport = DeskTransport(SandboxDesk([dialect], SandboxOptions()))
      let provider = try HTTPProvider(
        dialect.manifest,
        access: HTTPAccess(
          transport: transport, base: "http://sandbox/\(dialect.id)", sandboxSeed: Self.seed
        ) { () in "part1:part2" })
      for operation in dialect.operations {
        var found = 0
        for number in 0..<30 {
          found += try Self.compare(provider, dialect, operation, number, transport) ? 1 : 0
        }
        #expect(found > 0, "\(dialect.id) \(operation.name): nothing could be compared")
      }
    }
  }

  /// Whether there was something to compare: failures are told apart elsewhere, since whoever asks
  /// waits before asking again.
  private static func compare(
    _ provider: HTTPProvider, _ dialect: ProviderDialect, _ operation: SandboxOperation,
    _ number: Int, _ transport: DeskTransport
  ) throws -> Bool {
    let row = Sample.row(number)
    let world = SimulatedWorld(seed: seed)
    var candidate: String?
    if operation.role == .verifier {
      candidate = world.value(of: operation.field, for: row) ?? "wrong\(number).example"
    } else if dialect.manifest.finds[operation.field]?.inputSet(for: row) == nil {
      return false
    }
    let question = Sample.question(dialect.id, operation, row: number, candidate: candidate)
    let truth =
      operation.role == .finder
      ? try SimulatedProvider(dialect.manifest, world: world).answer(to: question)
      : try SimulatedVerifier(dialect.manifest, world: world).answer(to: question)
    switch truth.outcome {
    case .hit where operation.role == .verifier:
      guard let verdict = truth.verdict, dialect.hasWords(for: verdict, operation.field) else {
        return false
      }
    case .hit, .miss: break
    case .failure, .unknown: return false
    }
    let answer = Mutex<Answer?>(nil)
    provider.ask(question) { reply in answer.withLock { $0 = reply } }
    transport.drain()
    let found = answer.withLock { $0 }
    #expect(found?.outcome == truth.outcome, "\(dialect.id) \(operation.name) row \(number)")
    if operation.role == .verifier {
      #expect(
        found?.verdict?.kind == truth.verdict?.kind,
        "\(dialect.id) \(operation.name) row \(number)")
    }
    return true
  }
}
