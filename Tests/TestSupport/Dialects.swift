public import Foundation

/// Small manifests with fixtures beside them, which have between them everything that a dialect
/// can have.
public enum Dialects {
  public static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Dialects")

  public static let names = ["batchy", "hunter", "icypeas", "oddly"]

  public static func manifest(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: "\(name).yaml"), encoding: .utf8)
  }

  public static func fixtures(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: "fixtures/\(name).yaml"), encoding: .utf8)
  }
}
