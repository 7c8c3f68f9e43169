public import Foundation

/// An empty folder for one test, which goes with it: with the last reference, also where the object
/// that keeps it could not be made. A local one is removed by `defer`, for it may be let go of after
/// its last use.
public final class TemporaryFolder: Sendable {
  public let url: URL
  public var path: String { url.path }

  public init() throws {
    url = URL.temporaryDirectory.appending(path: "waterfall-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { remove() }

  public func remove() { try? FileManager.default.removeItem(at: url) }

  /// The path of a file in it, whether or not it is there.
  public func path(_ name: String) -> String { url.appending(path: name).path }
}
