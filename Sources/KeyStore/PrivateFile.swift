import Foundation
import WaterfallCore

/// Files that nobody but their owner may read.
enum PrivateFile {
  /// The largest file read; a key file is a page or two.
  private static let largest = 1 << 20

  /// The text of a file; nil where there is none. What is checked is what is read: the open file,
  /// not its name.
  static func read(_ path: String) throws(UserError) -> String? {
    // Without waiting for somebody to write to it, should it be a pipe.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      if errno == EACCES || errno == EPERM { throw forbidden(path) }
      throw failure("the key file cannot be read", path)
    }
    defer { close(descriptor) }
    try check(descriptor, path)
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while bytes.count <= largest {
      let count = retrying { Foundation.read(descriptor, &buffer, buffer.count) }
      guard count >= 0 else { throw failure("the key file cannot be read", path) }
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw UserError(
        .input, "the key file is not UTF-8 text", place: path, remedy: "Save it as UTF-8.")
    }
    return text
  }

  /// A file that may not be opened: whose it is, as far as that can be seen.
  private static func forbidden(_ path: String) -> UserError {
    var info = stat()
    let isThere = stat(path, &info) == 0
    if isThere, info.st_uid == geteuid() {
      let mode = String(info.st_mode & 0o7777, radix: 8)
      return UserError(
        .input, "you may not read your own key file (its mode is \(mode))", place: path,
        remedy: "“chmod 600 \(ShellWord.quoted(path))” allows it.")
    }
    let owner = isThere ? getpwuid(info.st_uid).map { String(cString: $0.pointee.pw_name) } : nil
    let whose =
      isThere ? "it belongs to \(owner ?? "user \(info.st_uid)")" : "its directory is closed"
    return UserError(
      .input, "you may not read the key file: \(whose)", place: path,
      remedy: "Have its owner give it to you (chown), or name another file by WATERFALL_KEYS.")
  }

  private static func check(_ descriptor: Int32, _ path: String) throws(UserError) {
    var info = stat()
    guard fstat(descriptor, &info) == 0 else { throw failure("the key file cannot be read", path) }
    guard info.st_mode & S_IFMT == S_IFREG else {
      throw UserError(
        .input, "the key file is \(info.st_mode & S_IFMT == S_IFDIR ? "a directory" : "no file")",
        place: path, remedy: "Name a regular file by WATERFALL_KEYS.")
    }
    guard info.st_uid == geteuid() else {
      throw UserError(
        .input, "the key file belongs to another user, who could change or read it", place: path,
        remedy: "Make a copy of your own, or name another file by WATERFALL_KEYS.")
    }
    let others = info.st_mode & 0o066
    guard others == 0 else {
      let can = others & 0o044 == 0 ? "write" : others & 0o022 == 0 ? "read" : "read and write"
      let mode = String(info.st_mode & 0o7777, radix: 8)
      throw UserError(
        .input, "other users may \(can) the key file (its mode is \(mode))", place: path,
        remedy: "“chmod 600 \(ShellWord.quoted(path))” keeps it to you.")
    }
  }

  /// Makes the folder of a file where there is none, and those above it, for their owner alone.
  static func createFolder(of path: String) throws(UserError) {
    try create(URL(filePath: path).standardizedFileURL.deletingLastPathComponent())
  }

  private static func create(_ folder: URL) throws(UserError) {
    let path = folder.path
    var isFolder = ObjCBool(false)
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
      guard isFolder.boolValue else {
        throw UserError(
          .input, "the directory of the key file is a file", place: path,
          remedy: "Name another key file by WATERFALL_KEYS.")
      }
      return
    }
    try create(folder.deletingLastPathComponent())
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
      throw failure("the directory of the key file cannot be created", path)
    }
  }

  /// Puts a file with this text in the place of another one, or of none, in one step: whoever reads
  /// sees the old one or the new one, also after a crash. From its first byte on, nobody else may
  /// read it.
  static func replace(_ path: String, with text: String) throws(UserError) {
    let what = "the key file cannot be written"
    let temporary = "\(path).\(UUID().uuidString.prefix(8)).new"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw failure(what, path) }
    do throws(UserError) {
      defer { close(descriptor) }
      // Whatever the umask is.
      guard fchmod(descriptor, 0o600) == 0 else { throw failure(what, path) }
      var bytes = Array(text.utf8)[...]
      while !bytes.isEmpty {
        let count = retrying {
          bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        }
        guard count >= 0 else { throw failure(what, path) }
        bytes = bytes.dropFirst(count)
      }
      guard fsync(descriptor) == 0 else { throw failure(what, path) }
      guard rename(temporary, path) == 0 else { throw failure(what, path) }
    } catch {
      unlink(temporary)
      throw error
    }
    syncFolder(of: path)
  }

  static func remove(_ path: String) throws(UserError) {
    guard unlink(path) == 0 || errno == ENOENT else {
      throw failure("the key file cannot be removed", path)
    }
    syncFolder(of: path)
  }

  /// Makes the new name durable. A file system that cannot do that is none of our business.
  private static func syncFolder(of path: String) {
    let folder = URL(filePath: path).deletingLastPathComponent().path
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  /// With the system's words for `errno`.
  static func failure(_ what: String, _ path: String) -> UserError {
    UserError(
      .io, "\(what) (\(String(cString: strerror(errno))))", place: path,
      remedy: "Check that its directory exists and that you may write to it.")
  }
}

/// Repeats a system call that a signal interrupted.
func retrying<Count: BinaryInteger>(_ call: () -> Count) -> Count {
  while true {
    let result = call()
    if result >= 0 || errno != EINTR { return result }
  }
}
