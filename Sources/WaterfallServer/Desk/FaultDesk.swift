import Synchronization
import WaterfallCore
import WaterfallProviders

/// Counts the exchanges with all providers, and says which of them goes wrong. Thread-safe.
final class FaultDesk: Sendable {
  private struct Seen {
    /// By rule.
    var byRule: [Int]
    var byKey: [String: (exchanges: Int, faults: Int)] = [:]
  }

  private let plan: FaultPlan
  private let seen: Mutex<Seen>

  init(_ plan: FaultPlan) {
    self.plan = plan
    seen = Mutex(Seen(byRule: plan.rules.map { _ in 0 }))
  }

  /// Whether there are faults at all.
  var isNeeded: Bool { plan.rate > 0 || !plan.rules.isEmpty }

  func forget() {
    seen.withLock { $0 = Seen(byRule: plan.rules.map { _ in 0 }) }
  }

  /// The fault of the next exchange of the question with this key: what a rule says, else what
  /// chance has for it.
  func next(_ provider: ProviderID, _ site: FaultSite, _ key: String) -> Fault? {
    seen.withLock { seen in
      let place = "\(provider) \(site.stage.rawValue) \(site.operation.name) \(key)"
      let before = seen.byKey[place] ?? (0, 0)
      var now = before
      now.exchanges += 1
      defer { seen.byKey[place] = now }
      var ruled: Fault?
      for (index, rule) in plan.rules.enumerated() where rule.concerns(provider, site) {
        // Each rule counts all that it concerns, whoever decides.
        seen.byRule[index] += 1
        guard ruled == nil, rule.strikes(count: seen.byRule[index], attempt: now.exchanges) else {
          continue
        }
        ruled = rule.fault
      }
      if let ruled { return ruled }
      guard before.faults < FaultPlan.mostByChance,
        let fault = plan.drawn(site, key: key, occurrence: before.exchanges)
      else { return nil }
      now.faults += 1
      return fault
    }
  }
}
