import Synchronization
public import WaterfallCore

/// A provider's side of its manifest: understands the requests that the manifest makes, and
/// answers them in the words of the provider's fixtures with what is so in a simulated world.
///
/// It keeps no state but what it has computed before, and does no I/O. Thread-safe.
public final class ProviderDialect: Sendable {
  public let id: ProviderID
  public let manifest: Manifest
  let section: HTTPSection
  let fixtures: Fixtures
  private let key: KeyCheck
  /// By method and path.
  private let plainRoutes: [String: [DialectRoute]]
  /// Those with holes in their paths.
  private let otherRoutes: [DialectRoute]
  private let tokenPath: String?
  /// The response of each class, the one without a variant if there is one.
  let responses: [SandboxOperation: [String: ResponseTemplate]]
  private let worlds = Mutex<[UInt64: World]>([:])

  /// What everybody in one world answers.
  struct World: Sendable {
    let finder: SimulatedProvider?
    let verifier: SimulatedVerifier?
  }

  /// Throws `UserError` for a manifest that lacks what a sandbox needs: how it is asked over HTTP,
  /// and how it behaves in simulation.
  public init(_ manifest: Manifest, fixtures: Fixtures) throws(UserError) {
    guard let section = manifest.http, manifest.simulation != nil else {
      let missing = manifest.http == nil ? "http" : "simulation"
      throw UserError(
        .input, "\(manifest.id) cannot be served by a sandbox", place: manifest.file,
        remedy: "Add a section “\(missing)” to its manifest")
    }
    id = manifest.id
    self.manifest = manifest
    self.section = section
    self.fixtures = fixtures
    key = KeyCheck(section.auth)
    let routes = Self.routes(manifest, section)
    plainRoutes = Dictionary(grouping: routes.filter { $0.plainPath != nil }) { route in
      Self.address(route.template.method, route.plainPath ?? "")
    }
    otherRoutes = routes.filter { $0.plainPath == nil }
    var responses: [SandboxOperation: [String: ResponseTemplate]] = [:]
    for (field, operation) in fixtures.finds {
      responses[SandboxOperation(.finder, field)] = operation.byKind
    }
    for (field, operation) in fixtures.verifies {
      responses[SandboxOperation(.verifier, field)] = operation.byKind
    }
    self.responses = responses
    if case .oauth2(let url, _) = section.auth?.place {
      tokenPath = DialectRoute.path(ofAbsolute: url, base: section.base)
    } else {
      tokenPath = nil
    }
  }

  /// What it can be asked.
  public var operations: [SandboxOperation] {
    Field.allCases.filter { section.finds[$0] != nil }.map { SandboxOperation(.finder, $0) }
      + Field.allCases.filter { section.verifies[$0] != nil }
      .map { SandboxOperation(.verifier, $0) }
  }

  private static func address(_ method: String, _ path: String) -> String { method + " " + path }

  private static func routes(_ manifest: Manifest, _ section: HTTPSection) -> [DialectRoute] {
    var routes: [DialectRoute] = []
    func add(_ operation: SandboxOperation, _ plan: HTTPOperation, _ sets: [[InputName]]) {
      for request in plan.requests {
        routes.append(
          DialectRoute(
            operation, .question, request, base: section.base,
            inputSets: request.inputs.map { [$0] } ?? sets))
      }
      if let poll = plan.poll {
        routes.append(DialectRoute(operation, .poll, poll.request, base: section.base))
      }
      if let batch = plan.batch {
        routes.append(DialectRoute(operation, .batch, batch.request, base: section.base))
      }
    }
    for field in Field.allCases {
      guard let plan = section.finds[field] else { continue }
      add(SandboxOperation(.finder, field), plan, manifest.finds[field]?.inputs ?? [])
    }
    for field in Field.allCases {
      guard let plan = section.verifies[field] else { continue }
      add(SandboxOperation(.verifier, field), plan, [])
    }
    return routes
  }

  /// The world of a seed, made once.
  func world(_ seed: UInt64) -> World {
    worlds.withLock { worlds in
      if let world = worlds[seed] { return world }
      // Whoever tries seed after seed shall not fill the memory.
      if worlds.count >= 64 { worlds.removeAll() }
      let simulated = SimulatedWorld(seed: seed)
      let world = World(
        finder: try? SimulatedProvider(manifest, world: simulated),
        verifier: try? SimulatedVerifier(manifest, world: simulated))
      worlds[seed] = world
      return world
    }
  }
}

// MARK: Understanding a request

/// What a request means.
public enum Recognition: Sendable {
  /// A question, or the submission of one.
  case question(SandboxQuestion)
  /// Asks how a job is getting on.
  case poll(SandboxOperation, job: String)
  case batch(SandboxOperation, [SandboxQuestion])
  /// Answered already: a token, or a refusal in the provider's dialect.
  case answered(HTTPResponse)
  /// Not a request that the manifest makes, with the reason in words.
  case unknown(String)
}

/// A question as a request puts it.
public struct SandboxQuestion: Sendable {
  public let operation: SandboxOperation
  /// Everything that is known of the row.
  public let inputs: Inputs
  /// The value to judge, where a verifier is asked.
  public let candidate: String?
  /// The number of a batch's element, as the request gives it.
  let item: String?
}

extension ProviderDialect {
  /// Finds the manifest's request that this one was made from, and reads it backwards.
  public func recognise(_ request: SandboxRequest) -> Recognition {
    if let tokenPath, request.path == tokenPath {
      return .answered(SandboxToken.answer(request))
    }
    let named: SandboxOperation?
    if let name = request[header: SandboxHeader.lowerField] {
      guard let operation = SandboxOperation(name: name[...]) else {
        return .unknown("\(SandboxHeader.field) has “\(name)”, which is no operation")
      }
      named = operation
    } else {
      named = nil
    }
    var row: Inputs?
    if let text = request[header: SandboxHeader.lowerRow] {
      row = Self.row(text)
      guard row != nil else {
        return .unknown("\(SandboxHeader.row) is not percent-encoded text")
      }
    }
    var value: String?
    if let text = request[header: SandboxHeader.lowerValue] {
      value = TextDecoding.percent(text[...])
      guard value != nil else {
        return .unknown("\(SandboxHeader.value) is not percent-encoded text")
      }
    }
    return recognise(request, named, row.map { Known(row: $0, value: value) })
  }

  /// What is known of a question beside its request.
  private struct Known {
    let row: Inputs
    let value: String?
  }

  private func recognise(
    _ request: SandboxRequest, _ named: SandboxOperation?, _ known: Known?
  ) -> Recognition {
    var first: (route: DialectRoute, mismatch: Mismatch)?
    var isIncomplete = false
    for routes in [plainRoutes[Self.address(request.method, request.path)] ?? [], otherRoutes] {
      for route in routes where named == nil || named == route.operation {
        guard route.plainPath != nil || route.fits(request) else { continue }
        do {
          let matching = try match(route, request, known)
          guard key.accepts(request) else { return .answered(failure(.credentials)) }
          guard let recognition = self.recognition(route, matching, known) else {
            isIncomplete = true
            continue
          }
          return recognition
        } catch {
          first = first ?? (route, error)
        }
      }
    }
    if isIncomplete { return .answered(failure(.refused)) }
    return .unknown(complaint(request, named, first))
  }

  private func match(
    _ route: DialectRoute, _ request: SandboxRequest, _ known: Known?
  ) throws(Mismatch) -> Matching {
    let expected = try known.map { known throws(Mismatch) in try values(route, known) }
    return try route.match(
      request, without: key.parameter, headers: section.headers, expected: expected)
  }

  /// What the templates' names stand for in a request about this row.
  private func values(
    _ route: DialectRoute, _ known: Known
  ) throws(Mismatch) -> TemplateValues {
    let operation = route.operation
    let row = known.row
    guard operation.role == .finder, route.kind != .batch else {
      var values = TemplateValues(row, using: row.names)
      values["value"] = known.value
      return values
    }
    let sets = manifest.finds[operation.field]?.inputs ?? []
    guard let set = sets.first(where: { $0.allSatisfy { row[$0] != nil } }) else {
      throw Mismatch(place: [SandboxHeader.row], found: nil, wanted: "a complete set of inputs")
    }
    if route.kind == .question, let own = route.template.inputs, own != set {
      let words = set.map(\.rawValue).joined(separator: ", ")
      throw Mismatch(
        place: ["with"], found: own.map(\.rawValue).joined(separator: ", "), wanted: words)
    }
    return TemplateValues(row, using: set)
  }

  /// nil for a request that has no complete set of inputs.
  private func recognition(
    _ route: DialectRoute, _ matching: Matching, _ known: Known?
  ) -> Recognition? {
    switch route.kind {
    case .poll:
      return matching["job"].map { .poll(route.operation, job: $0) }
    case .question:
      return question(route, matching, known).map { .question($0) }
    case .batch:
      return batch(route, matching.items ?? [])
    }
  }

  private func question(
    _ route: DialectRoute, _ matching: Matching, _ known: Known?
  ) -> SandboxQuestion? {
    let candidate = known?.value ?? matching["value"]
    if route.operation.role == .verifier {
      guard candidate != nil else { return nil }
    } else if known == nil {
      guard isComplete(route, matching) else { return nil }
    }
    return SandboxQuestion(
      operation: route.operation, inputs: known?.row ?? matching.inputs, candidate: candidate,
      item: matching["item"])
  }

  /// Whether some input set is there, as far as the request tells of it.
  private func isComplete(_ route: DialectRoute, _ matching: Matching) -> Bool {
    let bound = Set(matching.bindings.map(\.name))
    return route.inputSets.contains { set in
      let told = set.filter { route.names.contains($0.rawValue) }
      return !told.isEmpty && told.allSatisfy { bound.contains($0.rawValue) }
    }
  }

  private func batch(_ route: DialectRoute, _ items: [JSON]) -> Recognition {
    let operation = route.operation
    guard let plan = section.operation(operation.role, operation.field)?.batch else {
      return .unknown("there is no batch of \(operation.name)")
    }
    guard items.count <= plan.most else {
      return .answered(failure(.refused))
    }
    var questions: [SandboxQuestion] = []
    for (number, item) in items.enumerated() {
      var matching = Matching()
      do { try matching.match(plan.item, item) } catch {
        return .unknown("\(operation.name): \(error.within("\(number)").within("items").words)")
      }
      questions.append(
        SandboxQuestion(
          operation: operation, inputs: matching.inputs, candidate: matching["value"],
          item: matching["item"]))
    }
    return .batch(operation, questions)
  }

  private func complaint(
    _ request: SandboxRequest, _ named: SandboxOperation?,
    _ first: (route: DialectRoute, mismatch: Mismatch)?
  ) -> String {
    guard let first else {
      let whose = named.map { " for \($0.name)" } ?? ""
      return "\(id) has no request \(request.method) \(request.path)\(whose)"
    }
    return "\(first.route.operation.name): \(first.mismatch.words)"
  }

  /// The row as its header has it; nil for what is badly encoded.
  private static func row(_ text: String) -> Inputs? {
    guard let parameters = TextDecoding.parameters(text[...]) else { return nil }
    return Inputs(
      names: parameters.map { InputName($0.name) }, values: parameters.map(\.value))
  }
}

extension Matching {
  /// The inputs that the request tells, in their usual order.
  fileprivate var inputs: Inputs {
    let names = InputName.wellKnown.filter { self[$0.rawValue] != nil }
    return Inputs(names: names, values: names.map { self[$0.rawValue] ?? "" })
  }
}

extension Fixtures.Operation {
  fileprivate var byKind: [String: ResponseTemplate] {
    var found: [String: ResponseTemplate] = [:]
    for named in responses where named.variant == nil || found[named.kind] == nil {
      found[named.kind] = named.response
    }
    return found
  }
}
