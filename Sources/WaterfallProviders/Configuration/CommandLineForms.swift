public import WaterfallCore

extension ColumnRequest {
  /// Reads the option `--column FIELD[=provider,provider…]`; `place` is what errors call it.
  public init(option text: String, place: String? = nil) throws(UserError) {
    let place = place ?? "--column \(text)"
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = parts.first.map(String.init) ?? ""
    guard !name.contains(",") else { throw Self.manyFields(name, place) }
    self.init(field: try Field.named(name, place: place), place: place)
    guard parts.count == 2 else { return }
    var steps: [StepRequest] = []
    for name in parts[1].split(separator: ",", omittingEmptySubsequences: false) {
      let provider = CanonicalText.trimmed(name)
      guard !provider.isEmpty else {
        throw UserError(
          .usage, "the list of providers has an empty name", place: place,
          remedy: "Write --column \(field)=hunter,findymail, or leave “=” out for the default")
      }
      guard !steps.contains(where: { $0.provider == provider }) else {
        throw UserError(
          .usage, "\(provider) is asked twice", place: place, remedy: "Name it once")
      }
      steps.append(StepRequest(provider: provider, place: place))
    }
    self.steps = steps
  }

  private static func manyFields(_ text: String, _ place: String) -> UserError {
    let names = text.split(separator: ",").map { "--column \(CanonicalText.trimmed($0))" }
    return UserError(
      .usage, "“\(text)” is no field: each column has an option of its own", place: place,
      remedy: "Write \(names.joined(separator: " "))")
  }
}

extension InputOverride {
  /// Reads the option `--map input=Header`. The header may itself contain “=”.
  public init(option text: String) throws(UserError) {
    let place = "--map \(text)"
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      .map { CanonicalText.trimmed($0) }
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
      throw UserError(
        .usage, "this is no mapping of an input to a header", place: place,
        remedy: "Write --map domain=Website")
    }
    guard parts[0].isPlainName else {
      throw UserError(
        .usage, "“\(parts[0])” is no name of an input", place: place,
        remedy: Suggestion.sentence(for: parts[0], among: InputName.wellKnown.map(\.rawValue))
          ?? "Write lower-case letters, digits and underscores: --map domain=Website")
    }
    self.init(input: InputName(parts[0]), header: parts[1], place: place)
  }
}

extension RowRange {
  /// Reads the option `--rows A:B`.
  public init(option text: String) throws(UserError) {
    try self.init(parsing: text, place: "--rows \(text)")
  }

  /// Reads `A:B`, `A:`, `:B` or `A`: 1-based data rows, both ends included.
  public init(parsing text: String, place: String?) throws(UserError) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard (1...2).contains(parts.count), parts.contains(where: { !$0.isEmpty }) else {
      throw Self.error("“\(text)” is no range of rows", place)
    }
    let first = parts[0].isEmpty ? 1 : try Self.row(parts[0], place)
    let last = parts.count == 1 ? first : parts[1].isEmpty ? nil : try Self.row(parts[1], place)
    if let last, last < first {
      throw Self.error("the range of rows ends at \(last), before its start at \(first)", place)
    }
    self.init(first: first, last: last)
  }

  private static func row(_ text: String, _ place: String?) throws(UserError) -> Int64 {
    guard text.utf8.allSatisfy(\.isDigit), let row = Int64(text) else {
      throw error("“\(text)” is no number of a row", place)
    }
    guard row >= 1 else { throw error("rows are counted from 1, and \(text) is below", place) }
    return row
  }

  private static func error(_ message: String, _ place: String?) -> UserError {
    UserError(.usage, message, place: place, remedy: "Write 1:100 for the first hundred rows")
  }
}

extension UserError {
  /// What is wrong with a budget that is not above 0; `name` is its option or key.
  public static func noBudget(_ text: String, named name: String, _ code: Code) -> UserError {
    UserError(
      code, "\(text) credits are no budget", place: name,
      remedy: "Write an amount above 0, or leave \(name) out for no limit.")
  }
}
