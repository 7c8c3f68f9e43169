import GRDBSQLite
import WaterfallCore

/// Turns what goes wrong with a condition into words for its author.
struct ConditionWords {
  let expression: String
  let option: String
  let header: [String]

  /// Refuses what SQLite must not even see.
  func checkText() throws(UserError) {
    guard expression.utf8.count <= ConditionSandbox.longestExpression else {
      throw error("is longer than \(ConditionSandbox.longestExpression) bytes")
    }
    if let problem = ExpressionScan.problem(in: expression) {
      throw error(problem, remedy: example)
    }
  }

  func error(_ problem: String, remedy: String? = nil, code: UserError.Code = .usage) -> UserError {
    UserError(code, "\(option) “\(shown)” \(problem)", remedy: remedy)
  }

  func evaluation(_ failure: SQLiteFailure) -> UserError {
    switch failure.primaryCode {
    case SQLITE_TOOBIG:
      error(
        "met or made a value of more than \(ConditionSandbox.largestValue >> 20) MB", code: .input)
    case SQLITE_INTERRUPT: error("takes too long", code: .input)
    case SQLITE_NOMEM: error("needs more memory than there is", code: .io)
    default: error("failed: \(Self.plain(failure.words))", code: .input)
    }
  }

  func compilation(_ failure: SQLiteFailure, _ sandbox: ConditionSandbox) -> UserError {
    if let refusal = sandbox.refusal { return error(refusal, remedy: example) }
    let said = Self.plain(failure.words)
    if let name = Self.name(in: said, after: "no such column: ") { return missingColumn(name) }
    if let name = Self.name(in: said, after: "no such function: ") {
      let known = ConditionSandbox.functions
      return error(
        "calls \(name)(), which does not exist",
        remedy: Suggestion.sentence(for: name, among: known.sorted()))
    }
    if said == "near \")\": syntax error" || said == "incomplete input" {
      return error("is incomplete at its end or before a closing parenthesis", remedy: example)
    }
    if said.hasSuffix(": syntax error") {
      return error(
        "has a syntax error \(said.dropLast(": syntax error".count))",
        remedy: "\(example) Text stands in single quotes.")
    }
    if said.contains("row value misused") || said.contains("sub-select returns") {
      return error("is not a single expression", remedy: example)
    }
    return error("cannot be used: \(said)")
  }

  /// What a condition looks like, on a column that this sheet has.
  private var example: String {
    let column = header.first { !$0.isEmpty } ?? "State"
    let isPlain = column.utf8.allSatisfy { $0 == 0x5F || ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) }
    let name = isPlain ? column : "\"\(column.replacing("\"", with: "\"\""))\""
    return "Write one SQL expression over the columns of the sheet: \(Self.plain(name)) <> ''."
  }

  /// A word that is no header: misspelt, or a text that lacks its quotes.
  private func missingColumn(_ name: String) -> UserError {
    let word = UnknownWord(name, in: expression)
    let names = header.filter { !$0.isEmpty }
    let suggestion = Suggestion.sentence(for: word.text, among: names)
    let quotes =
      word.isLikelyText
      ? "Text stands in single quotes: '\(word.text.replacing("'", with: "''"))'." : nil
    let headers = names.map { "“\(Self.plain($0))”" }
    let fallback = "Its headers are \(headers.joined(separator: ", "))."
    let remedy = [suggestion ?? (word.isLikelyText ? nil : fallback), quotes]
    return error(
      "names the column \(word.text), which the sheet lacks",
      remedy: remedy.compactMap { $0 }.joined(separator: " "))
  }

  /// What follows `prefix`, without the advice that newer versions of SQLite add.
  private static func name(in words: String, after prefix: String) -> String? {
    guard words.hasPrefix(prefix) else { return nil }
    var name = String(words.dropFirst(prefix.count))
    if name.hasPrefix("\""), let end = name.dropFirst().firstIndex(of: "\"") {
      name = String(name[name.index(after: name.startIndex)..<end])
    }
    return name
  }

  /// The expression in one line, cut where it is very long.
  private var shown: String {
    let line = Self.plain(expression)
    return line.count > 200 ? line.prefix(199) + "…" : line
  }

  /// `text` with spaces for its control characters.
  static func plain(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
  }
}
