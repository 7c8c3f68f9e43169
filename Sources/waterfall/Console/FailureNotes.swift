import WaterfallCore
import WaterfallProviders
import WaterfallRuns

/// What a user would otherwise have to look for: cells that failed, and why nobody answered.
struct FailureNotes {
  let lines: [String]

  /// From the tallies, so that what was asked before a pause counts too. A benchmark has a table of
  /// its own for this.
  init(_ info: RunInfo) {
    guard info.run.command == .enrich else {
      lines = []
      return
    }
    lines = info.run.outline.columns.enumerated().compactMap { position, column in
      guard let tally = info.tallies.columns[Int32(position)], tally.failed > 0 else { return nil }
      let cells = tally.failed == 1 ? "1 cell" : "\(tally.failed) cells"
      // A cell that another provider answered for has not failed: the attempts can be more.
      return "\(cells) of \(column.name) failed, since nobody answered; attempts of the column "
        + "that failed: " + Unanswered.all(in: [tally]).map(\.words).joined(separator: "; ")
    }
  }

  /// Set where a run asked, and was answered by nobody: it has done all that it could, and nothing
  /// was gained.
  ///
  /// - Parameter again: the command that starts such a run once more; nil where nobody knows it.
  static func nobodyAnswered(
    _ info: RunInfo, _ plan: RunPlan, _ failures: FirstFailures, again: String?
  ) -> UserError? {
    let reasons = Unanswered.all(in: Array(info.tallies.columns.values))
    guard info.run.command == .enrich, info.tallies.isUnanswered, let worst = reasons.first
    else { return nil }
    let count = reasons.reduce(0) { $0 + $1.count }
    let attempts = count == 1 ? "the only attempt" : "all \(count) attempts"
    let note = worst.note(in: failures).map { ": \($0)" } ?? ""
    return UserError(
      .input,
      "no provider answered: \(attempts) failed\(reasons.count == 1 ? "" : ", most often"): "
        + worst.words + note,
      place: "run \(info.run.id)",
      remedy: plan.isSimulated && plan.sandbox == nil
        ? "Simulated providers fail now and then, as real ones do; another --seed is another world."
        : "\(worst.remedy(in: plan)) Cells that failed are asked about again by "
          + wayToStartAgain(info.run, again))
  }

  private static func wayToStartAgain(_ run: RunRecord, _ again: String?) -> String {
    if let again { return "“\(again)”." }
    return "the command that started run \(run.id)" + (run.output == "-" ? "." : ", with --yes.")
  }
}

/// Attempts that failed for one reason.
struct Unanswered {
  /// nil where the outcome is unknown: the record has no cause of that.
  let reason: FailureReason?
  /// Whose attempts, the most frequent first.
  let providers: [(id: ProviderID, count: Int64)]

  var count: Int64 { providers.reduce(0) { $0 + $1.count } }

  /// `it was unavailable (hunter 9, prospeo 3)`
  var words: String {
    let names = providers.map { "\($0.id) \($0.count)" }.joined(separator: ", ")
    return "\(reason?.words ?? "its outcome is unknown") (\(names))"
  }

  /// What the provider that failed most said first, if this process has heard it.
  func note(in failures: FirstFailures) -> String? {
    providers.first.flatMap { failures.note(of: $0.id, reason ?? .unresolved) }
  }

  /// A sentence or two about whoever failed most often.
  func remedy(in plan: RunPlan) -> String {
    guard let worst = providers.first, let program = plan.program(of: worst.id) else {
      return remedy(asking: plan)
    }
    return switch reason {
    case .credentials where program.key == nil:
      "Nothing was charged. Look up where the program gets its key."
    case .credentials, .quota, .rateLimited: remedy(asking: plan)
    case .refused, .malformed: "Check its manifest and the program that answers."
    case .notSent: "Check “run” in its manifest, and the program."
    case .unavailable: "Check the program, and whom it asks."
    case .unresolved, nil: "Check whether the program answers, and within its “timeout”."
    }
  }

  private func remedy(asking plan: RunPlan) -> String {
    switch reason {
    case .notSent:
      wayToStartSandbox(plan) ?? "Check the address that is asked, and the network."
    case .credentials:
      "Nothing was charged. “waterfall keys list” says where the key comes from; set another one: "
        + "waterfall keys set \(providers.first.map { "\($0.id)" } ?? "PROVIDER"), with --managed for "
        + "the operator's."
    case .quota: "Check your account with it, or ask another provider."
    case .rateLimited: "Wait until it may be asked again."
    case .refused, .malformed: "Check its manifest and the address that is asked."
    case .unavailable: "Check the address that is asked, and the network."
    case .unresolved, nil:
      "Check the address that is asked, what answers there, and the network."
    }
  }

  /// nil where nobody is asked at an address of this machine.
  private func wayToStartSandbox(_ plan: RunPlan) -> String? {
    if let start = plan.sandbox.flatMap(SandboxStart.init) {
      return "The sandbox may not run any more: start it with “\(start.command)”."
    }
    for (id, _) in providers {
      guard let url = plan.bases?[id.rawValue], let start = SandboxStart(at: url) else { continue }
      return "Perhaps nothing listens at \(url): “\(start.command)” starts a sandbox there."
    }
    return nil
  }

  /// The failed attempts of finders, the most frequent reason first. A verifier is asked about what
  /// somebody has answered.
  static func all(in tallies: [ColumnTally]) -> [Unanswered] {
    var counts: [FailureReason?: [ProviderID: Int64]] = [:]
    for (key, tally) in tallies.flatMap(\.providers) where key.role == .finder {
      for (reason, count) in tally.failures {
        counts[reason, default: [:]][key.provider, default: 0] += count
      }
      guard tally.unknown > 0 else { continue }
      counts[nil, default: [:]][key.provider, default: 0] += tally.unknown
    }
    let order: [FailureReason?] = FailureReason.allCases + [nil]
    let all = order.compactMap { reason in
      counts[reason].map { providers in
        Unanswered(
          reason: reason,
          providers: providers.map { (id: $0.key, count: $0.value) }
            .sorted { ($1.count, $0.id) < ($0.count, $1.id) })
      }
    }
    // Stable: those that are as frequent stay in the order in which they are declared.
    return all.enumerated().sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }
      .map(\.element)
  }
}
