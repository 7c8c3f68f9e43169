import SheetSQL
import Testing
import WaterfallCore

@Suite struct SQLRowConditionTests {
  private let header = ["State", "Chamber", "Founded", "Company name", "state", "a\"b", "x]y", ""]

  private func passes(_ expression: String, _ cells: [String: String] = [:]) throws -> Bool {
    let condition = try SQLRowCondition(expression, header: header)
    return try condition.passes(condition.columns.map { cells[header[$0]] ?? "" })
  }

  @Test(arguments: [
    ("\"State\" = 'WA' AND Chamber = 'Senate'", true), ("state = 'WA'", true),
    ("STATE IN ('OR', 'WA')", true), ("State = 'wa'", false), ("State = 'wa' COLLATE NOCASE", true),
    ("[State] LIKE 'w%'", true), ("`Chamber` GLOB 'S*'", true), ("row.State = 'WA'", true),
    ("\"Company name\" <> ''", true), ("[Company name] = 'Acme; Inc. (1)'", true),
    ("\"a\"\"b\" = 'q'", true), ("\"x]y\" = 'z'", true), ("NULL", false), ("1", true), ("0", false),
    ("State = 'WA' -- a comment", true), ("State /* ; DROP ) */ = 'WA'", true),
    ("State = 'WA' /* -- */\nAND\t1", true), ("CASE State WHEN 'WA' THEN 1 END", true),
    ("length(\"Company name\") = 14", true), ("State || Chamber = 'WASenate'", true),
    ("'it''s ) ok' <> State", true), ("State", false), ("typeof(Founded) = 'text'", true),
    ("upper(Chamber) BETWEEN 'S' AND 'T'", true), ("coalesce(NULL, State) = 'WA'", true),
  ])
  func sqlDecides(expression: String, expected: Bool) throws {
    let cells = [
      "State": "WA", "Chamber": "Senate", "Founded": "1995", "Company name": "Acme; Inc. (1)",
      "a\"b": "q", "x]y": "z",
    ]
    #expect(try passes(expression, cells) == expected)
  }

  @Test(arguments: [
    ("Founded > 1990", "1995", true), ("Founded > 1990", "900", false),
    ("Founded > '1990'", "900", false), ("Founded >= 1995", "1995", true),
    ("Founded = 1995", "1995.0", true), ("Founded = 1995.0", "1995", true),
    ("Founded IN (1, 1995)", "1995", true), ("Founded BETWEEN 900 AND 1000", "1995", false),
    ("Founded < -5", "-6", true), ("Founded < -5", "-5.5", true), ("Founded < -5", "-4", false),
    ("Founded > 1990", "", false), ("Founded > 1990", "unknown", false),
    ("Founded < 1990", "", true), ("Founded <> '' AND Founded < 1990", "", false),
    ("Founded = ''", "", true), ("Founded IS NULL", "", false),
    ("Founded = '02139'", "02139", true),
    ("Founded = 2139", "02139", false), ("Founded = '2139'", "02139", false),
    ("Founded = 0", "0", true), ("Founded = 0", "-0.0", true),
    ("Founded > 1e16", "1" + String(repeating: "0", count: 17), true),
    ("Founded > 1e16", "9", false), ("Founded < 0.00001", "0.000001", true),
    ("Founded = '1e3'", "1000", false),
    ("Founded = '12345678901234567891'", "12345678901234567890", false),
    ("Founded > 12345678901234567", "12345678901234568", true),
    ("Founded + 1 > 1995", "1995", true),
    ("Founded % 2 = 1", "1995", true), ("Founded > 100 * 3", "299", false),
    ("Founded = '+1'", "1", false), ("Founded > 0", "0.10", true), ("Founded = 0.1", "0.10", true),
  ])
  func numbersCompareByValue(expression: String, founded: String, expected: Bool) throws {
    #expect(try passes(expression, ["Founded": founded]) == expected, "\(expression): \(founded)")
  }

  @Test func bindsOnlyWhatIsRead() throws {
    #expect(try SQLRowCondition("Founded > 1 OR Chamber = ''", header: header).columns == [1, 2])
    #expect(try SQLRowCondition("1 = 1 /* State */", header: header).columns == [])
    #expect(try SQLRowCondition("STATE = ''", header: header).columns == [0])
    #expect(try SQLRowCondition("1", header: []).passes([]))
  }

  @Test func wideSheetsAndLongCells() throws {
    let wide = (0..<5000).map { "column \($0)" }
    let condition = try SQLRowCondition("\"column 4999\" = 'x'", header: wide)
    #expect(condition.columns == [4999])
    let long = String(repeating: "é", count: 1_000_000)
    #expect(try !condition.passes([long]))
    #expect(try condition.passes(["x"]))
  }

  @Test func everyRowStartsAnew() throws {
    let condition = try SQLRowCondition("abs(Founded) > 3", header: header)
    #expect(try condition.passes(["-4"]))
    #expect(try !condition.passes(["2"]))
    #expect(try condition.passes(["4\u{0}5"]))
  }

  @Test(arguments: [
    ("abs(CAST(Founded AS INTEGER)) > 1", "-9223372036854775808", "failed: integer overflow"),
    ("json_extract(Founded, '$.a') = 1", "{", "failed: malformed JSON"),
  ])
  func aFailingRowIsAnErrorAndTheNextOneIsNot(
    expression: String, bad: String, words: String
  ) throws {
    let condition = try SQLRowCondition(expression, header: header)
    let error = #expect(throws: UserError.self) { try condition.passes([bad]) }
    #expect(error?.message == "--where “\(expression)” \(words)")
    #expect(try condition.passes(["2"]) == (expression.hasPrefix("abs")))
  }

  @Test func valuesThatExplodeAreErrors() throws {
    let bombs = ["length(hex(Founded)) > 1", "length(replace(Founded, 'a', Founded)) > 1"]
    for bomb in bombs {
      let condition = try SQLRowCondition(bomb, header: header)
      let cell = String(repeating: "a", count: 9 << 20)
      let error = #expect(throws: UserError.self, "\(bomb)") { try condition.passes([cell]) }
      #expect(error?.message.hasSuffix("met or made a value of more than 16 MB") == true)
    }
    let plain = try SQLRowCondition("Founded = ''", header: header)
    #expect(throws: UserError.self) { try plain.passes([String(repeating: "a", count: 17 << 20)]) }
    #expect(try plain.passes([""]))
  }

  /// Versions of SQLite differ in whether such a width is an error or gives NULL; none makes it.
  @Test(arguments: [
    "length(printf('%1000000000d', 1)) > 1", "length(format('%.*c', 2000000000, 'x')) > 1",
  ])
  func hugeWidthsMakeNothing(bomb: String) throws {
    let condition = try SQLRowCondition(bomb, header: header)
    #expect((try? condition.passes([])) != true)
  }
}
