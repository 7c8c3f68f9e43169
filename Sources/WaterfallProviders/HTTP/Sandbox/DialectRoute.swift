import WaterfallCore

/// One request template of a manifest, ready to be matched backwards.
struct DialectRoute: Sendable {
  enum Kind: Sendable, Equatable {
    /// The question itself, or a job's submission.
    case question
    case poll
    case batch
  }

  let operation: SandboxOperation
  let kind: Kind
  let template: RequestTemplate
  /// Input sets of which one has to be there; empty for verifiers, polls and batches.
  let inputSets: [[InputName]]
  /// The path's parts between slashes.
  private let segments: [Template]
  private let query: [RequestTemplate.Parameter]
  /// The path, where it has no holes.
  let plainPath: String?
  /// The names that its templates use.
  let names: Set<String>

  init(
    _ operation: SandboxOperation, _ kind: Kind, _ template: RequestTemplate, base: String,
    inputSets: [[InputName]] = []
  ) {
    self.operation = operation
    self.kind = kind
    self.template = template
    self.inputSets = inputSets
    let parts = template.isAbsolute ? Self.rebased(template.target, base) : template.target.parts
    let (path, ownQuery) = Self.split(parts, at: "?")
    segments = Self.pieces(path, at: "/").map { Template(parts: $0.map(Self.decoded)) }
    query = template.query + ownQuery.map(Self.parameters)
    names = Set(Self.templates(template, query, segments).flatMap(\.names))
    let isPlain = path.allSatisfy { if case .text = $0 { true } else { false } }
    plainPath = isPlain ? Template(parts: path).render(TemplateValues()) : nil
  }

  /// Whether method and path could be this route's.
  func fits(_ request: SandboxRequest) -> Bool {
    guard template.method == request.method else { return false }
    var matching = Matching()
    do { try match(path: request.path, &matching) } catch { return false }
    return true
  }

  /// Reads the request by the template. Throws `Mismatch` for the first place that differs.
  func match(
    _ request: SandboxRequest, without keyParameter: String?, headers: [HeaderTemplate],
    expected: TemplateValues?
  ) throws(Mismatch) -> Matching {
    var matching = Matching(expected: expected)
    if plainPath == nil { try match(path: request.path, &matching) }
    guard var found = TextDecoding.parameters(request.query[...]) else {
      throw Mismatch(place: ["query"], found: request.query, wanted: "percent-encoded text")
    }
    if let keyParameter { found.removeAll { $0.name == keyParameter } }
    do { try matching.match(query, found) } catch { throw error.within("query") }
    try match(headers + template.headers, request, &matching)
    try matching.match(template.body, request.body)
    return matching
  }

  private func match(path: String, _ matching: inout Matching) throws(Mismatch) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == segments.count else {
      throw Mismatch(place: ["path"], found: path, wanted: nil)
    }
    for (part, segment) in zip(parts, segments) {
      guard let text = TextDecoding.percent(part) else {
        throw Mismatch(place: ["path"], found: path, wanted: "percent-encoded text")
      }
      do { try matching.match(segment, text) } catch { throw error.within("path") }
    }
  }

  /// Fixed headers may be missing, because they decide nothing here; but if they are there they
  /// have to be right. What every client sends by itself is not looked at.
  private func match(
    _ headers: [HeaderTemplate], _ request: SandboxRequest, _ matching: inout Matching
  ) throws(Mismatch) {
    for header in headers {
      let name = header.name.lowercased()
      guard let value = request[header: name] else {
        if header.value.names.isEmpty || matching.mayLack(header.value) { continue }
        throw Mismatch(
          place: ["headers", name], found: nil, wanted: matching.wanted(header.value))
      }
      if ["accept", "content-type", "user-agent"].contains(name) { continue }
      do { try matching.match(header.value, value) } catch {
        throw error.within(name).within("headers")
      }
    }
  }

  private static func templates(
    _ template: RequestTemplate, _ query: [RequestTemplate.Parameter], _ path: [Template]
  ) -> [Template] {
    let body: [Template] =
      switch template.body {
      case nil: []
      case .json(let document): document.templates
      case .form(let list): list.map(\.value)
      }
    return path + query.map(\.value) + template.headers.map(\.value) + body
  }

  // MARK: Targets

  /// An absolute URL as it arrives under another base: see `RequestBuilder.rebased`.
  private static func rebased(_ target: Template, _ base: String) -> [Template.Part] {
    guard case .text(let start) = target.parts.first else { return target.parts }
    let rest = target.parts.dropFirst()
    if start.hasPrefix(base) { return [.text(String(start.dropFirst(base.count)))] + rest }
    return [.text(path(ofAbsolute: start, base: base))] + rest
  }

  static func path(ofAbsolute url: String, base: String) -> String {
    if url.hasPrefix(base) { return String(url.dropFirst(base.count)) }
    return "/@" + url.drop { $0 != ":" }.dropFirst(3)
  }

  private static func split(
    _ parts: [Template.Part], at mark: Character
  ) -> (before: [Template.Part], after: [[Template.Part]]) {
    for (index, part) in parts.enumerated() {
      guard case .text(let text) = part, let place = text.firstIndex(of: mark) else { continue }
      let before = parts[..<index] + [.text(String(text[..<place]))]
      let rest = [.text(String(text[text.index(after: place)...]))] + parts[(index + 1)...]
      return (Array(before), pieces(Array(rest), at: "&"))
    }
    return (parts, [])
  }

  /// The parts between each `mark` in the literal texts.
  private static func pieces(
    _ parts: [Template.Part], at mark: Character
  ) -> [[Template.Part]] {
    var pieces: [[Template.Part]] = [[]]
    for part in parts {
      guard case .text(let text) = part else {
        pieces[pieces.count - 1].append(part)
        continue
      }
      for (index, piece) in text.split(separator: mark, omittingEmptySubsequences: false)
        .enumerated()
      {
        if index > 0 { pieces.append([]) }
        if !piece.isEmpty { pieces[pieces.count - 1].append(.text(String(piece))) }
      }
    }
    return pieces.map { $0.isEmpty ? [.text("")] : $0 }
  }

  private static func decoded(_ part: Template.Part) -> Template.Part {
    guard case .text(let text) = part else { return part }
    return .text(TextDecoding.percent(text[...]) ?? text)
  }

  /// `name=value` of a target's own query.
  private static func parameters(_ piece: [Template.Part]) -> RequestTemplate.Parameter {
    let (name, value) = split(piece, at: "=")
    let decodedName = Template(parts: name.map(decoded)).render(TemplateValues()) ?? ""
    let parts = (value.first ?? [.text("")]).map(decoded)
    return RequestTemplate.Parameter(name: decodedName, value: Template(parts: parts))
  }
}
