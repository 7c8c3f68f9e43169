import LedgerStore
import WaterfallCore

/// Runs that are on record as running although their process was killed.
extension LedgerStore {
  private static let deathNote = "its process ended without a word"

  /// Puts them on record as interrupted. Only for the writer: it holds the lock that a living run
  /// would hold.
  func markDeadRuns(at now: Timestamp) throws {
    for run in try runs() where run.state == .running {
      try setState(of: run.id, .interrupted, note: Self.deathNote, ended: now)
    }
  }

  /// Every run, with those shown as interrupted whose process is gone. Writes nothing.
  ///
  /// - Parameter flags: The options that lead a command to this workspace.
  func runsAsTheyStand(_ flags: String) throws -> [RunRecord] {
    let runs = try runs()
    guard runs.contains(where: { $0.state == .running }), !hasWriter else { return runs }
    // A writer that let go meanwhile has said how its run ended.
    return try self.runs().map { run in
      guard run.state == .running else { return run }
      var run = run
      run.state = .interrupted
      run.note = Self.deathNote
      if run.command == .enrich {
        run.note += "; go on with: \(WayOn(run, flags: flags).command)"
      }
      return run
    }
  }

  /// A run with its tallies, as it stands.
  func infoAsItStands(_ id: RunID, _ flags: String) throws -> RunInfo? {
    let run = try runsAsTheyStand(flags).first { $0.id == id }
    guard let run, let info = try runInfo(id) else { return nil }
    return run.state == .interrupted && info.run.state == .running
      ? RunInfo(run: run, tallies: info.tallies) : info
  }
}
