import WaterfallCore
import WaterfallReports

/// The run that the golden tests show: two columns, a verifier, an own key.
enum Fixtures {
  static let start = Timestamp(milliseconds: 1_772_368_200_000)

  static func step(
    _ step: Int32, _ provider: String, _ price: String, role: AttemptID.Role = .finder,
    key: KeySource = .managed
  ) throws -> RunOutline.Step {
    RunOutline.Step(
      step: step, role: role, provider: ProviderID(provider), keySource: key,
      price: try Credits(parsing: price))
  }

  static func outline() throws -> RunOutline {
    try RunOutline(columns: [
      .init(
        name: "work_email", field: .workEmail,
        steps: [
          step(0, "hunter", "2"), step(0, "zerobounce", "0.5", role: .verifier),
          step(1, "prospeo", "3"), step(1, "zerobounce", "0.5", role: .verifier),
          step(2, "apollo", "5", key: .own),
        ]),
      .init(name: "domain", field: .companyDomain, steps: [step(0, "clearbit", "0.25")]),
    ])
  }

  static func run(
    _ state: RunRecord.State = .done, note: String = "", simulated: Bool = true,
    outline: RunOutline? = nil, sheet: String = "people.csv", command: RunRecord.Command = .enrich
  ) throws -> RunRecord {
    RunRecord(
      id: RunID(7), command: command, state: state, note: note, isSimulated: simulated,
      seed: simulated ? 42 : nil, sheet: sheet, output: "people.out.csv", started: start,
      ended: state == .running ? nil : Timestamp(milliseconds: start.milliseconds + 61_500),
      rows: 100, outline: try outline ?? Self.outline(), configuration: "")
  }

  static func key(
    _ provider: String, _ role: AttemptID.Role = .finder, _ key: KeySource = .managed
  ) -> ColumnTally.ProviderKey {
    .init(provider: ProviderID(provider), role: role, keySource: key)
  }

  static func info(_ run: RunRecord) -> RunInfo {
    var email = ColumnTally()
    email.filled = 60
    email.empty = 25
    email.failed = 5
    email.skipped = [.missingInput: 8, .alreadyFilled: 2]
    email.providers = [
      key("hunter"): hunter(), key("zerobounce", .verifier): zerobounce(),
      key("apollo", .finder, .own): apollo(), key("apollo"): ProviderTally(),
    ]
    var tallies = RunTallies()
    tallies.columns[0] = email
    return RunInfo(run: run, tallies: tallies)
  }

  private static func hunter() -> ProviderTally {
    var tally = ProviderTally()
    tally.attempts = 88
    tally.hits = 60
    tally.valid = 51
    tally.invalid = 9
    tally.judgements = [
      Judgement(.valid, isAccepted: true): 51,
      Judgement(Verdict(.invalid, .nonexistent), isAccepted: false): 4,
      Judgement(Verdict(.risky, .catchAll), isAccepted: false): 3,
      Judgement(Verdict(.invalid), isAccepted: false): 2,
    ]
    tally.misses = 22
    tally.failures = [.unavailable: 3, .rateLimited: 2]
    tally.unknown = 1
    tally.cached = 2
    tally.charged = Credits(120)
    tally.refunded = Credits(18)
    tally.overrun = Credits(micro: 250_000)
    tally.money = Money(nano: 2_450_000_000)
    for sample in 1...88 { tally.latency.record(microseconds: Int64(sample) * 5_000) }
    return tally
  }

  private static func zerobounce() -> ProviderTally {
    var tally = ProviderTally()
    tally.attempts = 60
    tally.hits = 58
    tally.valid = 51
    tally.invalid = 7
    tally.judgements = [
      Judgement(.valid, isAccepted: false): 51,
      Judgement(Verdict(.invalid, .nonexistent), isAccepted: false): 4,
      Judgement(Verdict(.risky, .catchAll), isAccepted: false): 2,
      Judgement(Verdict(.unverified, .undetermined), isAccepted: false): 1,
    ]
    tally.misses = 2
    tally.charged = Credits(29)
    for sample in 1...60 { tally.latency.record(microseconds: Int64(sample) * 50) }
    return tally
  }

  private static func apollo() -> ProviderTally {
    var tally = ProviderTally()
    tally.attempts = 37
    tally.hits = 9
    tally.valid = 9
    tally.judgements = [Judgement(.valid, isAccepted: true): 9]
    tally.misses = 28
    tally.skipped = [.missingInput: 4]
    tally.saved = Credits(45)
    return tally
  }
}
