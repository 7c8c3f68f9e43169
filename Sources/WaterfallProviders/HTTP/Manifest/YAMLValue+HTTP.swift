import WaterfallCore

extension YAMLValue {
  /// The `http` section. `offers` says which operations it must have, and with which input sets.
  func httpSection(
    finds offered: [Field: [[InputName]]], verifies judged: [Field: [InputName]]
  ) throws(UserError) -> HTTPSection {
    let keys = try mapping(of: HTTPKeys.section)
    let shared = try keys.optional("rules") { value throws(UserError) in try value.rules() } ?? []
    let unknown: UnknownRule? = try keys.optional("on_unknown") { value throws(UserError) in
      try value.word("rule for unknown outcomes")
    }
    let miss = try keys.optional("miss") { value throws(UserError) in try value.jq() }
    let context = OperationContext(rules: shared, onUnknown: unknown, miss: miss)
    try checkOperations("finds", keys["finds"], Set(offered.keys))
    try checkOperations("verifies", keys["verifies"], Set(judged.keys))
    return HTTPSection(
      base: try keys.required("base").baseURL(),
      auth: try keys.optional("auth") { value throws(UserError) in try value.auth() },
      headers: try keys.optional("headers") { value throws(UserError) in
        try value.headerTemplates(knowing: [])
      } ?? [],
      limits: try keys.optional("limits") { value throws(UserError) in try value.limits() } ?? [],
      concurrency: try keys.optional("concurrency") { value throws(UserError) in
        try value.whole(in: 1...HTTPBounds.mostExchanges)
      },
      timeouts: try keys.optional("timeouts") { value throws(UserError) in
        try value.timeouts()
      } ?? HTTPTimeouts(),
      retries: try keys.optional("retries") { value throws(UserError) in
        try value.retries()
      } ?? RetryPlan(),
      idempotencyHeader: try keys.optional("idempotency") { value throws(UserError) in
        try value.headerName()
      },
      redirects: try keys.optional("redirects") { value throws(UserError) in
        try value.word("rule for redirects")
      } ?? .sameOrigin,
      finds: try keys.optional("finds") { value throws(UserError) in
        try value.operations(offered) { operation, sets throws(UserError) in
          try operation.finder(sets, context)
        }
      } ?? [:],
      verifies: try keys.optional("verifies") { value throws(UserError) in
        try value.operations(judged) { operation, inputs throws(UserError) in
          try operation.verifier(inputs, context)
        }
      } ?? [:])
  }

  private func checkOperations(
    _ name: String, _ section: YAMLValue?, _ offered: Set<Field>
  ) throws(UserError) {
    let written = try section.map { value throws(UserError) in
      try Set(value.mapping(of: Field.allCases.map(\.rawValue)).entries.map(\.name))
    }
    for field in Field.allCases where offered.contains(field) {
      guard written?.contains(field.rawValue) != true else { continue }
      throw (section ?? self).error(
        "\(title).\(name) does not say how \(name).\(field) is asked",
        remedy: "Add “\(field):” with its request under “\(name):”")
    }
  }

  private func operations<Offered>(
    _ offers: [Field: Offered],
    _ read: (YAMLValue, Offered) throws(UserError) -> HTTPOperation
  ) throws(UserError) -> [Field: HTTPOperation] {
    var found: [Field: HTTPOperation] = [:]
    for entry in try mapping(of: Field.allCases.map(\.rawValue)).entries {
      let field: Field = try entry.key.word("field")
      guard let offer = offers[field] else {
        throw entry.key.error(
          "\(entry.value.title) says how to ask for what the manifest does not offer",
          remedy: "Add its price under the manifest's own section, or leave it out")
      }
      found[field] = try read(entry.value, offer)
    }
    return found
  }

  // MARK: The way to the provider

  private func baseURL() throws(UserError) -> String {
    let text = try absoluteURL()
    return text.hasSuffix("/") ? String(text.dropLast()) : text
  }

  func absoluteURL() throws(UserError) -> String {
    let text = try text()
    let isURL = ["https://", "http://"].contains { text.hasPrefix($0) && text.count > $0.count }
    guard isURL, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw error("“\(text)” is no URL", remedy: "Write it with https:// and the host")
    }
    return text
  }

  private func auth() throws(UserError) -> HTTPAuth {
    let keys = try mapping(of: HTTPKeys.auth)
    let isOptional = try keys["optional"]?.flag() ?? false
    let places = ["header", "headers", "bearer", "query", "basic", "oauth2"].filter {
      keys[$0] != nil
    }
    guard places.count == 1, let name = places.first, let value = keys[name] else {
      throw error(
        places.isEmpty
          ? "\(title) does not say where the key goes"
          : "\(title) sends the key in more than one way: \(places.joined(separator: ", "))",
        remedy: "Write one of header, headers, bearer, query, basic and oauth2")
    }
    if let prefix = keys["prefix"], name != "header" {
      throw prefix.error("only a header has a prefix", remedy: "Leave “prefix” out")
    }
    let prefix = try keys["prefix"]?.plainText() ?? ""
    return HTTPAuth(place: try value.authPlace(name, prefix: prefix), isOptional: isOptional)
  }

  private func authPlace(_ name: String, prefix: String) throws(UserError) -> HTTPAuth.Place {
    let key = Template.Part.hole(name: "key", filter: nil)
    switch name {
    case "header":
      let parts = prefix.isEmpty ? [key] : [.text(prefix), key]
      return .headers([HeaderTemplate(name: try headerName(), value: Template(parts: parts))])
    case "bearer":
      guard try flag() else { throw error("\(title) is false", remedy: "Leave it out") }
      let value = Template(parts: [.text("Bearer "), key])
      return .headers([HeaderTemplate(name: "Authorization", value: value)])
    case "headers":
      let headers = try headerTemplates(knowing: Self.keyNames)
      try checkKeyIsSent(headers.map(\.value))
      return .headers(headers)
    case "query":
      return .query(try text())
    case "basic":
      let keys = try mapping(of: HTTPKeys.basic)
      let user = try keys.required("user").template(knowing: Self.keyNames, mayBeEmpty: true)
      let password = try keys.required("password")
        .template(knowing: Self.keyNames, mayBeEmpty: true)
      try checkKeyIsSent([user, password])
      return .basic(user: user, password: password)
    default:
      let keys = try mapping(of: HTTPKeys.oauth2)
      return .oauth2(
        tokenURL: try keys.required("token_url").absoluteURL(),
        scope: try keys.optional("scope") { value throws(UserError) in try value.text() })
    }
  }

  /// The key, and its halves at the first colon.
  private static let keyNames: Set<String> = ["key", "key.1", "key.2"]

  private func checkKeyIsSent(_ templates: [Template]) throws(UserError) {
    guard templates.allSatisfy(\.names.isEmpty) else { return }
    throw error(
      "\(title) does not send the key", remedy: "Write {key}, or {key.1} and {key.2}, into it")
  }

  private func limits() throws(UserError) -> [RateWindow] {
    var windows: [RateWindow] = []
    for item in try items() {
      let keys = try item.mapping(of: HTTPKeys.limit)
      windows.append(
        RateWindow(
          requests: try keys.required("requests").whole(in: 1...1_000_000),
          per: try keys.required("per").span()))
    }
    return windows
  }

  private func timeouts() throws(UserError) -> HTTPTimeouts {
    let keys = try mapping(of: HTTPKeys.timeouts)
    var timeouts = HTTPTimeouts()
    if let value = keys["connect"] { timeouts.connect = try value.span() }
    if let value = keys["first_byte"] { timeouts.firstByte = try value.span() }
    if let value = keys["total"] { timeouts.total = try value.span() }
    return timeouts
  }

  private func retries() throws(UserError) -> RetryPlan {
    let keys = try mapping(of: HTTPKeys.retries)
    var plan = RetryPlan()
    if let value = keys["most"] { plan.most = try value.whole(in: 0...20) }
    if let value = keys["wait"] { plan.wait = try value.span() }
    if let value = keys["longest"] { plan.longest = try value.span() }
    guard plan.wait <= plan.longest else {
      throw error("\(title).wait is longer than \(title).longest")
    }
    return plan
  }

  /// A stretch of time with its unit: `200ms`, `5s`, `2m`, `1h`, `1d`.
  func span() throws(UserError) -> Duration {
    let text = try text()
    guard let span = Duration(span: text) else {
      throw error(
        "\(title) is “\(text)”, not a duration of 1 ms to 366 days",
        remedy: "Write 200ms, 5s, 2m, 1h or 1d")
    }
    return span
  }
}

extension Duration {
  /// A stretch of time with its unit, `200ms`, `5s`, `2m`, `1h` or `1d`, from 1 ms to 366 days;
  /// nil for anything else.
  public init?(span text: String) {
    let units: [(String, Double)] = [
      ("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400),
    ]
    for (unit, seconds) in units where text.hasSuffix(unit) {
      let digits = text.dropLast(unit.count)
      guard let number = Double(digits), digits.utf8.allSatisfy({ $0 < 0x3A && $0 > 0x2D }) else {
        continue
      }
      guard number > 0, number * seconds <= 366 * 86_400 else { return nil }
      self = .milliseconds(Int64((number * seconds * 1000).rounded(.up)))
      return
    }
    return nil
  }
}
