import Foundation

/// Runs the commands of a document in one shell, in a directory of its own that holds the tables of
/// the tour, with a cleared environment and a fixed clock.
struct ConsoleSession {
  let directory: URL

  struct Result {
    /// Standard output and standard error, as a terminal shows them.
    let lines: [String]
    let status: Int32
  }

  private static let environment = [
    "COLUMNS": "100", "NO_COLOR": "1", "LC_ALL": "C.UTF-8", "TZ": "UTC",
    "WATERFALL_NOW": "2026-01-02T03:04:05Z",
  ]
  private static let secondsAllowed = 600.0

  init() throws {
    directory = URL.temporaryDirectory.appending(path: "waterfall-docs-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    for table in ["legislators.csv", "sp500.csv"] {
      try FileManager.default.copyItem(
        at: Package.root.appending(path: "docs/tour/\(table)"),
        to: directory.appending(path: table))
    }
  }

  func cleanUp() { try? FileManager.default.removeItem(at: directory) }

  /// One result for each command. Fewer when the shell ended early.
  func run(_ commands: [[String]]) throws -> [Result] {
    var script = "status=0\n"
    for command in commands {
      script += "printf '\\001'; (exit $status)\n\(command.joined(separator: "\n"))\n"
      script += "status=$?; printf '\\002%d' $status\n"
    }
    let output = try shell(script)
    return output.split(separator: "\u{1}").compactMap { part in
      let halves = part.split(separator: "\u{2}", omittingEmptySubsequences: false)
      guard halves.count == 2, let status = Int32(halves[1]) else { return nil }
      return Result(lines: Self.lines(halves[0]), status: status)
    }
  }

  private static func lines(_ text: Substring) -> [String] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    return lines
  }

  /// What a script prints, to both streams.
  func shell(_ script: String) throws -> String {
    let file = directory.appending(path: ".script-\(UUID().uuidString)")
    let output = file.appendingPathExtension("out")
    try Data(script.utf8).write(to: file)
    try Data().write(to: output)
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = [file.path]
    process.currentDirectoryURL = directory
    process.environment = Self.environment.merging([
      "PATH": "\(Self.tools.path):/usr/local/bin:/usr/bin:/bin", "HOME": directory.path,
      "TMPDIR": directory.path,
    ]) { $1 }
    let handle = try FileHandle(forWritingTo: output)
    process.standardOutput = handle
    process.standardError = handle
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let limit = DispatchWorkItem { process.terminate() }
    DispatchQueue.global().asyncAfter(deadline: .now() + Self.secondsAllowed, execute: limit)
    process.waitUntilExit()
    limit.cancel()
    let text = String(decoding: try Data(contentsOf: output), as: UTF8.self)
    // The tables of the tour have lines that end with CR LF.
    return text.replacing("\r\n", with: "\n")
      .replacing(directory.resolvingSymlinksInPath().path, with: "DIR")
      .replacing(directory.path, with: "DIR")
  }

  /// The folder of the built tool: that of the test bundle.
  private static let tools: URL = {
    let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") } ?? .main
    var folder = bundle.bundleURL
    while folder.path.contains(".xctest") { folder.deleteLastPathComponent() }
    let beside = folder.appending(path: "waterfall").path
    return FileManager.default.isExecutableFile(atPath: beside)
      ? folder : URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
  }()
}
