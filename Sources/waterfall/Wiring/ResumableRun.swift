import Foundation
import LedgerStore
import WaterfallCore
import WaterfallRuns

/// Which run “resume” goes on with.
struct ResumableRun {
  let run: RunRecord
  /// Later ones that were left out because their output was written by somebody else since: each
  /// with who that was.
  let passedOver: [(run: RunRecord, writer: String)]

  /// The run with this number, or the latest that waits to go on.
  ///
  /// - Parameters:
  ///   - output: Where the output goes from now on, if that was named.
  ///   - mayReplace: Whether a run that is named may replace what somebody else has written.
  ///   - flags: The options that lead a command to the workspace.
  /// - Throws: `UserError` where there is none, or it would replace what was paid for.
  init(
    numbered number: Int64?, in store: LedgerStore, output: String?, mayReplace: Bool,
    flags: String
  ) throws {
    let runs = try store.runs()
    func writer(over run: RunRecord) -> String? {
      if let output, !RunFiles.isSame(output, run.output) { return nil }
      if let other = runs.last(where: { $0.hasReplacedOutput(of: run) }) {
        return "run \(other.id)"
      }
      return run.outputWasWritten && !store.hasNamedOutput(of: run) ? "somebody" : nil
    }
    if let number {
      run = try Self.waiting(try store.run(numbered: number), in: store)
      passedOver = []
      if !mayReplace, let writer = writer(over: run) {
        throw Self.wouldReplace(run, writer, flags)
      }
      return
    }
    let waiting = runs.filter { $0.command == .enrich && $0.isWaiting }
    guard let latest = waiting.last else {
      throw UserError(
        .input, "no run of this workspace is waiting to go on", place: store.path,
        remedy: store.isSimulated
          ? nil : "Simulated runs are in a workspace of their own: add --simulate.")
    }
    guard let free = waiting.last(where: { writer(over: $0) == nil }) else {
      throw Self.wouldReplace(latest, writer(over: latest) ?? "somebody", flags)
    }
    run = free
    passedOver = waiting.filter { $0.id > free.id }.compactMap { run in
      writer(over: run).map { (run, $0) }
    }
  }

  private static func waiting(
    _ run: RunRecord, in store: LedgerStore
  ) throws(UserError) -> RunRecord {
    guard run.state != .done, run.command == .enrich else {
      throw UserError(
        .input,
        run.state == .done
          ? "run \(run.id) is done" : "run \(run.id) is a benchmark, which cannot be resumed",
        place: store.path,
        remedy: run.command == .bench
          ? "Start it again: waterfall bench." : "Its output is \(run.output).")
    }
    return run
  }

  private static func wouldReplace(
    _ run: RunRecord, _ writer: String, _ flags: String
  ) -> UserError {
    let resume = "waterfall resume \(run.id)\(flags)"
    return UserError(
      .input, "\(writer) has written this file since run \(run.id) began",
      place: run.output,
      remedy: "Write to another one: \(resume) -o FILE; or replace it: \(resume) --yes.")
  }
}

extension RunRecord {
  /// Whether the run stopped before its end and was not given up.
  var isWaiting: Bool { state != .done && state != .dropped }

  /// Whether the two runs write to one file.
  func sharesOutput(with other: RunRecord) -> Bool {
    id != other.id && command == .enrich && other.command == .enrich && output != "-"
      && RunFiles.isSame(output, other.output)
  }

  /// Whether this run has finished writing the output of the other one after that began, and the
  /// file is still there.
  fileprivate func hasReplacedOutput(of other: RunRecord) -> Bool {
    guard state == .done, sharesOutput(with: other) else { return false }
    let isLater = id > other.id || ended.map { $0 > other.started } ?? false
    return isLater && FileManager.default.fileExists(atPath: other.output)
  }

  /// Whether the output was written since the run began.
  fileprivate var outputWasWritten: Bool {
    guard output != "-", let found = try? SheetFingerprint.of(output) else { return false }
    return found.modified > started.milliseconds
  }
}

extension LedgerStore {
  /// Whether a run that stopped has given its output the name already, and was killed before that
  /// was on record: no half-written file is left, and the output is as long as the run made it.
  func hasNamedOutput(of run: RunRecord) -> Bool {
    guard run.outputWasWritten, !FileManager.default.fileExists(atPath: run.output + ".part"),
      let size = try? SheetFingerprint.of(run.output)?.size
    else { return false }
    return (try? checkpoint(of: run.id, outputSize: size))?.outputOffset == size
  }
}
