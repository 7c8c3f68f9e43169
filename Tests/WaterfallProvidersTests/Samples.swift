import WaterfallCore

@testable import WaterfallProviders

/// A small world for tests: a seed that is printed, people and a provider to ask.
enum Samples {
  /// Every statistical test uses this seed; change it here to try another world.
  static let seed: UInt64 = 20_261_121

  static let personNames: [InputName] = [.firstName, .lastName, .domain]

  /// The n-th person of a made-up sheet: as many companies as a third of the people.
  static func person(_ number: Int) -> Inputs {
    Inputs(
      names: personNames,
      values: ["First\(number % 997)", "Last\(number)", "company\(number / 3).com"])
  }

  static func company(_ number: Int) -> Inputs {
    Inputs(names: [.company], values: ["Company \(number) Inc."])
  }

  static func inputs(of field: Field, _ number: Int) -> Inputs {
    field == .companyDomain || field == .companySize ? company(number) : person(number)
  }

  static func question(
    _ field: Field, _ inputs: Inputs, provider: ProviderID = ProviderID("test"),
    candidate: String? = nil
  ) -> Question {
    Question(
      attempt: AttemptID(
        cell: CellID(run: RunID(1), row: 1, column: 0), step: 0, role: .finder),
      provider: provider, field: field, inputs: inputs, key: QuestionKey(high: 0, low: 0),
      keySource: .managed, candidate: candidate)
  }

  /// A manifest with one finder; `extra` goes into its simulation.
  static func finder(
    _ id: String = "alpha", field: Field = .workEmail, hit: String = "0.5", valid: String = "0.8",
    extra: String = "", faults: String = "{}"
  ) -> String {
    """
    id: \(id)
    name: \(id)
    finds:
      \(field):
        inputs: [[first_name, last_name, domain], [company]]
        price: 0.25
        refunds_invalid: false
    simulation:
      finds:
        \(field):
          hit_rate: \(hit)
          valid_share: \(valid)
          \(extra)
          latency: {p50: 800ms, p95: 2.5s}
          faults: \(faults)
    """
  }

  static func verifier(
    definite: String = "1", extra: String = "catch_all: report", free: String = "[unknown]"
  ) -> String {
    """
    id: judge
    name: Judge
    verifies:
      work_email:
        price: 0.5
        free: \(free)
        cost: {dollars: 0.008}
    simulation:
      verifies:
        work_email:
          definite: \(definite)
          \(extra)
          latency: {p50: 1s, p95: 1s}
    """
  }
}
