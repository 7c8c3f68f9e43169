import WaterfallCore
import WaterfallRuns

/// How to go on with a run that has stopped.
struct WayOn {
  /// The whole command, with FILE where the user has to name one.
  let command: String
  /// What has to be known about it, a sentence each.
  let notes: [String]

  /// `flags` lead to the run's workspace; `more` follows the other options.
  init(_ run: RunRecord, flags: String, more: String = "") {
    let readsStream = run.sheet == "-"
    command = "waterfall resume \(run.id)\(flags)" + (readsStream ? " --sheet FILE" : "") + more
    var notes: [String] = []
    if readsStream { notes.append("FILE has to hold the bytes of standard input.") }
    if run.writesStream {
      notes.append("The whole table is written again then, from its beginning.")
    }
    self.notes = notes
  }
}

extension RunRecord {
  /// Whether the output cannot be gone on with: standard output, a named pipe, a device.
  fileprivate var writesStream: Bool {
    if output == "-" { return true }
    if case .stream = try? OutputPlace(output) { return true }
    return false
  }
}
