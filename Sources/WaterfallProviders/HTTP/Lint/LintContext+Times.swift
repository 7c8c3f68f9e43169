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
    guard let http = manifest.http, let simulation = manifest.simulation else { return [] }
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
    let order = limits.indices.sorted { (limits[$0].per, $0) < (limits[$1].per, $1) }
    return zip(order, order.dropFirst()).compactMap { first, second in
      let (short, long) = (limits[first], limits[second])
      let path: Path = ["http", "limits", .item(second)]
      let perLong = (long.per / short.per).rounded(.up) * Double(short.requests)
      if short.requests >= long.requests {
        return warning(
          .limits,
          "\(short.words) can never matter: \(long.words) is less",
          ["http", "limits", .item(first)],
          "Leave the one out that the provider does not have")
      }
      if perLong < Double(long.requests) {
        return warning(
          .limits, "\(long.words) can never be reached: \(short.words) is less", path,
          "Leave the one out that the provider does not have")
      }
      guard short.requests * 2 > long.requests else { return nil }
      return warning(
        .limits,
        "\(short.words) hardly ever matters: so many are most of the \(long.words)",
        ["http", "limits", .item(first)], "Look both up again: one of them may have another unit")
    }
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
