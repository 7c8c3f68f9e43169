/// The statements that a condition is compiled into.
enum ConditionSQL {
  /// The name of the row's table.
  static let table = "row"
  /// The collation of `CellOrder`.
  static let collation = "cells"

  /// An empty table with the row's columns, which shows what an expression reads.
  static func create(_ names: [String]) -> String {
    // A table has at least one column; the sandbox lets nobody read this one.
    let names = names.isEmpty ? ["-"] : names
    let columns = names.map { "\(SQLiteConnection.quoted($0)) TEXT" }
    return "CREATE TABLE \(SQLiteConnection.quoted(table)) (\(columns.joined(separator: ", ")))"
  }

  /// The expression over that table. The line break ends a comment at the end of the expression.
  static func probe(_ expression: String) -> String {
    "SELECT (\(expression)\n) IS TRUE FROM \(SQLiteConnection.quoted(table))"
  }

  /// The expression over one row of parameters. As the cells are texts with a collation, a number
  /// that they are compared with becomes text and is compared by the collation too.
  static func evaluation(_ expression: String, _ names: [String]) -> String {
    let cells = names.enumerated().map { index, name in
      "CAST(?\(index + 1) AS TEXT) COLLATE \(collation) AS \(SQLiteConnection.quoted(name))"
    }
    let row = cells.isEmpty ? "NULL" : cells.joined(separator: ", ")
    return "SELECT (\(expression)\n) IS TRUE FROM (SELECT \(row)) AS "
      + SQLiteConnection.quoted(table)
  }
}
