import Foundation
import Testing

/// A snapshot shows commands with their whole standard output, standard error and exit status.
///
/// A missing or different snapshot fails the test. A missing one is written; with
/// `WATERFALL_RECORD=1` a different one is written too, for review in the diff.
func expectSnapshot(
  _ name: String, _ runner: CommandRunner, _ results: [CommandRunner.Result],
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let actual = results.map { transcript($0, in: runner) }.joined(separator: "\n")
  try expectText(name + ".txt", actual, sourceLocation: sourceLocation)
}

/// The same for any text, such as a file that a command wrote.
func expectText(
  _ name: String, _ actual: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Snapshots")
  let file = folder.appending(path: name)
  let expected = try? String(contentsOf: file, encoding: .utf8)
  if let expected, expected.utf8.elementsEqual(actual.utf8) { return }
  let isRecording = ProcessInfo.processInfo.environment["WATERFALL_RECORD"] == "1"
  if expected == nil || isRecording {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(actual.utf8).write(to: file)
  }
  Issue.record(
    "the snapshot \(name) is \(expected == nil ? "new" : "different"):\n\(actual)",
    sourceLocation: sourceLocation)
}

/// `$ waterfall …`, then what it wrote where, then its status.
func transcript(_ result: CommandRunner.Result, in runner: CommandRunner) -> String {
  func tidy(_ text: String) -> String {
    text.replacing(runner.directory.path, with: "DIR")
      .replacing(runner.directory.resolvingSymlinksInPath().path, with: "DIR")
  }
  let words = result.arguments.map { word in
    let isPlain = !word.isEmpty && !word.contains { " '\"()|;<>?*".contains($0) }
    return isPlain ? word : "'\(word.replacing("'", with: #"'\''"#))'"
  }
  var text = "$ waterfall \(words.joined(separator: " "))\n"
  for (name, content) in [("stdout", result.output), ("stderr", result.errors)]
  where !content.isEmpty {
    text += "-- \(name)\n\(content.hasSuffix("\n") ? content : content + "\n")"
  }
  return tidy(text) + "-- status \(result.status)\n"
}
