public import WaterfallCore
public import WaterfallProviders

/// Turns a request into a plan: recipes, prices and keys are looked up once and pinned.
public struct RunPlanner {
  let catalog: ProviderCatalog
  /// Whose key there is for a provider; nil where there is none.
  let keySource: (ProviderID) -> KeySource?
  /// Who answers instead of the providers themselves.
  let stand: StandIns

  public init(
    catalog: ProviderCatalog, standIns: StandIns = StandIns(),
    keySource: @escaping (ProviderID) -> KeySource?
  ) {
    self.catalog = catalog
    self.stand = standIns
    self.keySource = keySource
  }

  /// Hosts that speak providers' dialects in their place.
  public struct StandIns: Sendable {
    /// The sandbox that plays all of them, in the simulated world.
    public var sandbox: String?
    /// Hosts for single providers.
    public var bases: [ProviderID: String]

    public init(sandbox: String? = nil, bases: [ProviderID: String] = [:]) {
      self.sandbox = sandbox
      self.bases = bases
    }
  }

  /// The plan of a run over this sheet.
  ///
  /// Throws `UserError` for an unknown provider, one that does not offer the field, or one that
  /// cannot be asked in this kind of run.
  public func plan(
    _ request: Configuration, isSimulated: Bool, sheet: RunPlan.Sheet, output: String,
    directory: String
  ) throws(UserError) -> RunPlan {
    guard !request.columns.isEmpty else {
      throw UserError(
        .usage, "no column is asked for",
        remedy: "Name one: --column work_email, or columns in the configuration file.")
    }
    var columns: [RunPlan.Column] = []
    for column in request.columns { columns.append(try plan(column, isSimulated)) }
    try checkNames(columns, request.columns)
    try checkInputs(of: request, columns)
    return RunPlan(
      directory: directory, sheet: sheet, output: output, columns: columns, map: request.map.byName,
      condition: request.condition, conditionPlace: request.conditionPlace,
      firstRow: request.rows?.first, lastRow: request.rows?.last,
      limit: request.limit, limitCountsInputs: true, overwrite: request.overwrite ?? false,
      provenance: request.provenance ?? false, keepsRagged: request.ragged == .keep,
      maxCredits: request.maxCredits?.micro, maxCreditsPerRow: request.maxCreditsPerRow?.micro,
      isSimulated: isSimulated, seed: request.seed ?? 0, sandbox: stand.sandbox,
      bases: stand.bases.isEmpty
        ? nil
        : Dictionary(uniqueKeysWithValues: stand.bases.map { ($0.key.rawValue, $0.value) }),
      manifests: try pin(columns))
  }

  private func plan(
    _ column: ColumnRequest, _ isSimulated: Bool
  ) throws(UserError) -> RunPlan.Column {
    let recipe = column.steps == nil ? try catalog.recipe(for: column.field) : nil
    let requested = column.steps ?? recipe?.steps.map { step(of: $0, column) } ?? []
    var steps: [RunPlan.Step] = []
    let isOwnOrder = column.steps != nil
    for step in requested { steps.append(try plan(step, of: column, isSimulated, isOwnOrder)) }
    if let first = steps.first, steps.allSatisfy({ $0.isOff == true }) {
      throw missingKey(of: first.provider, place: column.place)
    }
    var verifier: RunPlan.Step?
    if let wanted = column.verifier ?? recipe?.verifier.map({ step(of: $0, column) }) {
      verifier = try plan(
        verifier: wanted, of: column, isSimulated, isNamed: column.verifier != nil)
    }
    return RunPlan.Column(
      name: column.name ?? column.field.rawValue, field: column.field, steps: steps,
      verifier: verifier, acceptance: column.accept ?? recipe?.accept ?? .valid,
      condition: column.condition, conditionPlace: column.conditionPlace,
      map: column.inputs.byName)
  }

  private func step(of recipe: ProviderID, _ column: ColumnRequest) -> StepRequest {
    StepRequest(provider: recipe.rawValue, place: column.place)
  }

  private func plan(
    _ step: StepRequest, of column: ColumnRequest, _ isSimulated: Bool, _ isNamed: Bool
  ) throws(UserError) -> RunPlan.Step {
    let manifest = try catalog.finder(step.provider, of: column.field, place: step.place)
    try check(manifest, isSimulated, step.place)
    guard let offer = manifest.finds[column.field] else {
      throw UserError(.fault, "\(manifest.id) lost its offer for \(column.field)")
    }
    return RunPlan.Step(
      provider: manifest.id, condition: step.condition, conditionPlace: step.conditionPlace,
      keySource: try source(of: step, manifest, isSimulated),
      price: offer.price.micro, chargePolicy: column.charge ?? offer.charge,
      refundsRejected: offer.refundsRejectedHit(under: column.refund ?? offer.refund),
      freeVerdicts: [], isOff: try isOff(manifest, step, isSimulated, isNamed))
  }

  private func plan(
    verifier step: StepRequest, of column: ColumnRequest, _ isSimulated: Bool, isNamed: Bool
  ) throws(UserError) -> RunPlan.Step {
    let manifest = try catalog.verifier(step.provider, of: column.field, place: step.place)
    try check(manifest, isSimulated, step.place)
    guard let offer = manifest.verifies[column.field] else {
      throw UserError(.fault, "\(manifest.id) lost its offer for \(column.field)")
    }
    return RunPlan.Step(
      provider: manifest.id, condition: step.condition,
      keySource: try source(of: step, manifest, isSimulated),
      price: offer.price.micro, chargePolicy: .found, refundsRejected: false,
      freeVerdicts: offer.free.sorted { $0.rawValue < $1.rawValue },
      isOff: try isOff(manifest, step, isSimulated, isNamed))
  }

  /// Whose key a step is asked with, which decides whether it costs credits. Without an own key
  /// nothing is free: a provider that takes none is charged for like one with a managed key.
  private func source(
    of step: StepRequest, _ manifest: Manifest, _ isSimulated: Bool
  ) throws(UserError) -> KeySource {
    guard manifest.takesKey else {
      guard step.key != .own else {
        throw UserError(
          .input, "\(manifest.id) takes no key, so there is no own one to ask it with",
          place: step.place, remedy: "Leave out “key”: it is asked at its price.")
      }
      return .managed
    }
    let there = keySource(manifest.id)
    // A simulation may try what an own key would save.
    if step.key == .own, there != .own, !isSimulated {
      throw UserError.missingKey(of: manifest.id, .own, place: step.place)
    }
    return step.key ?? there ?? .managed
  }

  /// true where a provider of a recipe cannot be asked without a key: it is passed over. One that
  /// the user named is an error. nil where it can be asked.
  private func isOff(
    _ manifest: Manifest, _ step: StepRequest, _ isSimulated: Bool, _ isNamed: Bool
  ) throws(UserError) -> Bool? {
    guard !isSimulated, manifest.lookup == nil, manifest.needsKey,
      keySource(manifest.id) == nil
    else { return nil }
    guard !isNamed else { throw missingKey(of: manifest.id, place: step.place) }
    return true
  }

  private func missingKey(of provider: ProviderID, place: String) -> UserError {
    UserError(
      .input, "\(provider) cannot be asked: \(MissingKey.words(for: provider))", place: place,
      remedy: "Nothing was asked or charged. To try it without a key, add --simulate.")
  }

  private func check(
    _ manifest: Manifest, _ isSimulated: Bool, _ place: String
  ) throws(UserError) {
    guard manifest.lookup == nil else { return }
    let kinds = manifest.kinds
    if isSimulated, !kinds.contains(.simulated) {
      throw UserError(
        .input, "\(manifest.id) has no simulation figures", place: place,
        remedy: "Add a “simulation” section to \(manifest.file), or leave it out.")
    }
    if stand.sandbox == nil, kinds.contains(.command) { return }
    if !isSimulated || stand.sandbox != nil, !kinds.contains(.http) {
      throw UserError(
        .input, "\(manifest.id) can only be simulated: its manifest has no “http” section",
        place: place,
        remedy: "Add --simulate, or ask a table of your own (a manifest with a “lookup” section).")
    }
  }

  private func checkNames(
    _ columns: [RunPlan.Column], _ requested: [ColumnRequest]
  ) throws(UserError) {
    var seen: Set<String> = []
    for (column, request) in zip(columns, requested) where !seen.insert(column.name).inserted {
      throw UserError(
        .input, "two columns are named “\(column.name)”", place: request.place,
        remedy: "Give one of them another “name” in the configuration file.")
    }
  }

  /// Refuses a mapping to an input that nobody takes: most likely its name is misspelt.
  private func checkInputs(
    of request: Configuration, _ columns: [RunPlan.Column]
  ) throws(UserError) {
    var known = Set(InputName.wellKnown)
    for column in columns {
      for step in column.steps {
        let offer = try catalog.manifest(step.provider.rawValue).finds[column.field]
        known.formUnion(offer?.inputs.flatMap { $0 } ?? [])
      }
    }
    let overrides = request.map + request.columns.flatMap(\.inputs)
    for override in overrides where !known.contains(override.input) {
      let names = known.map(\.rawValue).sorted()
      throw UserError(
        .input, "no provider of this run takes an input “\(override.input)”",
        place: override.place,
        remedy: Suggestion.sentence(for: override.input.rawValue, among: names)
          ?? "The inputs are \(names.joined(separator: ", ")).")
    }
  }

  private func pin(_ columns: [RunPlan.Column]) throws(UserError) -> [RunPlan.PinnedManifest] {
    let used = columns.flatMap { $0.steps + ($0.verifier.map { [$0] } ?? []) }.map(\.provider)
    var pinned: [RunPlan.PinnedManifest] = []
    for id in Set(used).sorted() {
      let manifest = try catalog.manifest(id.rawValue)
      pinned.append(RunPlan.PinnedManifest(file: manifest.file, text: manifest.text))
    }
    return pinned
  }
}

extension [InputOverride] {
  /// The last one for each input.
  fileprivate var byName: [String: String] {
    Dictionary(map { ($0.input.rawValue, $0.header) }, uniquingKeysWith: { $1 })
  }
}
