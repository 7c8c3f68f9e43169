import WaterfallCore

/// Times and limits that contradict each other.
extension LintContext {
  var timeFindings: [Finding] {
    guard let http = manifest.http else { return [] }
    let timeouts = http.timeouts
    var findings = [("connect", timeouts.connect), ("first_byte", timeouts.firstByte)].compactMap {
      key, time -> Finding? in
      let path: Path = ["http", "timeouts", .key(key)]
      guard time > timeouts.total, places.has(path) else { return nil }
      return error(
        .timeouts,
        "http.timeouts.\(key) is \(time.words), longer than the whole exchange may take: "
          + timeouts.total.words, path, "Shorten it, or lengthen “total”")
    }
    for operation in operations {
      for (key, every, most) in [
        ("poll", operation.plan.poll?.every, operation.plan.poll?.most),
        ("repeat", operation.plan.again?.every, operation.plan.again?.most),
      ] {
        guard let every, let most, every > most else { continue }
        findings.append(
          error(
            .timeouts,
            "\(operation.name).\(key) waits \(every.words) and gives up after \(most.words), "
              + "before it has asked again", operation.path + [.key(key), "every"],
            "Shorten “every”, or lengthen “most”"))
      }
    }
    return findings
  }

  /// What is simulated has to be possible.
  var latencyFindings: [Finding] {
    guard let simulation = manifest.simulation else { return [] }
    return evenLatencies(simulation) + impatience(simulation)
  }

  /// Answers of one provider never take all the same time.
  private func evenLatencies(_ simulation: Simulation) -> [Finding] {
    let latencies = Field.allCases.flatMap { field -> [(String, LatencyProfile?)] in
      [
        ("finds", simulation.finds[field]?.latency),
        ("verifies", simulation.verifies[field]?.latency),
      ].map { section, latency in ("\(section).\(field)", latency) }
    }
    return latencies.compactMap { name, latency in
      guard let latency, latency.p95 <= latency.p50 else { return nil }
      let parts = name.split(separator: ".").map { YAMLPlaces.Step.key(String($0)) }
      return warning(
        .latency,
        "every simulated answer of \(name) takes \(Duration.microseconds(latency.p50).words): its "
          + "p95 is its p50", ["simulation"] + parts + ["latency"],
        "Write for p95 what one answer in twenty takes longer than")
    }
  }

  private func impatience(_ simulation: Simulation) -> [Finding] {
    guard let http = manifest.http else { return [] }
    return operations.compactMap { operation in
      let latency =
        operation.role == .finder
        ? simulation.finds[operation.field]?.latency : simulation.verifies[operation.field]?.latency
      let plan = operation.plan
      let patience = http.timeouts.total + (plan.poll?.most ?? plan.again?.most ?? .zero)
      guard let latency, Duration.microseconds(latency.p95) > patience else { return nil }
      return warning(
        .latency,
        "one in twenty simulated answers of \(operation.name) takes longer than "
          + "\(Duration.microseconds(latency.p95).words), and a real one is given up after "
          + patience.words, ["simulation"] + operation.offerPath + ["latency"],
        "Shorten the latency, or lengthen http.timeouts.total")
    }
  }

  var limitFindings: [Finding] {
    let limits = manifest.http?.limits ?? []
    var findings: [Finding] = []
    var order: [Int] = []
    for index in limits.indices.sorted(by: { (limits[$0].per, $0) < (limits[$1].per, $1) }) {
      if let finding = oddity(limits[index], index) {
        findings.append(finding)
      } else {
        order.append(index)
      }
    }
    // Each against the next shorter one that is left: no window is found fault with twice.
    var kept: [Int] = []
    for index in order {
      var culprit: Int?
      while culprit != index, let last = kept.last,
        let (at, finding) = contradiction(limits, last, index)
      {
        findings.append(finding)
        culprit = at
        if at == last { kept.removeLast() }
      }
      if culprit != index { kept.append(index) }
    }
    return findings
  }

  /// A rate in a unit that no provider counts in.
  private func oddity(_ limit: RateWindow, _ index: Int) -> Finding? {
    let seconds = Double(limit.per.microseconds) / 1e6
    let rate = Double(limit.requests) / seconds
    let problem: String
    switch (seconds, rate) {
    case (..<1, _): problem = "is a window of less than a second"
    case (_, 10_000.0.nextUp...): problem = "is more than 10 000 a second"
    case (_, ..<(1.0 / 86_400)): problem = "is less than one a day"
    default: return nil
    }
    return warning(
      .limits, "\(limit.words) \(problem)", ["http", "limits", .item(index)],
      "Look it up again: one of the two may have another unit")
  }

  /// Which of two windows never matters, the shorter one first.
  private func contradiction(
    _ limits: [RateWindow], _ first: Int, _ second: Int
  ) -> (at: Int, finding: Finding)? {
    let (short, long) = (limits[first], limits[second])
    func found(_ index: Int, _ words: String, _ remedy: String) -> (at: Int, finding: Finding) {
      (index, warning(.limits, words, ["http", "limits", .item(index)], remedy))
    }
    let remedy = "Leave the one out that the provider does not have"
    if short.requests >= long.requests {
      return found(first, "\(short.words) can never matter: \(long.words) is less", remedy)
    }
    if (long.per / short.per).rounded(.up) * Double(short.requests) < Double(long.requests) {
      return found(second, "\(long.words) can never be reached: \(short.words) is less", remedy)
    }
    guard short.requests * 2 > long.requests else { return nil }
    return found(
      first, "\(short.words) hardly ever matters: so many are most of the \(long.words)",
      "Look both up again: one of them may have another unit")
  }
}

extension RateWindow {
  /// `15 requests in 1s`.
  fileprivate var words: String { "\(requests) requests in \(per.words)" }
}

extension Duration {
  /// As manifests write it: `200ms`, `5s`, `3m`.
  var words: String {
    let milliseconds = microseconds / 1000
    if milliseconds % 1000 != 0 { return "\(milliseconds)ms" }
    let seconds = milliseconds / 1000
    for (unit, size) in [("d", Int64(86_400)), ("h", 3600), ("m", 60)]
    where seconds >= size && seconds % size == 0 {
      return "\(seconds / size)\(unit)"
    }
    return "\(seconds)s"
  }
}
