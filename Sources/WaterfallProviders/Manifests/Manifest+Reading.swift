import Hashing
public import WaterfallCore

extension Manifest {
  /// Reads a manifest from its text. Throws `UserError` with file, line and column for anything
  /// that is not understood, and for figures that contradict each other.
  ///
  /// - Parameter file: the name that messages give the file.
  public init(parsing text: String, file: String) throws(UserError) {
    let document = try YAMLValue(
      parsing: text, file: file,
      example: "id, name, and what it finds: “waterfall providers show hunter” shows an example")
    let keys = try document.mapping(of: ManifestKeys.document)
    self.id = try keys.required("id").providerID()
    self.name = try keys.required("name").text()
    self.about = try keys.optional("about") { value throws(UserError) in try value.text() }
    self.website = try keys.optional("website") { value throws(UserError) in try value.text() }
    self.lookup = try keys.optional("lookup") { value throws(UserError) in try value.lookup() }
    self.finds = try Self.finds(keys, lookup: lookup)
    self.verifies =
      try keys.optional("verifies") { value throws(UserError) in
        try value.byField { offer throws(UserError) in try offer.verifierOffer() }
      } ?? [:]
    self.simulation = try keys.optional("simulation") { value throws(UserError) in
      try value.simulation()
    }
    let (finds, verifies) = (finds, verifies)
    self.http = try keys.optional("http") { value throws(UserError) in
      try value.httpSection(
        finds: finds.mapValues(\.inputs), verifies: verifies.mapValues { _ in InputName.wellKnown })
    }
    self.command = try keys.optional("command") { value throws(UserError) in
      try value.commandSection()
    }
    self.file = file
    self.text = text
    self.digest = SHA256.digest(text).hexadecimal
    try checkSections(document, keys)
  }

  private static func finds(
    _ keys: YAMLMapping, lookup: Lookup?
  ) throws(UserError) -> [Field: Offer] {
    guard let lookup else {
      return try keys.optional("finds") { value throws(UserError) in
        try value.byField { offer throws(UserError) in try offer.offer() }
      } ?? [:]
    }
    for name in ["finds", "verifies", "simulation", "http", "command"] {
      guard let section = keys[name] else { continue }
      throw section.error(
        "a manifest with a lookup has no section “\(name)”: the lookup’s values say what it "
          + "finds, and it is always free",
        remedy: "Leave “\(name)” out")
    }
    return lookup.values.mapValues { _ in Offer(lookup: lookup) }
  }

  /// What holds between the sections.
  private func checkSections(_ document: YAMLValue, _ keys: YAMLMapping) throws(UserError) {
    guard !finds.isEmpty || !verifies.isEmpty else {
      throw document.error(
        "the manifest of \(id) offers nothing", remedy: "Add “finds:”, “verifies:” or “lookup:”")
    }
    guard lookup == nil else { return }
    if http != nil, let section = keys["command"] {
      throw section.error(
        "\(id) is asked over HTTP already, and cannot be a program too",
        remedy: "Leave “http” or “command” out")
    }
    guard let simulation, let section = keys["simulation"] else {
      guard http == nil, command == nil else { return }
      throw document.error(
        "the manifest of \(id) does not say how the provider is asked",
        remedy: "Add “http:”, “command:”, “simulation:” or “lookup:”")
    }
    try section.check("finds", Set(finds.keys), Set(simulation.finds.keys), id)
    try section.check("verifies", Set(verifies.keys), Set(simulation.verifies.keys), id)
  }
}

extension Offer {
  /// A lookup's offer: free, and asked by its keys.
  init(lookup: Lookup) {
    self.init(
      inputs: [lookup.keys.map(\.input)], price: .zero, charge: .found, refund: .always,
      refundsInvalid: true, cost: nil)
  }
}

extension YAMLValue {
  /// Every offer is simulated, and nothing else is.
  fileprivate func check(
    _ section: String, _ offered: Set<Field>, _ simulated: Set<Field>, _ id: ProviderID
  ) throws(UserError) {
    for field in Field.allCases where offered.contains(field) != simulated.contains(field) {
      throw offered.contains(field)
        ? error("\(section).\(field) has no figures in simulation.\(section)")
        : error("simulation.\(section).\(field) has figures, but \(id) does not offer it")
    }
  }
}
