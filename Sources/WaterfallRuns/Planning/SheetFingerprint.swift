import Foundation
public import WaterfallCore

/// What a sheet looked like when its run started, so that a resumed run does not mix two sheets.
public struct SheetFingerprint: Codable, Sendable, Equatable {
  public var size: Int64
  /// Milliseconds since 1970.
  public var modified: Int64

  /// The fingerprint of a file; nil for what is no regular file, such as a pipe.
  ///
  /// Throws `UserError` where there is no such file, or it is a directory.
  public static func of(_ path: String) throws(UserError) -> SheetFingerprint? {
    var info = stat()
    guard stat(path, &info) == 0 else {
      let code = errno
      let isMissing = code == ENOENT || code == ENOTDIR
      throw UserError(
        .input,
        isMissing ? "there is no such sheet" : "cannot open the sheet: \(systemWords(code))",
        place: path, remedy: isMissing ? "Check the path." : "Check its permissions.")
    }
    switch info.st_mode & S_IFMT {
    case S_IFDIR:
      throw UserError(
        .input, "the sheet is a directory", place: path, remedy: "Name a CSV file in it.")
    case S_IFREG:
      return SheetFingerprint(size: Int64(info.st_size), modified: modification(info))
    default:
      return nil
    }
  }

  private static func modification(_ info: stat) -> Int64 {
    #if canImport(Darwin)
      let time = info.st_mtimespec
    #else
      let time = info.st_mtim
    #endif
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
