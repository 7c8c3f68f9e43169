import Foundation
public import WaterfallCore
public import WaterfallProviders

/// The key file on disk: readable by its owner alone, replaced as a whole, and changed by one
/// process at a time.
public struct KeyFileStore: Sendable {
  public let path: String
  /// How long another process may keep the file from being changed.
  let patience: Duration

  public init(path: String) { self.init(path: path, patience: .seconds(10)) }

  init(path: String, patience: Duration) {
    self.path = path
    self.patience = patience
  }

  /// The file's keys; none where there is no file.
  ///
  /// Throws `UserError` for a file that others may read or write, that is somebody else's, or that
  /// is not understood.
  public func read() throws(UserError) -> KeyFile {
    guard let text = try PrivateFile.read(path) else { return KeyFile(name: path) }
    return try KeyFile(parsing: text, name: path)
  }

  /// Reads the file, changes it, and puts the new one in its place. Without keys left, the file is
  /// removed. Other processes that change it wait meanwhile, so that no change is lost.
  ///
  /// Throws `UserError` like `read`, and for a disk that fails; then the file is as it was.
  public func update(
    _ change: (inout KeyFile) throws(UserError) -> Void
  ) throws(UserError) {
    try PrivateFile.createFolder(of: path)
    // A link leads to the file itself, wherever its owner keeps it.
    let target = URL(filePath: path).resolvingSymlinksInPath().path
    let lock = try FileLock(beside: target, patience: patience)
    defer { lock.end() }
    var file = try read()
    try change(&file)
    if file.isEmpty {
      try PrivateFile.remove(target)
    } else {
      try PrivateFile.replace(target, with: file.text)
    }
  }
}
