import Foundation
import KeyStore
import WaterfallCore
import WaterfallProviders
import WaterfallRuns

/// What the door takes from the process's surroundings. Nothing below reads them.
struct Environment {
  static let current = Environment(variables: ProcessInfo.processInfo.environment)

  let variables: [String: String]

  /// The wall clock, or the fixed time of `WATERFALL_NOW` (ISO 8601, UTC), which makes output
  /// repeatable: for documentation and tests.
  var clock: @Sendable () -> Timestamp {
    if let fixed = variables["WATERFALL_NOW"], let date = try? Date(fixed, strategy: .iso8601) {
      let time = Timestamp(milliseconds: Int64((date.timeIntervalSince1970 * 1000).rounded()))
      return { time }
    }
    return {
      var time = timespec()
      clock_gettime(CLOCK_REALTIME, &time)
      return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
  }

  /// Throws `UserError` for a variable whose value means nothing: better than to ignore it.
  func check() throws(UserError) {
    if let now = variables["WATERFALL_NOW"], (try? Date(now, strategy: .iso8601)) == nil {
      throw UserError(
        .usage, "“\(now)” is no time", place: "WATERFALL_NOW",
        remedy: "Write it as 2026-01-31T12:00:00Z, or unset it.")
    }
    if let batch = variables["WATERFALL_BATCH"], Int(batch).map({ $0 >= 1 }) != true {
      throw UserError(
        .usage, "“\(batch)” is no number of attempts", place: "WATERFALL_BATCH",
        remedy: "Write a whole number from 1, or unset it.")
    }
  }

  /// Where scratch files go.
  var scratchDirectory: String {
    variables["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? NSTemporaryDirectory()
  }

  /// `WATERFALL_BATCH`: attempts that share one commit. Fewer are durable sooner, more are faster.
  var attemptsInBatch: Int? {
    variables["WATERFALL_BATCH"].flatMap { Int($0) }
  }

  var home: String { variables["HOME"] ?? NSHomeDirectory() }

  /// The workspace that is used when none is named: `WATERFALL_WORKSPACE`, else in the XDG data
  /// directory.
  var defaultWorkspace: String {
    if let path = variables["WATERFALL_WORKSPACE"], !path.isEmpty { return path }
    let data =
      variables["XDG_DATA_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? home + "/.local/share"
    return data + "/waterfall/workspace.sqlite"
  }

  /// The key file: `WATERFALL_KEYS`, else in the XDG configuration directory.
  var keyFile: KeyFileStore {
    if let path = variables["WATERFALL_KEYS"], !path.isEmpty { return KeyFileStore(path: path) }
    let folder =
      variables["XDG_CONFIG_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? home + "/.config"
    return KeyFileStore(path: folder + "/waterfall/keys.yaml")
  }

  /// The keys of the providers. What is used of them, the console prints no more.
  ///
  /// Throws `UserError` for a key file that is not private or not understood.
  func keyRing() throws(UserError) -> KeyRing { keyRing(try keyFile.read()) }

  /// The keys for a run. A simulated one asks with none, and only looks at whose keys there are: it
  /// says that the key file cannot be read, and goes on without.
  func keyRing(isSimulated: Bool, _ console: Console) throws(UserError) -> KeyRing {
    guard isSimulated else { return try keyRing() }
    do {
      return try keyRing()
    } catch {
      console.say("note: \(error.sentence) The simulation goes on without its keys.")
      return keyRing(KeyFile(name: keyFile.path))
    }
  }

  private func keyRing(_ file: KeyFile) -> KeyRing {
    KeyRing(
      variables: KeyVariables(variables), file: file,
      commands: ShellCommands(environment: KeyVariables.removed(from: variables)),
      redaction: Console.redaction)
  }
}

extension KeyOrigin.Place {
  /// The variable or the file that has to be changed.
  fileprivate var name: String {
    switch self {
    case .variable(let name): name
    case .file(let file), .command(_, let file): file
    }
  }
}

extension KeyRing {
  /// Looks at every key that the run may ask with, so that one that cannot be had is an error before
  /// anybody is asked. Commands that print keys are run here.
  func fetch(for run: PreparedRun) throws(UserError) {
    for key in try run.neededKeys() where !key.isOptional || has(key.provider, key.source) {
      let secret = try secret(of: key.provider, key.source)
      guard key.isPair, let origin = origin(of: key.provider, key.source) else { continue }
      try KeyText.checkPair(
        secret, of: key.provider, key.source, place: origin.place.name,
        way: "Write it as identifier:secret: \(origin.wayToReplace). Nothing was charged.")
    }
  }
}
