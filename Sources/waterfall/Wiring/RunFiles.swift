import Foundation
import WaterfallCore
import WaterfallRuns

/// The two files of a run, as absolute paths; `-` for standard input and output.
struct RunFiles {
  let sheet: String
  /// Where symbolic links lead, for a file.
  let output: String
  /// nil for standard output.
  private let place: OutputPlace?

  /// Throws `UserError` when the output is the sheet itself, or nothing that can be written to.
  init(sheet: String, output: String?) throws(UserError) {
    self.sheet = Self.absolute(sheet)
    let path = Self.absolute(output ?? Self.defaultOutput(for: sheet))
    if sheet != "-", path != "-", Self.identity(self.sheet) == Self.identity(path) {
      throw UserError(
        .input, "the output is the sheet itself", place: output ?? sheet,
        remedy: "Name another output: the sheet is only read.")
    }
    place = path == "-" ? nil : try OutputPlace(path)
    self.output = place?.path ?? path
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

  /// Whether two paths lead to one file, there or to be.
  static func isSame(_ one: String, _ other: String) -> Bool {
    func place(_ path: String) -> URL {
      let url = URL(filePath: path)
      return url.deletingLastPathComponent().resolvingSymlinksInPath()
        .appending(path: url.lastPathComponent)
    }
    return one == other || place(one) == place(other)
  }

  /// The same for two names of one file.
  private static func identity(_ path: String) -> String {
    var info = stat()
    guard stat(path, &info) == 0 else { return path }
    return "\(info.st_dev):\(info.st_ino)"
  }

  /// Throws `UserError` when the output cannot be there, or exists already: it may hold what was
  /// paid for. Streams are not replaced.
  func check(mayReplace: Bool) throws(UserError) {
    guard case .file(let path) = place else { return }
    try Self.refuseOtherFormat(path)
    try Self.refuseMissingFolder(of: path)
    if !mayReplace { try Self.refuseToReplace(path) }
  }

  /// The output is plain CSV, whatever it is called: a name that says otherwise misleads.
  private static func refuseOtherFormat(_ path: String) throws(UserError) {
    let ending = URL(filePath: path).pathExtension.lowercased()
    let packers = ["gz": "gzip", "bz2": "bzip2", "zst": "zstd", "xz": "xz"]
    guard packers[ending] != nil || ["zip", "xlsx", "xls", "ods", "parquet"].contains(ending) else {
      return
    }
    throw UserError(
      .input, "the output is plain CSV, and its name ends in .\(ending)", place: path,
      remedy: packers[ending].map { "Name it .csv, or write to a pipe: -o - | \($0) > FILE." }
        ?? "Name it .csv.")
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

  private static func refuseToReplace(_ output: String) throws(UserError) {
    try PartFile.refuseBusy(output)
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

  /// Throws `UserError` where a JSON document would be mixed with the sheet.
  func refuseJSON() throws(UserError) {
    guard output == "-" else { return }
    throw UserError(
      .usage, "the sheet and the JSON document cannot both go to standard output",
      place: "--json", remedy: "Name a file for the sheet: -o FILE.")
  }

  func openSink() throws(UserError) -> any OutputSink {
    try place?.open() ?? StreamOutput(descriptor: STDOUT_FILENO, name: "standard output")
  }
}
