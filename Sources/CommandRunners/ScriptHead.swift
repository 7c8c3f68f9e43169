import Foundation
import WaterfallCore

/// The first line of a script, which names its interpreter. Where that is not there, the system only
/// says that there is no such file, as if it were the script; “env” says it when questions are lost.
struct ScriptHead {
  /// As much as the system reads of it.
  private static let longest = 256

  private let script: String
  private let line: String

  /// nil for a program that is no script.
  init?(_ path: String) {
    guard let file = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? file.close() }
    guard let start = try? file.read(upToCount: Self.longest), start.starts(with: Data("#!".utf8))
    else { return nil }
    let bytes = start.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") }
    script = path
    line = String(decoding: bytes, as: UTF8.self)
  }

  /// Throws `UserError` where the interpreter is not there: a file, or a name in `searchPath` that
  /// is looked for by “env”.
  ///
  /// - Parameter folder: Where the script is started.
  func check(in folder: String, searchPath: String) throws(UserError) {
    guard !line.hasSuffix("\r") else {
      throw UserError(
        .input, "the first line of \(script) ends as lines of Windows do, and so names no program",
        remedy: "Save it with the line ends of Unix.")
    }
    let line = line.drop(while: Self.isSpace)
    let interpreter = String(line.prefix { !Self.isSpace($0) })
    guard !interpreter.isEmpty else { return }
    guard FileManager.default.isExecutableFile(atPath: Self.path(interpreter, in: folder)) else {
      throw missing(interpreter)
    }
    guard interpreter.hasSuffix("/env"), !searchPath.isEmpty else { return }
    try checkEnv(
      line.dropFirst(interpreter.count).drop(while: Self.isSpace), in: folder, searchPath)
  }

  /// The system hands the rest of the line to “env” as one argument; -S splits it.
  private func checkEnv(
    _ rest: Substring, in folder: String, _ searchPath: String
  ) throws(UserError) {
    var name = rest
    while let last = name.last, Self.isSpace(last) { name.removeLast() }
    if name.hasPrefix("-S") {
      let words = name.dropFirst(2).split(whereSeparator: Self.isSpace)
      name = words.first { !$0.contains("=") } ?? ""
    }
    // Other options, quotes and variables are between the author and “env”.
    let isPlain = !name.hasPrefix("-") && !name.contains { "=\"'\\$".contains($0) }
    guard isPlain, !name.isEmpty else { return }
    let candidates =
      name.contains("/")
      ? [Self.path(String(name), in: folder)]
      : searchPath.split(separator: ":").map { "\($0)/\(name)" }
    guard !candidates.contains(where: FileManager.default.isExecutableFile(atPath:)) else { return }
    guard name.contains(where: Self.isSpace) else { throw missing(String(name)) }
    throw UserError(
      .input, "the first line of \(script) asks for a program called “\(name)”",
      remedy: "Write “env -S” there to give it arguments.")
  }

  private static func path(_ file: String, in folder: String) -> String {
    URL(filePath: file, relativeTo: URL(filePath: folder + "/")).path
  }

  private func missing(_ interpreter: String) -> UserError {
    UserError(
      .input,
      "the first line of \(script) names an interpreter that is not there, or may not be executed: "
        + interpreter,
      remedy: "Install it, or mend the line.")
  }

  private static func isSpace(_ letter: Character) -> Bool { letter == " " || letter == "\t" }
}
