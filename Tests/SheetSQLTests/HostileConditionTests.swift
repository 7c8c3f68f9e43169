import GRDBSQLite
import Testing
import WaterfallCore

@testable import SheetSQL

@Suite struct HostileConditionTests {
  private let header = ["State", "Chamber", "Founded", "Company name"]

  private func error(_ expression: String) -> UserError? {
    #expect(throws: UserError.self, "\(expression)") {
      _ = try SQLRowCondition(expression, header: header)
    }
  }

  @Test(arguments: [
    ("State = 'WA'; DROP TABLE row", "has a ; though it must be a single expression"),
    ("1;", "has a ; though it must be a single expression"),
    ("1) FROM row; ATTACH 'x' AS y --", "has a closing parenthesis too many"),
    ("1) FROM row WHERE (1", "has a closing parenthesis too many"),
    ("1) FROM row /*", "has a closing parenthesis too many"),
    ("1 /*", "has a comment that is not closed"), ("1 /*/", "has a comment that is not closed"),
    ("(State = 'WA'", "has an opening parenthesis that is not closed"),
    ("State = 'WA", "has a ' that is not closed"), ("\"State", "has a \" that is not closed"),
    ("[State", "has a [ that is not closed"), ("", "is empty"), (" \n-- x", "is empty"),
    ("/* */", "is empty"), ("1\u{0})", "has a NUL character"),
    ("State = ?", "has a parameter (?, :name, @name or $name)"),
    ("State = :a", "has a parameter (?, :name, @name or $name)"),
    ("?1 = 'WA'", "has a parameter (?, :name, @name or $name)"),
    ("1, 2", "is not a single expression"), ("ATTACH 'x' AS y", "has a syntax error near \"'x'\""),
    ("PRAGMA user_version", "has a syntax error near \"user_version\""),
    ("DELETE FROM row", "has a syntax error near \"DELETE\""),
    ("State = ", "is incomplete at its end or before a closing parenthesis"),
    ("(SELECT 1)", "has a SELECT inside, which is not possible"),
    ("SELECT 1", "has a SELECT inside, which is not possible"),
    ("EXISTS (SELECT * FROM sqlite_schema)", "reads something else than the row"),
    ("(SELECT sql FROM sqlite_master) = 'x'", "reads something else than the row"),
    ("State IN row", "has a SELECT inside, which is not possible"),
    ("State IN (SELECT State FROM row)", "has a SELECT inside, which is not possible"),
    ("State IN json_each(Chamber)", "does more than to look at the row"),
    ("State IN pragma_table_info('row')", "does more than to look at the row"),
    (
      "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n)",
      "cannot be used: too many terms in compound SELECT"
    ),
    ("load_extension('x')", "calls load_extension(), which conditions cannot use"),
    ("length(randomblob(1000000000)) > 1", "calls randomblob(), which conditions cannot use"),
    ("length(zeroblob(1000000000)) > 1", "calls zeroblob(), which conditions cannot use"),
    ("random() > 0", "calls random(), which conditions cannot use"),
    ("date('now') > State", "calls date(), which conditions cannot use"),
    ("State < CURRENT_TIMESTAMP", "calls current_timestamp(), which conditions cannot use"),
    ("count(*) > 0", "calls count(), which conditions cannot use"),
    ("sqlite_version() > ''", "calls sqlite_version(), which conditions cannot use"),
    ("readfile('x') = ''", "calls readfile(), which does not exist"),
    ("writefile('x', State) = ''", "calls writefile(), which does not exist"),
    ("main.row.State = 'WA'", "names the column State, which the sheet lacks"),
    ("rowid = 1", "names the column rowid, which the sheet lacks"),
  ])
  func isRefused(expression: String, words: String) {
    let error = error(expression)
    #expect(error?.code == .usage)
    #expect(error?.message.hasSuffix("” \(words)") == true, "\(error?.description ?? "")")
    #expect(error?.message.hasPrefix("--where “") == true)
  }

  @Test func misspeltNamesAreSuggested() {
    let column = error("Stat = 'WA'")
    #expect(
      column?.message == "--where “Stat = 'WA'” names the column Stat, which the sheet lacks")
    #expect(column?.remedy == "Did you mean State?")
    #expect(error("lenght(State) > 1")?.remedy == "Did you mean length?")
    #expect(error("Zzzzzz = 1")?.remedy?.hasPrefix("Its headers are “State”, ") == true)
  }

  @Test func quotedTextIsNoText() {
    let error = error("State = \"WA\"")
    #expect(error?.message.hasSuffix("names the column WA, which the sheet lacks") == true)
    #expect(error?.remedy == "Text stands in single quotes: 'WA'.")
    #expect(self.error("\"Stat\" = 'WA'")?.remedy?.hasPrefix("Did you mean State?") == true)
  }

  /// The word is shown as it was written, and the remedy is the one that helps.
  @Test(arguments: [
    ("\"Company name\" = \"Acme Inc.\"", "Acme Inc.", "'Acme Inc.'"),
    ("\"Company name\" = \"Acme, Inc. (UK)\"", "Acme, Inc. (UK)", "'Acme, Inc. (UK)'"),
    ("State = \"O'Hara\"", "O'Hara", "'O''Hara'"), ("State = Washington", "Washington", nil),
    ("State <> Washington", "Washington", nil), ("State IN (Washington)", "Washington", nil),
    ("State like Washington", "Washington", nil), ("State is not Washington", "Washington", nil),
    ("Founded>Washington", "Washington", nil),
  ])
  func textWithoutItsQuotesIsRecognised(expression: String, word: String, quoted: String?) {
    let error = error(expression)
    #expect(
      error?.message.hasSuffix("names the column \(word), which the sheet lacks") == true,
      "\(error?.message ?? "")")
    #expect(error?.remedy == "Text stands in single quotes: \(quoted ?? "'\(word)'").")
  }

  @Test(arguments: ["Washington = State", "length(Washington) > 1", "x.Washington <> ''"])
  func aWordOnTheLeftIsAHeader(expression: String) {
    #expect(error(expression)?.remedy?.hasPrefix("Its headers are “State”, ") == true)
  }

  @Test func aTextOfTwoWordsIsASyntaxErrorWithAHint() {
    #expect(error("State = New York")?.remedy?.hasSuffix("Text stands in single quotes.") == true)
  }

  @Test func longAndDeepExpressionsAreRefused() {
    let long = "State = '" + String(repeating: "x", count: 70_000) + "'"
    #expect(error(long)?.message.hasSuffix("…” is longer than 65536 bytes") == true)
    let deep = String(repeating: "(", count: 20_000) + "1" + String(repeating: ")", count: 20_000)
    #expect(error(deep) != nil)
    let chain = Array(repeating: "1", count: 5_000).joined(separator: " OR ")
    #expect(error(chain) != nil)
    let joined = Array(repeating: "State = 'WA'", count: 900).joined(separator: " OR ")
    #expect(throws: Never.self) { _ = try SQLRowCondition(joined, header: header) }
  }

  @Test func errorsNameTheOptionAndHideControlCharacters() {
    let error = #expect(throws: UserError.self) {
      _ = try SQLRowCondition("\u{1B}[2J = ", header: header, option: "waterfall.yaml: where")
    }
    #expect(error?.message.hasPrefix("waterfall.yaml: where “ [2J = ”") == true)
  }

  @Test func hostileHeadersAreOnlyNames() throws {
    let header = ["a\"); DROP TABLE row; --", "x\u{0}y", "sqlite_master", "'", "rowid", "-- c"]
    let expression = "\"a\"\"); DROP TABLE row; --\" = '1' AND rowid = 'r' AND \"'\" = 'q'"
    let condition = try SQLRowCondition(expression, header: header)
    #expect(condition.columns == [0, 3, 4])
    #expect(try condition.passes(["1", "q", "r"]))
    #expect(try !condition.passes(["1", "q", "1"]))
  }

  /// No condition that is let in gets there, but should one, it ends.
  @Test func workIsBounded() throws {
    let connection = try SQLiteConnection(.memory)
    let sandbox = ConditionSandbox(columns: [])
    sandbox.limitWork(connection)
    let endless = try SQLiteStatement(
      connection,
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n")
    let failure = #expect(throws: SQLiteFailure.self) { _ = try endless.step() }
    #expect(failure?.primaryCode == SQLITE_INTERRUPT)
    withExtendedLifetime(sandbox) {}
  }
}
