import GRDBSQLite

/// What a condition may do: read the row's cells, and call functions that depend on nothing but
/// their arguments. Nothing else, and not for long.
final class ConditionSandbox {
  /// Names as SQLite calls them. Nothing that reads a clock, chance, files or settings, and
  /// nothing that makes a large value from a small one except within `largestValue`.
  static let functions: Set<String> = [
    "abs", "ceil", "ceiling", "coalesce", "floor", "format", "glob", "hex", "ifnull", "iif",
    "instr", "json", "json_array_length", "json_extract", "json_type", "json_valid", "->", "->>",
    "length", "like", "likelihood", "likely", "lower", "ltrim", "max", "min", "mod", "nullif",
    "printf", "replace", "round", "rtrim", "sign", "substr", "substring", "trim", "trunc",
    "typeof", "unicode", "unlikely", "upper",
  ]

  /// The most bytes of a cell, and of every value that an expression computes.
  static let largestValue: Int32 = 16 << 20
  /// The most bytes of an expression.
  static let longestExpression = 64 << 10
  /// Virtual machine instructions for one row, in units of `workUnit`.
  private static let work = 1_000
  private static let workUnit: Int32 = 10_000

  /// The names that may be read.
  private let columns: Set<String>
  /// The columns read so far.
  private(set) var reads: Set<String> = []
  /// What was refused, as words that follow “--where …”.
  private(set) var refusal: String?
  /// SELECTs that the statement at hand may still consist of.
  var selectsLeft = 0
  private var workLeft = ConditionSandbox.work

  init(columns: some Sequence<String>) { self.columns = Set(columns) }

  func startRow() { workLeft = Self.work }

  /// Takes rights and resources from `connection`, which must not outlive this object's owner.
  func confine(_ connection: SQLiteConnection) {
    limitSizes(connection)
    let context = Unmanaged.passUnretained(self).toOpaque()
    sqlite3_set_authorizer(
      connection.handle,
      { context, action, first, second, _, _ in
        guard let context else { return SQLITE_DENY }
        return Unmanaged<ConditionSandbox>.fromOpaque(context).takeUnretainedValue()
          .permits(action, first, second) ? SQLITE_OK : SQLITE_DENY
      }, context)
    limitWork(connection)
  }

  /// Interrupts a statement that runs for much longer than any condition needs.
  func limitWork(_ connection: SQLiteConnection) {
    sqlite3_progress_handler(
      connection.handle, Self.workUnit,
      { context in
        guard let context else { return 1 }
        let sandbox = Unmanaged<ConditionSandbox>.fromOpaque(context).takeUnretainedValue()
        sandbox.workLeft -= 1
        return sandbox.workLeft < 0 ? 1 : 0
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  private func limitSizes(_ connection: SQLiteConnection) {
    connection.limit(SQLITE_LIMIT_LENGTH, to: Self.largestValue)
    connection.limit(SQLITE_LIMIT_LIKE_PATTERN_LENGTH, to: 1_000)
    connection.limit(SQLITE_LIMIT_ATTACHED, to: 0)
    connection.limit(SQLITE_LIMIT_TRIGGER_DEPTH, to: 0)
    connection.limit(SQLITE_LIMIT_WORKER_THREADS, to: 0)
    connection.limit(SQLITE_LIMIT_COMPOUND_SELECT, to: 1)
  }

  private func permits(
    _ action: Int32, _ first: UnsafePointer<CChar>?, _ second: UnsafePointer<CChar>?
  ) -> Bool {
    switch action {
    case SQLITE_SELECT:
      selectsLeft -= 1
      return selectsLeft >= 0 || refuse("has a SELECT inside, which is not possible")
    case SQLITE_READ:
      guard Self.string(first) == ConditionSQL.table else {
        return refuse("reads something else than the row")
      }
      // SQLite names no column when a statement reads none.
      let name = Self.string(second) ?? ""
      guard name.isEmpty || columns.contains(name) else {
        return refuse("names the column \(name.lowercased()), which the sheet lacks")
      }
      if !name.isEmpty { reads.insert(name) }
      return true
    case SQLITE_FUNCTION:
      let name = Self.string(second)?.lowercased() ?? ""
      return Self.functions.contains(name)
        || refuse("calls \(name)(), which conditions cannot use")
    default: return refuse("does more than to look at the row")
    }
  }

  private func refuse(_ words: String) -> Bool {
    refusal = refusal ?? words
    return false
  }

  private static func string(_ text: UnsafePointer<CChar>?) -> String? {
    text.map { String(cString: $0) }
  }
}
