import GRDB

@testable import LedgerStore

extension LedgerStore {
  /// Settings of the connection that commits.
  func pragmas(_ names: [String]) throws -> [String] {
    try write { writer in
      try writer.queue.inDatabase { database in
        try names.map { try String.fetchOne(database, sql: "PRAGMA \($0)") ?? "" }
      }
    }
  }

  /// Runs SQL on the connection that commits, such as a limit on its size.
  func onWriter(_ sql: String) throws {
    try write { try $0.queue.inDatabase { try $0.execute(sql: sql) } }
  }
}
