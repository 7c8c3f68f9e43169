/// The identity of a question: equal for the same provider, field and inputs, whatever the row.
///
/// 128 bits of a SHA-256; equality is taken as identity of the question.
public struct QuestionKey: Hashable, Sendable {
  public let high: UInt64
  public let low: UInt64

  @inlinable public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }
}

/// The non-empty inputs of one cell, in the column's fixed order.
public struct Inputs: Sendable, Equatable {
  public let names: [InputName]
  /// One value for each name; empty where the row has none.
  public var values: [String]

  /// `names` and `values` have the same count.
  public init(names: [InputName], values: [String]) {
    precondition(names.count == values.count)
    self.names = names
    self.values = values
  }

  /// The value of an input, or nil where the row has none. O(number of inputs), which is small.
  public subscript(name: InputName) -> String? {
    for index in names.indices where names[index] == name && !values[index].isEmpty {
      return values[index]
    }
    return nil
  }
}

/// What one provider is asked, once, for one cell.
public struct Question: Sendable {
  public let attempt: AttemptID
  public let provider: ProviderID
  /// What is asked for; for a verifier, the field whose value is to be judged.
  public let field: Field
  public let inputs: Inputs
  public let key: QuestionKey
  public let keySource: KeySource
  /// The value to judge, when a verifier is asked; nil when a finder is.
  public let candidate: String?
  /// The workspace that the run belongs to: run numbers repeat from one to the next.
  public let workspace: String
  /// The attempt for which an earlier process of the run may have sent this question already: this
  /// one, or that of another row that asked the same; nil where none did.
  public let sentFor: AttemptID?
  /// The provider's name for its work on the question, where it told one to an earlier process.
  public let job: String?

  public init(
    attempt: AttemptID, provider: ProviderID, field: Field, inputs: Inputs, key: QuestionKey,
    keySource: KeySource, candidate: String? = nil, workspace: String = "",
    sentFor: AttemptID? = nil, job: String? = nil
  ) {
    self.attempt = attempt
    self.provider = provider
    self.field = field
    self.inputs = inputs
    self.key = key
    self.keySource = keySource
    self.candidate = candidate
    self.workspace = workspace
    self.sentFor = sentFor
    self.job = job
  }

  public var mayHaveBeenSent: Bool { sentFor != nil }
}
