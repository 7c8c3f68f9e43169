import Testing
import WaterfallCore

@testable import WaterfallProviders

@Suite struct VerifierTests {
  let world = SimulatedWorld(seed: Samples.seed)

  func verifier(_ text: String) throws -> SimulatedVerifier {
    try SimulatedVerifier(Manifest(parsing: text, file: "judge.yaml"), world: world)
  }

  /// A row whose company is, or is not, a catch-all, with its right address.
  func row(catchAll: Bool, from start: Int = 0) -> (inputs: Inputs, address: String) {
    for number in start..<(start + 10_000) {
      let inputs = Samples.person(number)
      guard let address = world.value(of: .workEmail, for: inputs) else { continue }
      let verdict = world.verdict(on: address, of: .workEmail, for: inputs).verdict
      if (verdict.kind == .risky) == catchAll { return (inputs, address) }
    }
    return (Samples.person(start), "")
  }

  func ask(_ verifier: SimulatedVerifier, _ inputs: Inputs, _ candidate: String?) -> Answer {
    verifier.answer(to: Samples.question(.workEmail, inputs, candidate: candidate))
  }

  @Test func aDefiniteVerifierTellsGoodFromBad() throws {
    let judge = try verifier(Samples.verifier())
    let (inputs, address) = row(catchAll: false)
    let good = ask(judge, inputs, address)
    #expect(good.outcome == .hit(address) && good.verdict == .valid)
    #expect(good.money == Money(nano: 8_000_000))
    #expect(ask(judge, inputs, "nobody@nowhere.example").verdict?.kind == .invalid)
    #expect(ask(judge, inputs, nil).outcome == .failure(.refused))
    let other = judge.answer(
      to: Samples.question(.jobTitle, inputs, candidate: "Founder"))
    #expect(other.outcome == .failure(.refused))
  }

  @Test(arguments: [
    ("report", Verdict(.risky, .catchAll)), ("unknown", Verdict(.unverified, .undetermined)),
    ("resolve", Verdict.valid),
  ])
  func catchAllDomainsAreHandledAsTheManifestSays(handling: String, verdict: Verdict) throws {
    let judge = try verifier(Samples.verifier(extra: "catch_all: \(handling)"))
    let (inputs, address) = row(catchAll: true)
    #expect(ask(judge, inputs, address).verdict == verdict)
  }

  @Test func unknownIsFreeWhereTheManifestSaysSo() throws {
    let (inputs, address) = row(catchAll: false)
    let free = try verifier(Samples.verifier(definite: "0"))
    #expect(ask(free, inputs, address).verdict == Verdict(.unverified, .undetermined))
    #expect(ask(free, inputs, address).money == nil)
    let charged = try verifier(Samples.verifier(definite: "0", free: "[catch_all]"))
    #expect(ask(charged, inputs, address).money == Money(nano: 8_000_000))
  }

  @Test func falseVerdictsHaveTheirShares() throws {
    let judge = try verifier(
      Samples.verifier(
        definite: "0.8", extra: "false_invalid: 0.1\n      false_valid: 0.2"))
    var (good, falseInvalid, bad, falseValid, unsure, all) = (0, 0, 0, 0, 0, 0)
    for number in 0..<20_000 {
      let inputs = Samples.person(number)
      let address = world.value(of: .workEmail, for: inputs) ?? "x@y.example"
      let truth = world.verdict(on: address, of: .workEmail, for: inputs).verdict
      guard truth.kind != .risky, let verdict = ask(judge, inputs, address).verdict else {
        continue
      }
      all += 1
      if verdict.kind == .unverified {
        unsure += 1
      } else if truth.kind == .valid {
        good += 1
        if verdict.kind == .invalid { falseInvalid += 1 }
      }
      let wrong = ask(judge, inputs, "wrong\(number)@z.example").verdict
      if wrong?.kind != .unverified {
        bad += 1
        if wrong?.kind == .valid { falseValid += 1 }
      }
    }
    #expect(abs(Double(unsure) / Double(all) - 0.2) < 0.02, "seed \(Samples.seed)")
    #expect(abs(Double(falseInvalid) / Double(good) - 0.1) < 0.02, "seed \(Samples.seed)")
    #expect(abs(Double(falseValid) / Double(bad) - 0.2) < 0.02, "seed \(Samples.seed)")
  }
}
