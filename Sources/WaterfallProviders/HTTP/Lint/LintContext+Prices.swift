import WaterfallCore

/// Credits, dollars, and what could be billed twice or overheard.
extension LintContext {
  /// A credit that costs more than this is most likely in another unit.
  private static let dearest = 10.0

  private struct Price {
    let name: String
    let path: Path
    let credits: Credits
    let cost: ProviderCost?
  }

  private var prices: [Price] {
    guard manifest.lookup == nil else { return [] }
    return Field.allCases.flatMap { field in
      [
        manifest.finds[field].map {
          Price(
            name: "finds.\(field)", path: ["finds", .key(field.rawValue)], credits: $0.price,
            cost: $0.cost)
        },
        manifest.verifies[field].map {
          Price(
            name: "verifies.\(field)", path: ["verifies", .key(field.rawValue)],
            credits: $0.price, cost: $0.cost)
        },
      ].compactMap { $0 }
    }
  }

  var priceFindings: [Finding] {
    prices.compactMap { price in
      guard let cost = price.cost else {
        guard manifest.http?.needsKey == true, price.credits > .zero else { return nil }
        return warning(
          .missingCost, "\(price.name) does not say what it costs in dollars",
          price.path + ["price"],
          "Add “cost: {dollars: …}” with the price of your own plan")
      }
      let path = price.path + ["cost", "dollars"]
      guard price.credits > .zero else {
        guard cost.dollars > .zero else { return nil }
        return warning(
          .dollars, "\(price.name) is free, and costs $\(cost.dollars) all the same", path,
          "Write the price in credits, or leave “cost” out")
      }
      let perCredit = Double(cost.dollars.nano) / 1e9 / (Double(price.credits.micro) / 1e6)
      guard perCredit > Self.dearest else { return nil }
      return warning(
        .dollars,
        "\(price.name) costs $\(cost.dollars) for \(price.credits.words), which is more than "
          + "$10 a credit", path, "Write what one attempt costs, in dollars")
    }
  }

  // MARK: Twice

  var repetitionFindings: [Finding] {
    guard let http = manifest.http, http.idempotencyHeader == nil else { return [] }
    let risky = operations.filter { operation in
      operation.plan.onUnknown == .repeat && operation.price > .zero
        && (operation.plan.requests + [operation.plan.batch?.request].compactMap { $0 })
          .contains { $0.method != "GET" }
    }
    let own = risky.filter { places.has($0.path + ["on_unknown"]) }
    let others = risky.filter { !places.has($0.path + ["on_unknown"]) }
    return own.map { billedTwice([$0.name], $0.path + ["on_unknown"]) }
      + (others.isEmpty ? [] : [billedTwice(others.map(\.name), ["http", "on_unknown"])])
  }

  private func billedTwice(_ names: [String], _ path: Path) -> Finding {
    warning(
      .billedTwice,
      "\(names.joined(separator: ", ")) may be billed twice: after an unknown outcome the same is "
        + "sent again, without an idempotency key", path,
      "Write “on_unknown: void”, unless the provider bills the same question once; name its "
        + "idempotency header if it has one")
  }

  // MARK: In the clear

  var encryptionFindings: [Finding] {
    guard let http = manifest.http else { return [] }
    var urls: [(url: String, path: Path)] = [(http.base, ["http", "base"])]
    if let url = http.auth?.tokenURL {
      urls.append((url, ["http", "auth", "oauth2", "token_url"]))
    }
    for operation in operations {
      let plan = operation.plan
      var requests: [(RequestTemplate, Path)] = plan.requests.enumerated().map { index, request in
        (request, plan.requests.count > 1 ? ["requests", .item(index)] : ["request"])
      }
      if let poll = plan.poll { requests.append((poll.request, ["poll", "request"])) }
      if let batch = plan.batch { requests.append((batch.request, ["batch", "request"])) }
      for (request, step) in requests where request.isAbsolute {
        guard case .text(let start) = request.target.parts.first else { continue }
        urls.append((start, operation.path + step + ["url"]))
      }
    }
    return urls.filter { Self.isOverheard($0.url) }.map { url, path in
      let words = "“\(url)” is asked without encryption"
      return http.auth == nil
        ? warning(.plainHTTP, words, path, "Write https://")
        : error(.plainHTTP, "\(words), key and all", path, "Write https://")
    }
  }

  /// Whether it leaves the machine, and can be read on its way.
  private static func isOverheard(_ url: String) -> Bool {
    guard url.hasPrefix("http://") else { return false }
    let host = url.dropFirst(7).prefix { $0 != "/" && $0 != "?" }
    return !["localhost", "127.", "[::1]"].contains { host.hasPrefix($0) }
  }
}
