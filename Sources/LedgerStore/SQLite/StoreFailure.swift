import GRDB
import WaterfallCore

/// The one place where what SQLite reports becomes an error for users.
enum StoreFailure {
  /// `path` is the workspace as the user named it.
  static func userError(_ error: any Error, path: String) -> any Error {
    switch error {
    case let error as DatabaseError: userError(error, path: path)
    case let error as DamagedRow: damaged(path, error.what)
    default: error
    }
  }

  private static func userError(_ error: DatabaseError, path: String) -> UserError {
    let detail = error.message ?? error.resultCode.description
    switch error.resultCode {
    case .SQLITE_NOTADB: return notAWorkspace(path)
    case .SQLITE_CORRUPT: return damaged(path, detail)
    case .SQLITE_CANTOPEN:
      return UserError(
        .io, "the workspace \(path) cannot be opened",
        remedy: "Check that its directory exists and that you may write to it.")
    case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
      return UserError(
        .io, "the workspace \(path) cannot be written",
        remedy: "Check that you may write to the file and to its directory.")
    case .SQLITE_FULL:
      return UserError(
        .io, "the disk is full: the last batch was not stored in \(path)",
        remedy: "Free some space, then resume; everything before it is safe.")
    case .SQLITE_IOERR, .SQLITE_NOLFS, .SQLITE_PROTOCOL:
      return UserError(
        .io, "the disk failed while \(path) was read or written (\(detail))",
        remedy: "Check the disk and your quota, then resume; everything committed before is safe.")
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      return UserError(
        .io, "the workspace \(path) is busy: another program holds it",
        remedy: "Close what else has it open, then try again.")
    case .SQLITE_NOMEM:
      return UserError(.io, "there is not enough memory to work on \(path)")
    case .SQLITE_TOOBIG:
      return UserError(.fault, "a value is too long to be stored in \(path)")
    case .SQLITE_CONSTRAINT:
      return UserError(
        .fault, "the workspace \(path) refused a batch that breaks its rules (\(detail))")
    default:
      return UserError(.fault, "the workspace \(path) could not be used (\(detail))")
    }
  }

  static func notAWorkspace(_ path: String) -> UserError {
    UserError(
      .input, "\(path) is not a waterfall workspace",
      remedy: "Give the path of a workspace, or of a file that does not exist yet.")
  }

  static func damaged(_ path: String, _ detail: String) -> UserError {
    UserError(
      .io, "the workspace \(path) is damaged (\(detail))",
      remedy: "Restore it from a copy, or save what can be read with `sqlite3 \(path) .recover`.")
  }
}
