import Foundation
import LedgerStore
import WaterfallCore
import WaterfallReports

/// Opening the ledger that a command works on.
struct Workspace {
  let path: String
  /// What the user named, if anything.
  private let named: String?
  let isSimulated: Bool
  let environment: Environment
  let console: Console

  /// Credits that a new workspace starts with.
  private static let trial = Credits(1_000)
  private static let simulatedTrial = Credits(10_000_000)

  /// `named` is what the user asked for; the simulated workspace lies beside the real one.
  init(named: String?, isSimulated: Bool, environment: Environment, console: Console) {
    let real = named ?? environment.defaultWorkspace
    self.path = isSimulated ? Self.simulatedPath(beside: real) : real
    self.named = named
    self.isSimulated = isSimulated
    self.environment = environment
    self.console = console
  }

  /// `leads.sqlite` → `leads-simulated.sqlite`.
  static func simulatedPath(beside path: String) -> String {
    let url = URL(filePath: path)
    let name = url.deletingPathExtension().lastPathComponent + "-simulated"
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    return folder + name + (url.pathExtension.isEmpty ? "" : "." + url.pathExtension)
  }

  /// The options that lead another command to this workspace, after a space.
  var flags: String {
    (named.map { " --workspace \(ShellWord.quoted($0))" } ?? "")
      + (isSimulated ? " --simulate" : "")
  }

  var exists: Bool { FileManager.default.fileExists(atPath: path) }

  /// Opens the workspace for reading, beside any writer.
  ///
  /// Throws `UserError` where there is none yet.
  func openForReading() throws -> LedgerStore {
    guard exists else {
      throw UserError(
        .input, "there is no \(isSimulated ? "simulated " : "")workspace yet", place: path,
        remedy: isSimulated
          ? "Start a simulated run first: waterfall enrich SHEET --column FIELD --simulate."
          : "Start a run first, or look at the simulated one with --simulate.")
    }
    return try LedgerStore.open(
      at: path,
      options: LedgerStore.Options(
        create: false, workspaceID: "", isSimulated: isSimulated, now: environment.clock(),
        lock: nil))
  }

  /// Opens the workspace as its only writer; a new one gets its trial credits, and says so.
  func openForWriting(_ what: String) throws -> LedgerStore {
    var isFolder = ObjCBool(false)
    if let named, FileManager.default.fileExists(atPath: named, isDirectory: &isFolder),
      isFolder.boolValue
    {
      throw UserError(
        .input, "the workspace is a directory", place: named,
        remedy: "Name a file in it: \(named)/waterfall.sqlite.")
    }
    if !exists, path == Self.simulatedOrReal(environment.defaultWorkspace, isSimulated) {
      let folder = URL(filePath: path).deletingLastPathComponent()
      try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }
    let now = environment.clock()
    let store = try LedgerStore.open(
      at: path,
      options: LedgerStore.Options(
        create: true, workspaceID: Self.randomID(), isSimulated: isSimulated, now: now,
        lock: LockOwner("process \(getpid()) (waterfall \(what)), since \(now.iso8601)")))
    if store.isNew {
      let amount = isSimulated ? Self.simulatedTrial : Self.trial
      let note = isSimulated ? "simulated credits of a new workspace" : "trial of a new workspace"
      try store.grant(kind: .trial, amount: amount, note: note, at: now)
      console.say(
        "a new \(isSimulated ? "simulated " : "")workspace starts with \(amount) "
          + "\(isSimulated ? "simulated" : "trial") credits: \(path)")
    }
    return store
  }

  private static func simulatedOrReal(_ path: String, _ isSimulated: Bool) -> String {
    isSimulated ? simulatedPath(beside: path) : path
  }

  private static func randomID() -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<2).map { _ in String(generator.next() as UInt64, radix: 16) }.joined()
  }
}

extension LedgerStore {
  /// The run with this number, or the latest one.
  func run(numbered number: Int64?) throws -> RunRecord {
    if let number {
      if let run = try run(RunID(number)) { return run }
      let last = try latestRun().map { "The latest is run \($0.id)." }
      throw UserError(
        .input, "there is no run \(number) in this workspace", place: path, remedy: last)
    }
    guard let run = try latestRun() else {
      throw UserError(
        .input, "there are no runs in this workspace yet", place: path,
        remedy: isSimulated
          ? nil : "Simulated runs are in a workspace of their own: add --simulate.")
    }
    return run
  }

  func latestInfo() throws -> RunInfo? {
    try latestRun().flatMap { try runInfo($0.id) }
  }
}
