import GRDB

/// A query stepped row by row, with the current row in sight: what a merge of several is made of.
struct RowStream {
  let row: RawStatement
  private(set) var hasRow: Bool

  init(_ sql: String, in database: Database) throws {
    row = try RawStatement(sql, in: database)
    hasRow = try row.next()
  }

  mutating func advance() throws { hasRow = try row.next() }
}
