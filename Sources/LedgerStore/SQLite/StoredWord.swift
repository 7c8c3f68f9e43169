import WaterfallCore

/// A case that the tables keep as a word. The words are those of WaterfallCore, as bytes that never
/// move, so that a row costs no string.
protocol StoredWord: CaseIterable, Sendable {
  var word: StaticString { get }
  /// All cases, made once: `allCases` makes a new array each time.
  static var known: [Self] { get }
}

extension StaticString {
  func equals(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard utf8CodeUnitCount == bytes.count else { return false }
    for index in bytes.indices where utf8Start[index] != bytes[index] { return false }
    return true
  }
}

extension RawStatement {
  func bind(_ index: Int32, _ value: some StoredWord) { bind(index, value.word) }

  /// Run, row, column, generation, step and role in consecutive parameters.
  func bind(_ index: Int32, _ id: AttemptID) {
    bind(index, id.cell.run.rawValue)
    bind(index + 1, id.cell.row)
    bind(index + 2, id.cell.column)
    bind(index + 3, id.cell.generation)
    bind(index + 4, id.step)
    bind(index + 5, id.role)
  }

  /// The case whose word the column holds; nil for NULL. A word of no case is a damaged table.
  func word<Value: StoredWord>(_ column: Int32, _ type: Value.Type = Value.self) throws -> Value? {
    guard !isNull(column) else { return nil }
    let bytes = bytes(column)
    for value in Value.known where value.word.equals(bytes) { return value }
    throw DamagedRow("“\(text(column))” is no word of the schema")
  }

  func requiredWord<Value: StoredWord>(
    _ column: Int32, _ type: Value.Type = Value.self
  ) throws -> Value {
    guard let value = try word(column, type) else { throw DamagedRow("a word is missing") }
    return value
  }
}

/// A row that the schema's own checks would have refused: somebody wrote to the file by hand.
struct DamagedRow: Error {
  let what: String
  init(_ what: String) { self.what = what }
}

extension EntryKind: StoredWord {
  static let known = allCases

  var word: StaticString {
    switch self {
    case .grant: "grant"
    case .hold: "hold"
    case .capture: "capture"
    case .void: "void"
    case .refund: "refund"
    case .zero: "zero"
    case .expire: "expire"
    case .rollover: "rollover"
    }
  }
}

extension AttemptID.Role: StoredWord {
  static let known = allCases

  var word: StaticString {
    switch self {
    case .finder: "finder"
    case .verifier: "verifier"
    }
  }
}

extension FailureReason: StoredWord {
  static let known = allCases

  var word: StaticString {
    switch self {
    case .refused: "refused"
    case .unavailable: "unavailable"
    case .malformed: "malformed"
    case .rateLimited: "rate_limited"
    case .credentials: "credentials"
    case .quota: "quota"
    case .notSent: "not_sent"
    case .unresolved: "unresolved"
    }
  }
}

extension SkipReason: StoredWord {
  static let known = allCases

  var word: StaticString {
    switch self {
    case .missingInput: "missing_input"
    case .condition: "condition_false"
    case .alreadyFilled: "already_filled"
    case .providerOff: "provider_off"
    case .providerDown: "provider_down"
    case .rowBudget: "row_budget"
    case .notSelected: "not_selected"
    case .ragged: "ragged"
    }
  }
}

extension Verdict.Kind: StoredWord {
  static let known = allCases

  var word: StaticString {
    switch self {
    case .valid: "valid"
    case .invalid: "invalid"
    case .risky: "risky"
    case .unverified: "unverified"
    }
  }
}

extension Verdict.Reason: StoredWord {
  static let known = allCases

  var word: StaticString {
    switch self {
    case .syntax: "syntax"
    case .nonexistent: "does_not_exist"
    case .someoneElse: "someone_else"
    case .catchAll: "catch_all"
    case .landline: "landline"
    case .undetermined: "undetermined"
    case .repeated: "repeated"
    }
  }
}

extension KeySource: StoredWord {
  static let known = allCases

  var word: StaticString {
    switch self {
    case .managed: "managed"
    case .own: "own"
    }
  }
}

extension GrantKind: StoredWord {
  static let known = allCases

  var word: StaticString {
    switch self {
    case .trial: "trial"
    case .monthly: "monthly"
    case .rollover: "rollover"
    case .package: "package"
    case .promotion: "promotion"
    case .refund: "refund"
    case .adjustment: "adjustment"
    }
  }
}

extension Field: StoredWord {
  static let known = allCases

  var word: StaticString {
    switch self {
    case .workEmail: "work_email"
    case .mobilePhone: "mobile_phone"
    case .companyDomain: "company_domain"
    case .companySize: "company_size"
    case .jobTitle: "job_title"
    case .linkedinURL: "linkedin_url"
    }
  }
}

extension RunRecord.Command: StoredWord {
  static let known = allCases

  var word: StaticString {
    switch self {
    case .enrich: "enrich"
    case .bench: "bench"
    }
  }
}

extension RunRecord.State: StoredWord {
  static let known = allCases

  var word: StaticString {
    switch self {
    case .running: "running"
    case .done: "done"
    case .paused: "paused"
    case .interrupted: "interrupted"
    case .dropped: "dropped"
    }
  }
}

/// What an attempt was: asked, answered by another, or passed over.
enum AttemptWord: StoredWord {
  static let known = allCases

  case asked
  case shared
  case skipped

  var word: StaticString {
    switch self {
    case .asked: "asked"
    case .shared: "shared"
    case .skipped: "skipped"
    }
  }
}

enum OutcomeWord: StoredWord {
  static let known = allCases

  case hit
  case miss
  case failure
  case unknown

  var word: StaticString {
    switch self {
    case .hit: "hit"
    case .miss: "miss"
    case .failure: "failure"
    case .unknown: "unknown"
    }
  }
}
