public import Foundation

/// A server that was built with the tests, running until it is stopped.
public final class ServerProcess: @unchecked Sendable {
  public struct Failure: Error {
    public let status: Int32
    public let errors: String

    public init(status: Int32, errors: String) {
      self.status = status
      self.errors = errors
    }
  }

  public let port: UInt16
  public let client: SocketClient
  private let process: Process

  /// Where the build put its executables: beside the test bundle.
  public static var folder: URL {
    let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") } ?? .main
    var folder = bundle.bundleURL
    while folder.pathExtension == "xctest" || folder.lastPathComponent.contains(".xctest") {
      folder.deleteLastPathComponent()
    }
    let isThere = FileManager.default.isExecutableFile(
      atPath: folder.appending(path: "waterfall-server").path)
    return isThere
      ? folder : URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
  }

  /// Starts an executable on a free port and waits for the line with its address. Throws `Failure`
  /// where it ends before that.
  ///
  /// - Parameter environment: All its variables; nil for those of the tests.
  public init(
    _ arguments: [String], of name: String = "waterfall-server", in folder: URL? = nil,
    environment: [String: String]? = nil
  ) throws {
    process = Process()
    process.executableURL = Self.folder.appending(path: name)
    process.arguments = arguments + ["--port", "0"]
    process.currentDirectoryURL = folder ?? process.currentDirectoryURL
    process.environment = environment ?? process.environment
    let output = Pipe()
    let errors = Pipe()
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    try process.run()
    var text = ""
    while !text.contains("\n") {
      let data = output.fileHandleForReading.availableData
      guard !data.isEmpty else {
        process.waitUntilExit()
        let words = errors.fileHandleForReading.readDataToEndOfFile()
        throw Failure(
          status: process.terminationStatus, errors: String(decoding: words, as: UTF8.self))
      }
      text += String(decoding: data, as: UTF8.self)
    }
    guard let match = text.firstMatch(of: /listening on http:\/\/[^:]+:(\d+)\n/),
      let port = UInt16(match.1)
    else {
      process.terminate()
      throw Failure(status: -1, errors: "no address in “\(text)”")
    }
    self.port = port
    client = SocketClient(port: port)
  }

  /// Ends it with SIGTERM and returns its exit status, or 128 and the signal that ended it.
  @discardableResult
  public func stop() -> Int32 {
    process.terminate()
    process.waitUntilExit()
    return process.terminationReason == .exit
      ? process.terminationStatus : 128 + process.terminationStatus
  }

  public var isRunning: Bool { process.isRunning }

  /// `http://127.0.0.1:PORT`
  public var base: String { "http://127.0.0.1:\(port)" }

  deinit { if process.isRunning { process.terminate() } }
}
