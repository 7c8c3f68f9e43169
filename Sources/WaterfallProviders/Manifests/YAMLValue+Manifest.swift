import WaterfallCore

extension YAMLValue {
  /// A provider's name: lower-case letters, digits and underscores, from a letter on.
  func providerID() throws(UserError) -> ProviderID {
    let text = try text()
    guard text.isPlainName, text.utf8.count <= 40 else {
      throw error(
        "“\(text)” is no name of a provider",
        remedy: "Write at most 40 lower-case letters, digits and underscores, from a letter on")
    }
    return ProviderID(text)
  }

  func inputName() throws(UserError) -> InputName {
    let text = try text()
    guard text.isPlainName else {
      throw error(
        "“\(text)” is no name of an input",
        remedy: Suggestion.sentence(for: text, among: InputName.wellKnown.map(\.rawValue))
          ?? "Write lower-case letters, digits and underscores, from a letter on")
    }
    return InputName(text)
  }

  /// A mapping from fields to something.
  func byField<Read>(
    _ read: (YAMLValue) throws(UserError) -> Read
  ) throws(UserError) -> [Field: Read] {
    var found: [Field: Read] = [:]
    for entry in try mapping(of: Field.allCases.map(\.rawValue)).entries {
      let field: Field = try entry.key.word("field")
      found[field] = try read(entry.value)
    }
    guard !found.isEmpty else { throw error("\(title) is empty") }
    return found
  }

  func offer() throws(UserError) -> Offer {
    let keys = try mapping(of: ManifestKeys.offer)
    return Offer(
      inputs: try keys.required("inputs").inputSets(),
      price: try keys.required("price").credits(),
      charge: try keys.optional("charge") { value throws(UserError) in
        try value.word("charge policy")
      } ?? .found,
      refund: try keys.optional("refund") { value throws(UserError) in
        try value.word("refund policy")
      } ?? .always,
      refundsInvalid: try keys.required("refunds_invalid").flag(),
      cost: try keys.optional("cost") { value throws(UserError) in try value.cost() })
  }

  private func inputSets() throws(UserError) -> [[InputName]] {
    var sets: [[InputName]] = []
    for item in try items() {
      var set: [InputName] = []
      for name in try item.items() {
        let input = try name.inputName()
        guard !set.contains(input) else { throw name.error("“\(input)” is listed twice") }
        set.append(input)
      }
      guard !set.isEmpty else { throw item.error("\(item.title) is an empty list of inputs") }
      sets.append(set)
    }
    guard !sets.isEmpty else { throw error("\(title) is an empty list") }
    return sets
  }

  func verifierOffer() throws(UserError) -> VerifierOffer {
    let keys = try mapping(of: ManifestKeys.verifierOffer)
    var free: Set<FreeVerdict> = []
    for item in try keys["free"]?.items() ?? [] {
      guard free.insert(try item.word("verdict that can be free")).inserted else {
        throw item.error("\(item.shape) is listed twice")
      }
    }
    return VerifierOffer(
      price: try keys.required("price").credits(), free: free,
      cost: try keys.optional("cost") { value throws(UserError) in try value.cost() })
  }

  private func cost() throws(UserError) -> ProviderCost {
    let keys = try mapping(of: ManifestKeys.cost)
    return ProviderCost(
      dollars: try keys.required("dollars").dollars(),
      when: try keys.optional("when") { value throws(UserError) in
        try value.word("charge policy")
      } ?? .found)
  }

  func lookup() throws(UserError) -> Lookup {
    let section = try mapping(of: ManifestKeys.lookup)
    var keys: [Lookup.Key] = []
    for entry in try section.required("keys").mapping().entries {
      keys.append(Lookup.Key(input: try entry.key.inputName(), column: try entry.value.text()))
    }
    guard !keys.isEmpty else { throw error("\(title).keys is empty") }
    return Lookup(
      file: try section.required("file").text(),
      table: try section.optional("table") { value throws(UserError) in try value.text() },
      keys: keys,
      values: try section.required("values").byField { value throws(UserError) in
        try value.text()
      })
  }
}

extension String {
  /// Lower-case ASCII letters, digits and underscores, from a letter on.
  var isPlainName: Bool {
    guard let first = utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first) else {
      return false
    }
    return utf8.allSatisfy {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "_")
    }
  }
}
