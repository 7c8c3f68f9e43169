import Foundation
public import WaterfallCore
import WaterfallEngine
public import WaterfallProviders

/// What the door lends a run: the parts that need the outside.
public struct RunSurroundings: Sendable {
  /// Compiles an SQL expression over the header's columns; the last argument is what errors call it.
  public typealias ConditionFactory =
    @Sendable (
      _ expression: String, _ header: [String], _ name: String
    ) throws -> any RowCondition

  /// Opens the table of a lookup for one of its fields. Relative paths start from `folder`, where
  /// the run's manifest was found.
  public typealias LookupFactory =
    @Sendable (
      _ lookup: Lookup, _ field: Field, _ folder: String
    ) throws -> any LookupTable

  /// What a provider is asked with over HTTP: the transport, and the key of this source.
  public typealias AccessFactory =
    @Sendable (_ provider: ProviderID, _ source: KeySource, _ stand: StandIn) throws -> HTTPAccess

  /// Who answers in a provider's place.
  public struct StandIn: Sendable {
    /// The base of its URLs; nil for the provider itself.
    public let base: String?
    /// The seed of the simulated world behind a sandbox.
    public let sandboxSeed: UInt64?
  }

  let makeCondition: ConditionFactory
  let openLookup: LookupFactory
  let access: AccessFactory
  let commands: CommandPool?

  /// - Parameter commands: the programs that a run may ask; nil where it may ask none.
  public init(
    makeCondition: @escaping ConditionFactory, openLookup: @escaping LookupFactory,
    access: @escaping AccessFactory, commands: CommandPool? = nil
  ) {
    self.makeCondition = makeCondition
    self.openLookup = openLookup
    self.access = access
    self.commands = commands
  }
}

/// Binds a plan to a sheet's header and to providers: from pinned texts to something that runs.
struct RunAssembly {
  let plan: RunPlan
  let header: [String]
  let surroundings: RunSurroundings
  let catalog: ProviderCatalog
  let world: SimulatedWorld
  let mapping: HeaderMapping
  private let remotes = RemoteProviders()

  init(_ plan: RunPlan, header: [String], surroundings: RunSurroundings) throws {
    self.plan = plan
    self.header = header
    self.surroundings = surroundings
    catalog = try plan.pinnedCatalog()
    world = SimulatedWorld(seed: plan.seed)
    mapping = try HeaderMapping(headers: header, overrides: Self.overrides(plan.map, "--map"))
  }

  private static func overrides(_ map: [String: String], _ place: String) -> [InputOverride] {
    map.sorted { $0.key < $1.key }.map {
      InputOverride(input: InputName($0.key), header: $0.value, place: place)
    }
  }

  func program() throws -> RunProgram {
    let columns = try plan.columns.indices.map { try column($0) }
    try checkPlaces(columns)
    let layout = OutputLayout(
      header: header, columns: columns.map { ($0.name, $0.field, $0.existing) },
      hasProvenance: plan.provenance, isSimulated: plan.isSimulated)
    let rows = plan.firstRow.map { $0...(plan.lastRow ?? .max) }
    let admission = RowAdmission(
      rows: rows, limit: plan.limit, limitCountsInputs: plan.limitCountsInputs ?? false,
      overwrite: plan.overwrite, headerWidth: header.count, isRaggedKept: plan.keepsRagged,
      condition: try condition(
        plan.condition, plan.conditionPlace == nil ? "--where" : "where", plan.conditionPlace),
      columns: columns)
    return RunProgram(
      columns: columns, admission: admission, layout: layout, maxCredits: plan.budgets.run,
      maxCreditsPerRow: plan.budgets.row)
  }

  /// Two columns in one place would overwrite what the other one found.
  private func checkPlaces(_ columns: [ColumnProgram]) throws(UserError) {
    var names: [Int: String] = [:]
    for column in columns {
      guard let place = column.existing else { continue }
      if let other = names.updateValue(column.name, forKey: place) {
        throw UserError(
          .input, "\(other) and \(column.name) would both go into “\(header[place])”",
          place: plan.sheet.path,
          remedy: "Give one of them a “name” that the sheet does not have.")
      }
    }
  }

  /// `place` is where the condition stands in a file; nil on the command line.
  private func condition(
    _ expression: String?, _ name: String, _ place: String?
  ) throws -> ConditionProgram? {
    guard let expression else { return nil }
    do {
      let condition = try surroundings.makeCondition(expression, header, name)
      return ConditionProgram(condition: condition, place: place)
    } catch let error as UserError where error.code == .usage && place != nil {
      throw UserError(.input, error.message, place: place, remedy: error.remedy)
    }
  }

  // MARK: Columns

  private func column(_ position: Int) throws -> ColumnProgram {
    let pinned = plan.columns[position]
    let manifests = try pinned.steps.map { try catalog.manifest($0.provider.rawValue) }
    let sets = try catalog.inputSets(of: pinned)
    let inputs = try inputPrograms(of: pinned, position, needed: sets)
    let names = inputs.map(\.name)
    let distinct = sets.flatMap { $0 }.map { $0.sorted() }.reduce(into: [[InputName]]()) {
      if !$0.contains($1) { $0.append($1) }
    }
    let steps = try zip(pinned.steps, zip(manifests, sets)).map { step, offer in
      StepProgram(
        provider: try finder(offer.0, step, pinned.field), validator: validator(offer.0),
        keys: QuestionKeys(
          provider: step.provider, field: pinned.field, verifiedBy: pinned.verifier?.provider),
        inputSets: offer.1.compactMap { set in
          let positions = set.compactMap { names.firstIndex(of: $0) }
          guard let number = distinct.firstIndex(of: set.sorted()) else { return nil }
          return StepProgram.InputSet(positions: positions, number: number)
        },
        condition: try condition(step.condition, "when", step.conditionPlace),
        isSimulated: plan.isSimulated && offer.0.lookup == nil)
    }
    return ColumnProgram(
      position: position, name: pinned.name, field: pinned.field, waterfall: waterfall(of: pinned),
      existing: header.firstIndex(of: pinned.name) ?? existing(pinned),
      condition: try condition(pinned.condition, "where", pinned.conditionPlace),
      inputs: inputs, steps: steps,
      verifier: try pinned.verifier.flatMap { try verifier($0, pinned.field) },
      verifierKeys: pinned.verifier.map {
        QuestionKeys(provider: $0.provider, field: pinned.field)
      }, inputSets: distinct)
  }

  /// The sheet's column of the field, for a column that was not given a name of its own.
  private func existing(_ column: RunPlan.Column) -> Int? {
    column.name == column.field.rawValue ? mapping.existing[column.field] : nil
  }

  private func waterfall(of column: RunPlan.Column) -> Waterfall {
    func step(_ step: RunPlan.Step) -> Step {
      Step(
        provider: step.provider, price: Credits(micro: step.price), keySource: step.keySource,
        chargePolicy: step.chargePolicy, refundsRejected: step.refundsRejected,
        freeVerdicts: Set(step.freeVerdicts))
    }
    return Waterfall(
      steps: column.steps.map(step), verifier: column.verifier.map(step),
      acceptance: column.acceptance)
  }

  // MARK: Inputs

  /// The inputs of a column, and where their values come from.
  func inputPrograms(of position: Int) throws -> [InputProgram] {
    let column = plan.columns[position]
    return try inputPrograms(of: column, position, needed: try catalog.inputSets(of: column))
  }

  private func inputPrograms(
    of column: RunPlan.Column, _ position: Int, needed sets: [[[InputName]]]
  ) throws -> [InputProgram] {
    let mapping =
      column.map.isEmpty
      ? mapping
      : try HeaderMapping(
        headers: header,
        overrides: Self.overrides(plan.map, "--map")
          + Self.overrides(column.map, "the inputs of \(column.name)"))
    let needed = Set(sets.flatMap { $0 }.flatMap { $0 }).sorted()
    let inputs = needed.map { name in
      InputProgram(
        name: name, source: mapping.inputs[name],
        column: plan.columns[..<position].firstIndex { $0.field.input == name })
    }
    let known = Set(inputs.filter { $0.source != nil || $0.column != nil }.map(\.name))
    let canAsk = sets.contains { $0.contains { known.isSuperset(of: $0) } }
    guard canAsk else {
      throw MissingInputs(
        column: column.name, sets: sets.flatMap { $0 }, known: known, recognised: mapping.inputs,
        header: header, sheet: plan.sheet
      ).error
    }
    return inputs
  }

  // MARK: Providers

  private func finder(
    _ manifest: Manifest, _ step: RunPlan.Step, _ field: Field
  ) throws -> (any Provider)? {
    guard step.isOff != true else { return nil }
    if manifest.lookup != nil {
      let folder = folder(of: manifest)
      return try LookupProvider(manifest) { try surroundings.openLookup($0, $1, folder) }
    }
    if isPlayedWithin { return try SimulatedProvider(manifest, world: world) }
    if let program = try program(manifest, step) { return program }
    return try remote(manifest, step, .finder, field)
  }

  /// Whether simulated providers answer without any network.
  private var isPlayedWithin: Bool { plan.isSimulated && plan.sandbox == nil }

  /// The program that answers, if the manifest has one.
  private func program(_ manifest: Manifest, _ step: RunPlan.Step) throws -> (any Provider)? {
    guard manifest.command != nil else { return nil }
    return try surroundings.commands?.provider(manifest, in: folder(of: manifest), step.keySource)
  }

  /// One instance for all columns that ask with the same key, so that they share its limits.
  private func remote(
    _ manifest: Manifest, _ step: RunPlan.Step, _ role: AttemptID.Role, _ field: Field
  ) throws -> any Provider {
    let provider = try remotes.provider(manifest.id, step.keySource) {
      let stand = RunSurroundings.StandIn(
        base: plan.sandbox.map { "\($0)/\(manifest.id)" } ?? plan.bases?[manifest.id.rawValue],
        sandboxSeed: plan.sandbox == nil ? nil : plan.seed)
      return try HTTPProvider(
        manifest, access: surroundings.access(manifest.id, step.keySource, stand))
    }
    try provider.prepare(role, field)
    return provider
  }

  /// Absolute, so that a run can be resumed from anywhere.
  private func folder(of manifest: Manifest) -> String {
    let file = URL(filePath: manifest.file, relativeTo: URL(filePath: plan.directory + "/"))
    return file.deletingLastPathComponent().path
  }

  private func verifier(_ step: RunPlan.Step, _ field: Field) throws -> (any Provider)? {
    guard step.isOff != true else { return nil }
    let manifest = try catalog.manifest(step.provider.rawValue)
    if isPlayedWithin { return try SimulatedVerifier(manifest, world: world) }
    if let program = try program(manifest, step) { return program }
    return try remote(manifest, step, .verifier, field)
  }

  private func validator(_ manifest: Manifest) -> any Validator {
    plan.isSimulated && manifest.lookup == nil
      ? SimulatedValidator(world: world) : SyntaxValidator()
  }
}

/// The providers of a run that are asked over HTTP.
private final class RemoteProviders {
  private struct Key: Hashable {
    let id: ProviderID
    let source: KeySource
  }

  private var providers: [Key: HTTPProvider] = [:]

  func provider(
    _ id: ProviderID, _ source: KeySource, _ make: () throws -> HTTPProvider
  ) throws -> HTTPProvider {
    let key = Key(id: id, source: source)
    if let provider = providers[key] { return provider }
    let provider = try make()
    providers[key] = provider
    return provider
  }
}

extension Field {
  /// The input that a fill of this field can serve as, for columns further on.
  var input: InputName? {
    switch self {
    case .companyDomain: .domain
    case .linkedinURL: .linkedinURL
    case .workEmail: .email
    case .mobilePhone: .phone
    case .companySize, .jobTitle: nil
    }
  }
}
