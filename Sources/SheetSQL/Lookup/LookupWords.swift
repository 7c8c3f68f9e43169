import GRDBSQLite
import WaterfallCore

/// Turns what goes wrong with a lookup table into words for its owner.
struct LookupWords: Sendable {
  /// The file, as the user named it.
  let name: String

  func attempting<Value>(
    _ body: () throws(SQLiteFailure) -> Value
  ) throws(UserError) -> Value {
    do {
      return try body()
    } catch {
      throw words(for: error)
    }
  }

  /// The position of the column called `column`, in any case.
  func position(
    of column: String, among columns: [String], of table: String? = nil
  ) throws(UserError) -> Int {
    let wanted = column.asciiLowercased
    if let index = columns.firstIndex(where: { $0.asciiLowercased == wanted }) { return index }
    let owner = table.map { "the table \(ConditionWords.plain($0))" } ?? "the lookup table"
    throw missing("column", column, among: columns, of: owner)
  }

  func missing(
    _ what: String, _ missing: String, among names: [String], of owner: String
  ) -> UserError {
    let known = names.prefix(20).map(ConditionWords.plain).joined(separator: ", ")
    return UserError(
      .input, "\(owner) has no \(what) \(ConditionWords.plain(missing))", place: name,
      remedy: Suggestion.sentence(for: missing, among: names)
        ?? (names.isEmpty ? "It has none at all." : "It has \(known)."))
  }

  private func words(for failure: SQLiteFailure) -> UserError {
    let missingFile: Int32 = 2
    switch failure.primaryCode {
    case SQLITE_CANTOPEN where failure.systemError == missingFile:
      return UserError(
        .input, "the lookup database does not exist", place: name,
        remedy: "Mend “file” in the manifest; the path is relative to it.")
    case SQLITE_NOTADB:
      return UserError(
        .input, "the file is not an SQLite database", place: name,
        remedy: "Name an SQLite file, or leave “table” out for a CSV file.")
    case SQLITE_BUSY, SQLITE_LOCKED:
      return UserError(
        .io, "the lookup database is locked by another program", place: name,
        remedy: "Wait until it is done, and try again.")
    default:
      return UserError(
        .io, "the lookup table cannot be read: \(ConditionWords.plain(failure.words))", place: name)
    }
  }
}
