import Foundation
import WaterfallCore
import WaterfallRuns

/// The two files of a run, as absolute paths; `-` for a stream.
struct RunFiles {
  let sheet: String
  let output: String

  /// Throws `UserError` when the output is the sheet itself.
  init(sheet: String, output: String?) throws(UserError) {
    self.sheet = Self.absolute(sheet)
    self.output = Self.absolute(output ?? Self.defaultOutput(for: sheet))
    if sheet != "-", self.output != "-", Self.identity(self.sheet) == Self.identity(self.output) {
      throw UserError(
        .input, "the output is the sheet itself", place: output ?? sheet,
        remedy: "Name another output: the sheet is only read.")
    }
    if self.output != "-" { try Self.refuseFolder(self.output) }
  }

  /// `leads.csv` → `leads.enriched.csv`; standard input goes to standard output.
  private static func defaultOutput(for sheet: String) -> String {
    guard sheet != "-" else { return "-" }
    let ending = URL(filePath: sheet).pathExtension
    guard !ending.isEmpty else { return sheet + ".enriched.csv" }
    return String(sheet.dropLast(ending.count)) + "enriched." + ending
  }

  static func absolute(_ path: String) -> String {
    path == "-" ? path : URL(filePath: path).standardizedFileURL.path
  }

  /// The same for two names of one file.
  private static func identity(_ path: String) -> String {
    var info = stat()
    guard stat(path, &info) == 0 else { return path }
    return "\(info.st_dev):\(info.st_ino)"
  }

  private static func refuseFolder(_ path: String) throws(UserError) {
    var isFolder = ObjCBool(false)
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      throw UserError(
        .input, "the output is a directory", place: path, remedy: "Name a file in it.")
    }
  }

  /// Throws `UserError` when the output cannot be there, or exists already: it may hold what was
  /// paid for.
  func check(mayReplace: Bool) throws(UserError) {
    if output != "-" { try Self.refuseMissingFolder(of: output) }
    try refuseToReplace(unless: mayReplace)
  }

  private static func refuseMissingFolder(of path: String) throws(UserError) {
    let folder = URL(filePath: path).deletingLastPathComponent().path
    var isFolder = ObjCBool(false)
    let exists = FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder)
    guard !exists || !isFolder.boolValue else { return }
    throw UserError(
      .input, "the directory of the output \(exists ? "is a file" : "does not exist")",
      place: folder, remedy: exists ? "Name another output." : "Create it, or name another output.")
  }

  private func refuseToReplace(unless mayReplace: Bool) throws(UserError) {
    guard output != "-", !mayReplace else { return }
    for (path, what) in [
      (output, "the output exists"), (output + ".part", "a run left this output half written"),
    ]
    where FileManager.default.fileExists(atPath: path) {
      throw UserError(
        .input, what, place: path,
        remedy: path == output
          ? "Name another output with -o, or replace it with --yes."
          : "Go on with that run by “waterfall resume”, or discard the file with --yes.")
    }
  }

  func openSink() throws(UserError) -> any OutputSink {
    output == "-"
      ? StreamOutput(descriptor: STDOUT_FILENO, name: "standard output")
      : try PartFile(path: output)
  }
}
