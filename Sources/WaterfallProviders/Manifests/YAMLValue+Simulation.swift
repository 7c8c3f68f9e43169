import WaterfallCore

extension YAMLValue {
  func simulation() throws(UserError) -> Simulation {
    let keys = try mapping(of: ManifestKeys.simulation)
    var finds: [Field: FinderBehaviour] = [:]
    if let section = keys["finds"] {
      for entry in try section.mapping(of: Field.allCases.map(\.rawValue)).entries {
        let field: Field = try entry.key.word("field")
        finds[field] = try entry.value.finder(of: field)
      }
    }
    let verifies = try keys.optional("verifies") { value throws(UserError) in
      try value.byField { item throws(UserError) in try item.verifier() }
    }
    return Simulation(finds: finds, verifies: verifies ?? [:])
  }

  private func finder(of field: Field) throws(UserError) -> FinderBehaviour {
    let keys = try mapping(of: ManifestKeys.finder)
    try refuse("risky_share", in: keys, unless: field == .workEmail, "an e-mail address")
    try refuse("landline_share", in: keys, unless: field == .mobilePhone, "a phone number")
    let behaviour = FinderBehaviour(
      hitRate: try keys.required("hit_rate").rate(),
      validShare: try keys.required("valid_share").rate(),
      riskyShare: try keys.share("risky_share"),
      commonWrongShare: try keys.share("common_wrong_share"),
      landlineShare: try keys.share("landline_share"),
      latency: try keys.required("latency").latency(), faults: try keys.faults())
    try check(behaviour, of: field)
    return behaviour
  }

  private func refuse(
    _ key: String, in keys: YAMLMapping, unless allowed: Bool, _ what: String
  ) throws(UserError) {
    guard !allowed, let value = keys[key] else { return }
    throw value.error("\(value.title) has no meaning: only \(what) has it", remedy: "Leave it out")
  }

  /// The figures must be possible in the world that the provider is asked in.
  private func check(_ behaviour: FinderBehaviour, of field: Field) throws(UserError) {
    let world = WorldRates.of(field)
    guard behaviour.validShare + behaviour.riskyShare <= 1 else {
      throw error("valid_share and risky_share of \(title) are together more than 1")
    }
    guard behaviour.hitRate * behaviour.validShare <= world.provable else {
      throw error(
        "\(title) finds valid values for more rows (hit_rate × valid_share) than have one that "
          + "can be proved: \(decimal(world.provable)) of all rows",
        remedy: "Lower hit_rate or valid_share")
    }
    guard behaviour.hitRate * behaviour.riskyShare <= world.catchAll else {
      throw error(
        "\(title) finds risky values for more rows (hit_rate × risky_share) than are at a "
          + "catch-all domain: \(decimal(world.catchAll)) of all rows",
        remedy: "Lower hit_rate or risky_share")
    }
  }

  /// A share with up to four decimals.
  private func decimal(_ share: Double) -> String {
    "\((share * 10_000).rounded() / 10_000)"
  }

  private func verifier() throws(UserError) -> VerifierBehaviour {
    let keys = try mapping(of: ManifestKeys.verifier)
    return VerifierBehaviour(
      definite: try keys.required("definite").rate(),
      falseInvalid: try keys.share("false_invalid"),
      falseValid: try keys.share("false_valid"),
      catchAll: try keys.optional("catch_all") { value throws(UserError) in
        try value.word("handling of catch-all domains")
      } ?? .report,
      confirms: try keys.optional("confirms") { value throws(UserError) in
        try value.flag()
      } ?? true,
      latency: try keys.required("latency").latency(), faults: try keys.faults())
  }

  private func latency() throws(UserError) -> LatencyProfile {
    let keys = try mapping(of: ManifestKeys.latency)
    let profile = LatencyProfile(
      p50: try keys.required("p50").duration(), p95: try keys.required("p95").duration())
    guard profile.p50 <= profile.p95 else {
      throw error("\(title).p50 is greater than \(title).p95")
    }
    return profile
  }
}

extension YAMLMapping {
  /// A share that is 0 where it is not written.
  fileprivate func share(_ name: String) throws(UserError) -> Double {
    try self[name]?.rate() ?? 0
  }

  fileprivate func faults() throws(UserError) -> FaultRates {
    guard let section = self["faults"] else { return .none }
    let keys = try section.mapping(of: ManifestKeys.faults)
    var failures: [Double] = []
    for reason in FaultRates.reasons { failures.append(try keys.share(reason.rawValue)) }
    let rates = FaultRates(failures: failures, timeout: try keys.share("timeout"))
    guard rates.total <= 1 else {
      throw section.error("the shares of \(section.title) are together more than 1")
    }
    return rates
  }
}
