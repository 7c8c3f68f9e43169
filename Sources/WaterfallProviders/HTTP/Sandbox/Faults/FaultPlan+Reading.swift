public import WaterfallCore

/// The keys of a script of faults.
enum FaultKeys {
  static let document = ["rules"]
  static let rule = [
    "fault", "provider", "role", "field", "stage", "nth", "every", "attempt", "wait",
    "retry_after", "size", "polls", "location",
  ]
  /// The kinds of faults that each parameter is for.
  static let parameters: KeyValuePairs<String, [Fault.Kind]> = [
    "wait": [.latency, .slowLoris], "retry_after": [.rateLimited, .unavailable],
    "size": [.gzipBomb], "polls": [.late], "location": [.redirect],
  ]
}

extension FaultRule {
  /// Reads a script: a YAML file with a list of rules. `providers` are those that it can name.
  /// Throws `UserError` with file, line and column.
  public static func all(
    in text: String, file: String, providers: [ProviderID]
  ) throws(UserError) -> [FaultRule] {
    let document = try YAMLValue(
      parsing: text, file: file, example: "rules: [{fault: timeout, every: 10}]")
    let list = try document.mapping(of: FaultKeys.document).required("rules")
    var rules: [FaultRule] = []
    for item in try list.items() { rules.append(try item.faultRule(providers)) }
    return rules
  }
}

extension YAMLValue {
  fileprivate func faultRule(_ providers: [ProviderID]) throws(UserError) -> FaultRule {
    let keys = try mapping(of: FaultKeys.rule)
    var rule = FaultRule(try fault(keys))
    rule.provider = try keys.optional("provider") { value throws(UserError) in
      let name = try value.text()
      guard providers.contains(where: { $0.rawValue == name }) else {
        throw value.unknownWord(name, "provider of this sandbox", among: providers.map(\.rawValue))
      }
      return ProviderID(name)
    }
    rule.role = try keys.optional("role") { value throws(UserError) in
      let name = try value.text()
      switch name {
      case "finder": return .finder
      case "verifier": return .verifier
      default: throw value.unknownWord(name, "role", among: ["finder", "verifier"])
      }
    }
    rule.field = try keys.optional("field") { value throws(UserError) in try value.word("field") }
    rule.stage = try keys.optional("stage") { value throws(UserError) in try value.word("stage") }
    rule.nth = try keys["nth"]?.numbers() ?? []
    rule.attempt = try keys["attempt"]?.numbers() ?? []
    rule.every = try keys.optional("every") { value throws(UserError) in
      try value.whole(in: 1...1_000_000_000)
    }
    return rule
  }

  private func fault(_ keys: YAMLMapping) throws(UserError) -> Fault {
    var fault = Fault(try keys.required("fault").word("fault"))
    for (name, kinds) in FaultKeys.parameters {
      guard let value = keys[name], !kinds.contains(fault.kind) else { continue }
      let words = kinds.map(\.rawValue).joined(separator: " and ")
      throw value.error("\(value.title) is for \(words) only", remedy: "Leave it out")
    }
    fault.wait = try keys.optional("wait") { value throws(UserError) in try value.span() }
    if let value = keys["retry_after"] {
      fault.retryAfter =
        try value.text() == "none" ? .leftOut : .seconds(value.whole(in: 0...86_400))
    }
    fault.size = try keys["size"]?.whole(in: 1...(1 << 34)) ?? fault.size
    fault.polls = try keys["polls"]?.whole(in: 1...1_000_000) ?? fault.polls
    fault.location = try keys["location"]?.absoluteURL() ?? fault.location
    return fault
  }

  /// One number, or a list of them; from 1.
  private func numbers() throws(UserError) -> Set<Int> {
    guard !isScalar else { return [try whole(in: 1...1_000_000_000)] }
    var numbers: Set<Int> = []
    for item in try items() { numbers.insert(try item.whole(in: 1...1_000_000_000)) }
    return numbers
  }
}
