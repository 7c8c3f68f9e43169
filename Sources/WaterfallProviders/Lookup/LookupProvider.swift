public import WaterfallCore

/// The table behind a lookup, which somebody else reads.
public protocol LookupTable: Sendable {
  /// The value of the row with these keys, in the order of the manifest’s `keys`; nil where there
  /// is none. Keys come trimmed and in lower case, and the table’s own are compared likewise.
  func value(forKeys keys: [String]) throws -> String?
}

/// Opens the table of one lookup and one of its fields.
public typealias LookupTableFactory = (_ lookup: Lookup, _ field: Field) throws -> any LookupTable

/// The user’s own table as a provider: free, asked first, and harmless.
public struct LookupProvider: Provider {
  public let id: ProviderID
  private let keys: [InputName]
  private let tables: [Field: any LookupTable]

  /// Throws what opening a table throws, and `UserError` for a manifest without a lookup.
  public init(_ manifest: Manifest, opening open: LookupTableFactory) throws {
    guard let lookup = manifest.lookup else {
      throw UserError(
        .input, "\(manifest.id) has no lookup", place: manifest.file,
        remedy: "Add “lookup:” with a file, its keys and its values")
    }
    self.id = manifest.id
    self.keys = lookup.keys.map(\.input)
    var tables: [Field: any LookupTable] = [:]
    for field in Field.allCases where lookup.values[field] != nil {
      tables[field] = try open(lookup, field)
    }
    self.tables = tables
  }

  public var isHarmless: Bool { true }

  public func ask(_ question: Question, reply: @escaping @Sendable (Answer) -> Void) {
    reply(Answer(outcome(of: question)))
  }

  private func outcome(of question: Question) -> Outcome {
    guard let table = tables[question.field] else { return .failure(.refused) }
    var values: [String] = []
    for key in keys {
      guard let value = question.inputs[key] else { return .failure(.refused) }
      values.append(CanonicalText.of(value))
    }
    guard !values.contains("") else { return .miss }
    do {
      let value = try table.value(forKeys: values).map { CanonicalText.trimmed($0) } ?? ""
      return value.isEmpty ? .miss : .hit(value)
    } catch {
      return .failure(.unavailable)
    }
  }
}
