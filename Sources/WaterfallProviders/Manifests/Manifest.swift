public import WaterfallCore

/// What the YAML file of one provider says: what it finds and verifies, for how much, and how it
/// behaves in simulation.
public struct Manifest: Sendable, Equatable {
  public let id: ProviderID
  /// The name for people, such as “Hunter”.
  public let name: String
  public let about: String?
  public let website: String?
  /// What it can be asked for, by field. A lookup's offers follow from its table.
  public let finds: [Field: Offer]
  /// Whose values it can judge, by field.
  public let verifies: [Field: VerifierOffer]
  public internal(set) var simulation: Simulation?
  public let lookup: Lookup?
  public let http: HTTPSection?
  public let command: CommandSection?
  /// The file's name, as messages give it.
  public let file: String
  /// The whole text: what a run pins and reads again when it resumes.
  public let text: String
  /// SHA-256 of the text, in hexadecimal.
  public let digest: String

  /// The ways in which it can be asked; they follow from the sections that the file has.
  public var kinds: Set<ProviderKind> {
    var kinds: Set<ProviderKind> = []
    if simulation != nil { kinds.insert(.simulated) }
    if lookup != nil { kinds.insert(.lookup) }
    if http != nil { kinds.insert(.http) }
    if command != nil { kinds.insert(.command) }
    return kinds
  }

  /// Whether it cannot be asked for real without a key.
  public var needsKey: Bool { http?.needsKey == true || command?.key != nil }

  /// Whether it can be asked with a key. Of one that can only be simulated nothing says otherwise.
  public var takesKey: Bool {
    switch (lookup, command, http) {
    case (nil, let command?, _): command.key != nil
    case (nil, nil, let http?): http.takesKey
    case (nil, nil, nil): true
    case (_?, _, _): false
    }
  }

  /// Whether its key is two parts with a colon between, `identifier:secret`.
  public var takesPair: Bool { lookup == nil && command == nil && http?.auth?.takesPair == true }
}

/// A way to ask a provider.
public enum ProviderKind: String, Sendable, CaseIterable {
  /// Its `simulation` section answers: nothing leaves the machine.
  case simulated
  /// The user's own table answers.
  case lookup
  /// The provider itself answers, over HTTP.
  case http
  /// A program of the user's answers.
  case command
}

/// What a finder offers for one field.
public struct Offer: Sendable, Equatable {
  /// Alternative sets of inputs, best first. One complete set is enough.
  public let inputs: [[InputName]]
  public let price: Credits
  public let charge: ChargePolicy
  public let refund: RefundPolicy
  /// Whether the provider itself gives an invalid value's price back: what the refund policy
  /// `provider` follows.
  public let refundsInvalid: Bool
  public let cost: ProviderCost?

  /// The position in `inputs` of the first set that the row has completely; nil where it has none.
  /// O(names in the sets × inputs).
  public func inputSet(for inputs: Inputs) -> Int? {
    self.inputs.firstIndex { set in set.allSatisfy { inputs[$0] != nil } }
  }

  /// Whether a rejected hit is refunded under `policy`.
  public func refundsRejectedHit(under policy: RefundPolicy) -> Bool {
    switch policy {
    case .always: true
    case .provider: refundsInvalid
    case .never: false
    }
  }
}

/// What a verifier offers for one field.
public struct VerifierOffer: Sendable, Equatable {
  public let price: Credits
  /// The answers that are not charged.
  public let free: Set<FreeVerdict>
  public let cost: ProviderCost?

  /// Whether this verdict is charged: every definite one, and the others unless the manifest
  /// names them under `free`.
  public func charges(_ verdict: Verdict) -> Bool {
    FreeVerdict(verdict).map { !free.contains($0) } ?? true
  }
}

/// What the provider bills the operator in dollars, and when.
public struct ProviderCost: Sendable, Equatable {
  public let dollars: Money
  public let when: ChargePolicy
}

/// The user's own table as a provider.
public struct Lookup: Sendable, Equatable {
  /// A CSV or SQLite file, relative to the manifest's folder.
  public let file: String
  /// The table of an SQLite file; nil for a CSV file.
  public let table: String?
  /// The inputs that identify a row of the table, in the order written.
  public let keys: [Key]
  /// The column that holds the value, by field.
  public let values: [Field: String]

  public struct Key: Sendable, Equatable {
    public let input: InputName
    public let column: String
  }
}
