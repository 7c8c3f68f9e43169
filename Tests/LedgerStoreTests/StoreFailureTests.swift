import GRDB
import Testing
import WaterfallCore

@testable import LedgerStore

/// Every trouble that SQLite can report names the workspace and what to do.
@Suite struct StoreFailureTests {
  @Test(arguments: [
    (ResultCode.SQLITE_NOTADB, UserError.Code.input, "is not a waterfall workspace"),
    (.SQLITE_CORRUPT, .io, "is damaged (the reason)"),
    (.SQLITE_CORRUPT_VTAB, .io, "is damaged"),
    (.SQLITE_CANTOPEN, .io, "cannot be opened"),
    (.SQLITE_READONLY_DIRECTORY, .io, "cannot be written"),
    (.SQLITE_PERM, .io, "cannot be written"),
    (.SQLITE_FULL, .io, "the disk is full"),
    (.SQLITE_IOERR_FSYNC, .io, "the disk failed"),
    (.SQLITE_BUSY_SNAPSHOT, .io, "is busy"),
    (.SQLITE_CONSTRAINT_CHECK, .fault, "breaks its rules (the reason)"),
    (.SQLITE_MISUSE, .fault, "could not be used (the reason)"),
  ])
  func isMadeIntoWords(result: ResultCode, code: UserError.Code, words: String) throws {
    let error = DatabaseError(resultCode: result, message: "the reason")
    let made = StoreFailure.userError(error, path: "w.sqlite")
    let user = try #require(made as? UserError)
    #expect(user.code == code)
    #expect(user.message.contains(words) && user.message.contains("w.sqlite"), "\(user)")
    #expect(user.remedy != nil || code == .fault)
  }
}
