public import WaterfallCore

extension Fixtures {
  /// Values that any response may repeat.
  private static let known = Set(
    InputName.wellKnown.map(\.rawValue) + ["value", "job", "item", "items"])

  /// Reads fixtures from their text. Throws `UserError` with file, line and column.
  public init(parsing text: String, file: String) throws(UserError) {
    let keys = try YAMLValue(
      parsing: text, file: file,
      example:
        "the answers of finds, verifies and errors: “waterfall providers new” writes an example"
    ).mapping(of: FixtureKeys.document)
    self.file = file
    self.text = text
    finds =
      try keys.optional("finds") { value throws(UserError) in
        try value.byField { item throws(UserError) in try item.fixtures(Fixtures.finderKinds) }
      } ?? [:]
    verifies =
      try keys.optional("verifies") { value throws(UserError) in
        try value.byField { item throws(UserError) in try item.fixtures(Fixtures.verifierKinds) }
      } ?? [:]
    errors =
      try keys.optional("errors") { value throws(UserError) in
        try value.responses(Fixtures.errorKinds)
      } ?? []
  }

  fileprivate static func template(_ value: YAMLValue) throws(UserError) -> ResponseTemplate {
    let keys = try value.mapping(of: FixtureKeys.response)
    var headers: [HTTPHeader] = []
    for entry in try keys["headers"]?.mapping().entries ?? [] {
      headers.append(HTTPHeader(try entry.key.headerName(), try entry.value.plainText()))
    }
    let body: ResponseTemplate.Body
    switch (keys["json"], keys["text"]) {
    case (let json?, nil): body = .json(try json.jsonTemplate(knowing: known))
    case (nil, let text?): body = .text(try text.plainText())
    default:
      throw value.error("\(value.title) needs either “json” or “text”")
    }
    return ResponseTemplate(
      status: try keys.required("status").whole(in: 100...599), headers: headers, body: body)
  }

  fileprivate static func batchTemplate(
    _ value: YAMLValue, _ kinds: [String]
  ) throws(UserError) -> Batch {
    let keys = try value.mapping(of: FixtureKeys.batch + kinds)
    var items: [String: JSONTemplate] = [:]
    for entry in keys.entries where !FixtureKeys.batch.contains(entry.name) {
      items[entry.name] = try entry.value.jsonTemplate(knowing: known)
    }
    return Batch(items: items, envelope: try template(keys.required("envelope")))
  }
}

extension YAMLValue {
  fileprivate func fixtures(_ kinds: [String]) throws(UserError) -> Fixtures.Operation {
    var batch: Fixtures.Batch?
    if let section = try mapping()["batch"] {
      batch = try Fixtures.batchTemplate(section, kinds)
    }
    return Fixtures.Operation(
      responses: try responses(kinds, besides: FixtureKeys.operation), batch: batch)
  }

  fileprivate func responses(
    _ kinds: [String], besides others: [String] = []
  ) throws(UserError) -> [Fixtures.NamedResponse] {
    var responses: [Fixtures.NamedResponse] = []
    for entry in try mapping().entries where !others.contains(entry.name) {
      let kind = String(entry.name.prefix { $0 != "." })
      guard kinds.contains(kind) else {
        throw entry.key.unknownWord(kind, "class of responses", among: kinds)
      }
      if kind == "hit" { try entry.key.refuseMisspeltVerdict(entry.name) }
      responses.append(
        Fixtures.NamedResponse(name: entry.name, response: try Fixtures.template(entry.value)))
    }
    return responses
  }

  /// After `hit.`, a verdict is checked and any other name is the author's own: one that is nearly a
  /// verdict would be taken for such a name, and never be checked.
  private func refuseMisspeltVerdict(_ name: String) throws(UserError) {
    let words = VerdictWord.allCases.map(\.rawValue)
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count > 1, !words.contains(String(parts[1])),
      let meant = Suggestion.nearest(to: String(parts[1]), among: words)
    else { return }
    throw error(
      "“\(parts[1])” is no verdict, and too near to “\(meant)” for a name of your own",
      remedy: "The verdicts are \(words.joined(separator: ", ")); name it otherwise if none is "
        + "meant")
  }
}
