import Foundation
public import WaterfallCore

/// What the path of an output leads to.
public enum OutputPlace: Equatable, Sendable {
  /// A file, which may not be there yet. Symbolic links were followed to it, and stay.
  case file(String)
  /// A named pipe, a terminal or another device: written to as it is, and never replaced.
  case stream(String)

  /// Looks at a path. Throws `UserError` for what nothing can be written to: a directory, a
  /// socket, a block device, links that lead in a circle.
  public init(_ path: String) throws(UserError) {
    var info = stat()
    guard stat(path, &info) == 0 else {
      guard errno != ELOOP else { throw Self.circle(path) }
      self = .file(try Self.followingLinks(path))
      return
    }
    switch info.st_mode & S_IFMT {
    case S_IFIFO, S_IFCHR:
      self = .stream(path)
    case S_IFDIR:
      throw UserError(
        .input, "the output is a directory", place: path, remedy: "Name a file in it.")
    case S_IFREG:
      self = .file(try Self.followingLinks(path))
    case let kind:
      throw UserError(
        .input, "the output is a \(kind == S_IFSOCK ? "socket" : "block device")", place: path,
        remedy: "Name a file, a named pipe, or - for standard output.")
    }
  }

  public var path: String {
    switch self {
    case .file(let path), .stream(let path): path
    }
  }

  /// Opens it for writing. A named pipe waits for its reader.
  ///
  /// Throws `UserError` where it cannot be written to, or another process is writing it now.
  public func open() throws(UserError) -> any OutputSink {
    switch self {
    case .file(let path): try PartFile(path: path)
    case .stream(let path): try StreamOutput(path: path)
    }
  }

  /// Where the links at the end of the path lead, whether or not there is a file.
  private static func followingLinks(_ path: String) throws(UserError) -> String {
    var current = path
    for _ in 0..<40 {
      var info = stat()
      guard lstat(current, &info) == 0, info.st_mode & S_IFMT == S_IFLNK,
        let target = try? FileManager.default.destinationOfSymbolicLink(atPath: current)
      else { return current }
      let folder = current.lastIndex(of: "/").map { current[...$0] } ?? ""
      current = target.hasPrefix("/") ? target : folder + target
    }
    throw circle(path)
  }

  private static func circle(_ path: String) -> UserError {
    UserError(
      .input, "the output is a symbolic link that leads in a circle", place: path,
      remedy: "Remove it, or name another output.")
  }
}
