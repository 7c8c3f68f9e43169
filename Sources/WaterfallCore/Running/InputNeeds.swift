/// What the steps of a run can be asked with, and what of it the run's sheet has.
public struct InputNeeds: Sendable, Equatable {
  public struct Column: Sendable, Equatable {
    /// By step: alternative sets of inputs, in the order in which they are tried.
    public let steps: [[[InputName]]]
    /// Inputs that the sheet, or an earlier column of the run, can have; nil where that is not
    /// known, for any.
    public let available: Set<InputName>?

    public init(steps: [[[InputName]]], available: Set<InputName>?) {
      self.steps = steps
      self.available = available
    }
  }

  /// By the position of the column.
  public let columns: [Column]

  public init(columns: [Column]) { self.columns = columns }

  /// Why a step, or every step of a column, was passed over for lack of an input, in words that
  /// follow “because”: the ones that the row has to have.
  public func words(column: Int32, step: Int32? = nil) -> String {
    let (possible, missing) = alternatives(column, step)
    guard !possible.isEmpty else {
      return missing.isEmpty
        ? SkipReason.missingInput.words : "the sheet has no \(Self.list(missing, " or "))"
    }
    return "the row lacks \(Self.list(possible, ", or "))"
  }

  /// The same for a row whose inputs are known: the ones that it lacks.
  public func words(column: Int32, step: Int32? = nil, row: Inputs) -> String {
    let lacking = alternatives(column, step).possible.map { set in set.filter { row[$0] == nil } }
    guard !lacking.isEmpty, !lacking.contains([]) else { return words(column: column, step: step) }
    // Whoever lacks less needs no more: the larger sets tell nothing.
    let least = lacking.filter { set in
      !lacking.contains { $0.count < set.count && Set($0).isSubset(of: set) }
    }
    return "the row has no \(Self.list(least, " or "))"
  }

  /// The inputs that a finder at this step was sent: the first alternative that the row has whole.
  public func sent(column: Int32, step: Int32, row: Inputs) -> [InputName]? {
    guard let sets = steps(column)?.dropFirst(Int(step)).first else { return nil }
    return sets.first { $0.allSatisfy { row[$0] != nil } }
  }

  private func steps(_ column: Int32) -> [[[InputName]]]? {
    columns.indices.contains(Int(column)) ? columns[Int(column)].steps : nil
  }

  /// Sets that this sheet can offer, and what it lacks of the others.
  private func alternatives(
    _ column: Int32, _ step: Int32?
  ) -> (possible: [[InputName]], missing: [[InputName]]) {
    guard let steps = steps(column) else { return ([], []) }
    let sets = step.map { steps.dropFirst(Int($0)).first ?? [] } ?? steps.flatMap { $0 }
    guard let available = columns[Int(column)].available else { return (sets, []) }
    return (
      sets.filter(available.isSuperset), sets.map { $0.filter { !available.contains($0) } }
    )
  }

  /// `first_name + domain, or email`: each set once.
  private static func list(_ sets: [[InputName]], _ word: String) -> String {
    var texts: [String] = []
    for set in sets {
      let text = set.map(\.rawValue).joined(separator: " + ")
      if !texts.contains(text) { texts.append(text) }
    }
    return texts.joined(separator: word)
  }
}
