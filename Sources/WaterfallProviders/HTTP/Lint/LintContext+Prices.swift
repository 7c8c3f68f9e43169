import WaterfallCore

/// Credits, dollars, and what could be billed twice or overheard.
extension LintContext {
  /// A credit that costs more than this is most likely in another unit.
  private static let dearest = 10.0
  /// So is one that costs less: the cheapest that we know of cost ten times as much.
  private static let cheapest = 0.0001

  private struct Price {
    let name: String
    let path: Path
    let credits: Credits
    let cost: ProviderCost?

    var dollars: Double? { cost.map { Double($0.dollars.nano) / 1e9 } }
    /// nil where it is free.
    var dollarsPerCredit: Double? {
      guard credits > .zero else { return nil }
      return dollars.map { $0 / (Double(credits.micro) / 1e6) }
    }
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
    let prices = prices
    return prices.indices.compactMap { index in
      let price = prices[index]
      let others = prices.indices.filter { $0 != index }.compactMap { prices[$0].dollarsPerCredit }
      return inDollars(price, others) ?? missing(price) ?? misfit(price)
    }
  }

  /// A price that looks like dollars: it is those of its cost, or those of one credit elsewhere.
  private func inDollars(_ price: Price, _ others: [Double]) -> Finding? {
    guard price.credits > .zero else { return nil }
    let amount = Double(price.credits.micro) / 1e6
    let isWhole = price.credits.micro % 1_000_000 == 0
    guard price.dollars == amount || (!isWhole && others.contains(amount)) else { return nil }
    return warning(
      .dollars,
      "\(price.name) has a price of \(price.credits.words), which is "
        + (price.dollars == amount ? "its cost" : "what one credit costs") + " in dollars",
      price.path + ["price"],
      "Write the price in the provider’s credits, and the dollars under “cost”")
  }

  private func missing(_ price: Price) -> Finding? {
    guard price.cost == nil, manifest.http?.needsKey == true else { return nil }
    guard price.credits > .zero else {
      return warning(
        .missingCost, "\(price.name) takes a key, and nothing says that it is free of charge",
        price.path + ["price"],
        "Write its price, or “cost: {dollars: 0}” if it is")
    }
    return warning(
      .missingCost, "\(price.name) does not say what it costs in dollars",
      price.path + ["price"],
      "Add “cost: {dollars: …}” with the price of your own plan")
  }

  private func misfit(_ price: Price) -> Finding? {
    guard let cost = price.cost else { return nil }
    let path = price.path + ["cost", "dollars"]
    guard let perCredit = price.dollarsPerCredit else {
      guard cost.dollars > .zero else { return nil }
      return warning(
        .dollars, "\(price.name) is free, and costs $\(cost.dollars) all the same", path,
        "Write the price in credits, or leave “cost” out")
    }
    let bound: String
    switch perCredit {
    case Self.dearest.nextUp...: bound = "more than $10"
    case 0.0.nextUp..<Self.cheapest: bound = "less than $0.0001"
    default: return nil
    }
    return warning(
      .dollars,
      "\(price.name) costs $\(cost.dollars) for \(price.credits.words), which is \(bound) a credit",
      path, "Write what one attempt costs, in dollars")
  }

  // MARK: Twice

  var repetitionFindings: [Finding] {
    guard let http = manifest.http, http.idempotencyHeader == nil else { return [] }
    let risky = operations.filter { $0.plan.onUnknown == .repeat && $0.isPaid }
    let written = risky.filter {
      places.has($0.path + ["on_unknown"]) || places.has(["http", "on_unknown"])
    }
    let own = written.filter { !$0.isOnlyRead && places.has($0.path + ["on_unknown"]) }
    let others = written.filter { !$0.isOnlyRead && !places.has($0.path + ["on_unknown"]) }
    let silent = risky.filter { operation in !written.contains { $0.name == operation.name } }
    return own.map { billedTwice([$0.name], $0.path + ["on_unknown"]) }
      + (others.isEmpty ? [] : [billedTwice(others.map(\.name), ["http", "on_unknown"])])
      + (silent.isEmpty ? [] : [billedTwiceUnsaid(silent)])
  }

  private func billedTwice(_ names: [String], _ path: Path) -> Finding {
    warning(
      .billedTwice,
      "\(names.joined(separator: ", ")) may be billed twice: after an unknown outcome the same is "
        + "sent again, without an idempotency key", path,
      "Write “on_unknown: void”, unless the provider bills the same question once; name its "
        + "idempotency header if it has one")
  }

  /// A GET is sent again where nothing is said of it; many a provider bills it again.
  private func billedTwiceUnsaid(_ operations: [Operation]) -> Finding {
    warning(
      .billedTwice,
      "\(operations.map(\.name).joined(separator: ", ")) may be billed twice: a GET is sent again "
        + "after an unknown outcome, unless “on_unknown” says otherwise",
      operations.count == 1 ? operations[0].path : ["http"],
      "Write “on_unknown: void”, or “on_unknown: repeat” if the provider bills the same question "
        + "once")
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
