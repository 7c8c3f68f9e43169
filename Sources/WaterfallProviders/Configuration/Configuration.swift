public import WaterfallCore

/// What `waterfall.yaml` or the options of a command ask for. A value that was not given is nil.
public struct Configuration: Sendable, Equatable {
  public var columns: [ColumnRequest] = []
  /// Which headers the inputs come from, for all columns.
  public var map: [InputOverride] = []
  /// An SQL condition on rows, for all columns.
  public var condition: String?
  /// Where it was written; nil for an option.
  public var conditionPlace: String?
  public var limit: Int64?
  public var rows: RowRange?
  public var overwrite: Bool?
  public var provenance: Bool?
  public var maxCredits: Credits?
  public var maxCreditsPerRow: Credits?
  public var seed: UInt64?
  public var ragged: RaggedRows?
  /// Manifest files and folders of the user, relative to the configuration file.
  public var providers: [PlacedText] = []

  public init() {}
}

/// One column to enrich. What is nil follows from the field’s default waterfall.
public struct ColumnRequest: Sendable, Equatable {
  public var field: Field
  /// The header of the output column; nil for the usual one.
  public var name: String?
  /// In the order asked; nil for the field’s default waterfall.
  public var steps: [StepRequest]?
  /// Who judges what is found.
  public var verifier: StepRequest?
  public var condition: String?
  public var conditionPlace: String?
  public var accept: AcceptanceRule?
  public var charge: ChargePolicy?
  public var refund: RefundPolicy?
  /// Headers that this column’s inputs come from; they win over the common ones.
  public var inputs: [InputOverride] = []
  /// Where the column was asked for: `waterfall.yaml:3:5`, or the option.
  public var place: String

  public init(field: Field, place: String) {
    self.field = field
    self.place = place
  }
}

/// One provider of a column, and when it is asked.
public struct StepRequest: Sendable, Equatable {
  /// As written; the catalog knows whether there is such a provider.
  public var provider: String
  /// An SQL condition on the row.
  public var condition: String?
  public var conditionPlace: String?
  /// Whose key to use; nil for the usual one.
  public var key: KeySource?
  /// Where the provider was named, for messages.
  public var place: String

  public init(
    provider: String, condition: String? = nil, conditionPlace: String? = nil,
    key: KeySource? = nil, place: String
  ) {
    self.provider = provider
    self.condition = condition
    self.conditionPlace = conditionPlace
    self.key = key
    self.place = place
  }
}

/// A text and where it was written.
public struct PlacedText: Sendable, Equatable {
  public let text: String
  public let place: String

  public init(text: String, place: String) {
    self.text = text
    self.place = place
  }
}

/// What happens to a row with more or fewer columns than the header.
public enum RaggedRows: String, Sendable, CaseIterable {
  /// It stops the run.
  case error
  /// It is written as it is, and not enriched.
  case keep
}

/// A range of 1-based data rows, both ends included.
public struct RowRange: Sendable, Hashable {
  public let first: Int64
  /// Nil for “to the end”.
  public let last: Int64?

  public init(first: Int64, last: Int64?) {
    self.first = first
    self.last = last
  }

  public func contains(_ row: Int64) -> Bool { row >= first && last.map { row <= $0 } ?? true }
}
