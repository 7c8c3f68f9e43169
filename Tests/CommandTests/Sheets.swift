import Foundation

extension CommandRunner {
  /// Three people, all inputs there.
  static let people = """
    First Name,Last Name,Company,Website
    Ada,Lovelace,Analytical,analytical.com
    Grace,Hopper,Navy,navy.mil
    Alan,Turing,Bletchley,bletchley.org

    """

  /// A runner with `people.csv`.
  static func withPeople() throws -> CommandRunner {
    let runner = try CommandRunner()
    try runner.write(people, to: "people.csv")
    return runner
  }

  /// `enrich people.csv --column work_email --simulate` and more arguments.
  static func enrichPeople(_ more: String...) -> [String] {
    ["enrich", "people.csv", "--column", "work_email", "--simulate"] + more
  }

  func write(bytes: [UInt8], to name: String) throws {
    try Data(bytes).write(to: directory.appending(path: name))
  }

  func makeDirectory(_ name: String) throws {
    try FileManager.default.createDirectory(
      at: directory.appending(path: name), withIntermediateDirectories: true)
  }

  /// Copies a table of the tour.
  func copyTour(_ name: String) throws {
    try FileManager.default.copyItem(
      at: Self.repository("docs/tour/\(name)"), to: directory.appending(path: name))
  }

  /// A file of the project.
  static func repository(_ path: String) -> URL {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: path)
  }

  /// Runs each line, split at spaces.
  func runAll(_ lines: [String]) throws -> [Result] {
    try lines.map { try run($0) }
  }

  func runAll(_ lines: [[String]]) throws -> [Result] {
    try lines.map { try run($0) }
  }
}

extension CommandRunner.Result {
  /// Only the first lines of standard output, with the count of the others.
  func heading(_ count: Int) -> Self {
    let lines = output.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count > count + 1 else { return self }
    var copy = self
    copy.output =
      lines.prefix(count).joined(separator: "\n") + "\n[\(lines.count - 1 - count) more lines]\n"
    return copy
  }
}
