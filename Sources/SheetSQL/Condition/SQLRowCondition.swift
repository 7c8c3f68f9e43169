import GRDBSQLite
public import WaterfallCore

/// A condition on a row as an SQL expression, such as `"State" = 'WA' AND Founded > 1990`.
///
/// The names are the sheet's headers, in any case (ASCII); those that are not plain words stand in
/// double quotes or brackets: `"Company name"`, `[Company name]`. Of two columns with the same
/// header the first counts. Text stands in single quotes. The row passes when the expression is
/// true; false and NULL do not pass.
///
/// Cells are text, and an empty cell is `''`, never NULL. Comparisons go by `CellOrder`: two
/// numbers compare by value, written as text or not, so `Founded > 1990`, `Founded > '1990'` and
/// `Founded = 1990.0` do what they seem to. Texts that are no plain number come before all numbers:
/// an empty cell passes `Founded < 1990`, and not `Founded > 1990`; write
/// `Founded <> '' AND Founded < 1990`. Codes with leading zeros are texts: `Zip = '02139'` finds
/// them and `Zip = 2139` does not.
///
/// The expression is confined to the row: no SELECT inside, no clock, chance, files or settings, a
/// bounded amount of work and memory. Not safe for threads.
public final class SQLRowCondition: RowCondition {
  public let columns: [Int]

  private let statement: SQLiteStatement
  private let sandbox: ConditionSandbox
  private let words: ConditionWords

  /// Compiles `expression` for the sheet with `header`.
  ///
  /// Throws `UserError`, which names `option`, the expression, and what is wrong with it.
  /// Complexity: O(headers + length of the expression).
  public convenience init(
    _ expression: String, header: [String], option: String = "--where"
  ) throws(UserError) {
    let words = ConditionWords(expression: expression, option: option, header: header)
    try words.checkText()
    let positions = Self.positions(header, mentionedIn: expression)
    let sandbox = ConditionSandbox(columns: positions.map { header[$0] })
    let compiled: (columns: [Int], statement: SQLiteStatement)
    do {
      compiled = try Self.compile(expression, positions, sandbox, words)
    } catch let failure as SQLiteFailure {
      throw words.compilation(failure, sandbox)
    } catch let error as UserError {
      throw error
    } catch {
      throw UserError(.fault, "\(option) could not be compiled: \(error)")
    }
    self.init(compiled.columns, compiled.statement, sandbox, words)
  }

  private init(
    _ columns: [Int], _ statement: SQLiteStatement, _ sandbox: ConditionSandbox,
    _ words: ConditionWords
  ) {
    self.columns = columns
    self.statement = statement
    self.sandbox = sandbox
    self.words = words
  }

  /// - Parameter positions: The columns that the expression may read.
  private static func compile(
    _ expression: String, _ positions: [Int], _ sandbox: ConditionSandbox, _ words: ConditionWords
  ) throws -> (columns: [Int], statement: SQLiteStatement) {
    let header = words.header
    let connection = try SQLiteConnection(.memory)
    try connection.addCellCollation()
    try connection.run(ConditionSQL.create(positions.map { header[$0] }))
    sandbox.confine(connection)
    try probe(expression, connection, sandbox, words)
    let columns = positions.filter { sandbox.reads.contains(header[$0]) }
    sandbox.selectsLeft = 2
    let sql = ConditionSQL.evaluation(expression, columns.map { header[$0] })
    return (columns, try SQLiteStatement(connection, sql))
  }

  /// Whether the row passes. Throws `UserError` when the expression fails on these values.
  public func passes(_ values: [String]) throws -> Bool {
    precondition(values.count == columns.count, "one value for each column of the condition")
    sandbox.startRow()
    defer { statement.reset() }
    do {
      for index in values.indices { try statement.bind(values[index], at: index + 1) }
      return try statement.step() && statement.isTrue(at: 0)
    } catch {
      throw words.evaluation(error)
    }
  }

  /// The columns whose names could be meant: SQLite allows 2000 only, and a sheet has more.
  private static func positions(_ header: [String], mentionedIn expression: String) -> [Int] {
    let text = expression.asciiLowercased
    var seen: Set<String> = []
    return header.indices.filter { index in
      let name = header[index].asciiLowercased
      guard !name.isEmpty, !name.utf8.contains(0) else { return false }
      let isMentioned =
        name.contains("\"") || name.contains("`") || text.utf8Contains(name)
      return isMentioned && seen.insert(name).inserted
    }
  }

  /// Compiles the expression against the empty table, so that the sandbox sees what it reads.
  private static func probe(
    _ expression: String, _ connection: SQLiteConnection, _ sandbox: ConditionSandbox,
    _ words: ConditionWords
  ) throws {
    sandbox.selectsLeft = 1
    let statement = try SQLiteStatement(connection, ConditionSQL.probe(expression))
    guard !statement.hasTail, statement.columnCount == 1 else {
      throw words.error("is not a single expression")
    }
    guard statement.parameterCount == 0 else {
      throw words.error(
        "has a parameter (?, :name, @name or $name)", remedy: "Write the value itself.")
    }
  }
}

extension SQLiteConnection {
  fileprivate func addCellCollation() throws(SQLiteFailure) {
    let code = sqlite3_create_collation_v2(
      handle, ConditionSQL.collation, SQLITE_UTF8, nil,
      { _, leftCount, left, rightCount, right in
        CellOrder.compare(
          UnsafeRawBufferPointer(start: left, count: Int(leftCount)),
          UnsafeRawBufferPointer(start: right, count: Int(rightCount)))
      }, nil)
    guard code == SQLITE_OK else { throw failure(code) }
  }
}

extension String {
  /// With A to Z lowered and everything else as it is: the case that SQLite's names ignore.
  var asciiLowercased: String {
    String(decoding: utf8.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }, as: UTF8.self)
  }

  fileprivate func utf8Contains(_ part: String) -> Bool {
    let (text, part) = (Array(utf8), Array(part.utf8))
    guard let first = part.first, text.count >= part.count else { return false }
    return (0...(text.count - part.count)).contains { start in
      text[start] == first && text[start..<(start + part.count)].elementsEqual(part)
    }
  }
}
