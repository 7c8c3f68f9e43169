public import WaterfallCore

/// Which header an input is taken from, as the user said it.
public struct InputOverride: Sendable, Equatable {
  public let input: InputName
  public let header: String
  /// Where it was said, for messages.
  public let place: String?

  public init(input: InputName, header: String, place: String? = nil) {
    self.input = input
    self.header = header
    self.place = place
  }
}

/// From a sheet’s header to the inputs of providers and to the columns that fields already have.
public struct HeaderMapping: Sendable {
  public let headers: [String]
  /// The source of every input that the sheet has or that can be derived from it.
  public private(set) var inputs: [InputName: InputSource] = [:]
  /// The column that already holds a field’s values, by field.
  public private(set) var existing: [Field: Int] = [:]
  /// Sentences about headers that could have meant something else, with the input that they
  /// concern; nil for the sheet as a whole.
  private var doubts: [(input: InputName?, words: String)] = []

  /// Maps the headers. `overrides` win over the names known here, a later one over an earlier.
  /// Throws `UserError` with a suggestion for a header that the sheet does not have.
  public init(headers: [String], overrides: [InputOverride] = []) throws(UserError) {
    self.headers = headers.map { CanonicalText.trimmed($0.filter { $0 != "\u{feff}" }) }
    warnAboutRepeatedHeaders()
    let plain = self.headers.map(HeaderNames.plain)
    for input in InputName.wellKnown where !overrides.contains(where: { $0.input == input }) {
      guard let column = find(HeaderNames.inputs[input] ?? [], plain, for: input)
      else { continue }
      inputs[input] = InputSource(columns: [column], transform: Self.transform(for: input))
    }
    for override in overrides {
      let column = try column(named: override.header, place: override.place)
      inputs[override.input] = InputSource(
        columns: [column], transform: Self.transform(for: override.input))
    }
    derive()
    for field in Field.allCases {
      existing[field] = Self.best(HeaderNames.fields[field] ?? [], plain).first
    }
  }

  private static func transform(for input: InputName) -> InputSource.Transform {
    input == .domain ? .host : Placeholder.canStand(for: input) ? .unlessPlaceholder : .trimmed
  }

  /// The columns with one of the names, best name first and then left to right.
  private static func best(_ names: [String], _ plain: [String]) -> [Int] {
    names.flatMap { name in plain.indices.filter { plain[$0] == name } }
  }

  private mutating func find(_ names: [String], _ plain: [String], for input: InputName) -> Int? {
    let found = Self.best(names, plain)
    guard let first = found.first else { return nil }
    let others = Set(found.map { headers[$0] }).subtracting([headers[first]]).sorted()
    if !others.isEmpty {
      let names = others.map { "“\($0)”" }.joined(separator: ", ")
      doubts.append(
        (
          input,
          "\(input) is taken from “\(headers[first])”; \(names) could be meant too: "
            + "--map \(input)=HEADER says which"
        ))
    }
    return first
  }

  private mutating func warnAboutRepeatedHeaders() {
    var seen: Set<String> = []
    var told: Set<String> = []
    for header in headers where !header.isEmpty && !seen.insert(header).inserted {
      guard told.insert(header).inserted else { continue }
      doubts.append((nil, "the header “\(header)” appears more than once; the first one is used"))
    }
  }

  /// A full name from its two parts, or the two parts from a full name.
  private mutating func derive() {
    let first = inputs[.firstName]
    let last = inputs[.lastName]
    let full = inputs[.fullName]
    if full == nil, let first, let last {
      inputs[.fullName] = InputSource(columns: first.columns + last.columns, transform: .joined)
    } else if let full, first == nil, last == nil {
      inputs[.firstName] = InputSource(columns: full.columns, transform: .firstName)
      inputs[.lastName] = InputSource(columns: full.columns, transform: .lastName)
    }
  }
}

extension HeaderMapping {
  /// The 0-based position of a header, compared exactly, then without regard to case and the
  /// spaces around it. Throws `UserError` with a suggestion where there is none.
  public func column(named name: String, place: String? = nil) throws(UserError) -> Int {
    if let exact = headers.firstIndex(of: name) { return exact }
    let wanted = CanonicalText.of(name)
    if !wanted.isEmpty, let near = headers.firstIndex(where: { CanonicalText.of($0) == wanted }) {
      return near
    }
    throw UserError(
      .input, "the sheet has no header “\(name)”", place: place,
      remedy: Suggestion.sentence(for: name, among: headers)
        ?? "Its headers are \(headers.map { "“\($0)”" }.joined(separator: ", "))")
  }

  /// One line for each mapped input out of `wanted`, such as `domain ← Website (host of the URL)`:
  /// the well-known inputs first, then the user’s own in ascending order.
  public func lines(of wanted: Set<InputName>) -> [String] {
    let own = wanted.subtracting(InputName.wellKnown).sorted()
    return (InputName.wellKnown.filter(wanted.contains) + own).compactMap { input in
      inputs[input].map { "\(input) ← \($0.description(headers))" }
    }
  }

  /// Sentences about headers that could have meant something else: those that concern an input out
  /// of `wanted`, or the sheet as a whole.
  public func warnings(of wanted: Set<InputName>) -> [String] {
    doubts.filter { $0.input.map(wanted.contains) ?? true }.map(\.words)
  }
}
