/// Consecutive rows whose cells of one column were skipped for the same reason.
public struct SkipRange: Sendable, Equatable {
  public let column: Int32
  public let reason: SkipReason
  public let firstRow: Int64
  public var lastRow: Int64

  public init(column: Int32, reason: SkipReason, firstRow: Int64, lastRow: Int64) {
    self.column = column
    self.reason = reason
    self.firstRow = firstRow
    self.lastRow = lastRow
  }

  public var count: Int64 { lastRow - firstRow + 1 }
}

/// A place from which the output can be written again: everything before it is on the disk.
public struct Checkpoint: Sendable, Equatable {
  /// Rows finished, from the first one on.
  public let row: Int64
  /// The physical line after the last of them.
  public let line: Int64
  /// Bytes of the sheet read by then.
  public let inputOffset: Int64
  /// Bytes of the output written and synced by then.
  public let outputOffset: Int64
  /// Rows counted against `--limit` by then.
  public let selected: Int64

  public init(row: Int64, line: Int64, inputOffset: Int64, outputOffset: Int64, selected: Int64) {
    self.row = row
    self.line = line
    self.inputOffset = inputOffset
    self.outputOffset = outputOffset
    self.selected = selected
  }
}

/// What becomes durable at once: whole attempts with their entries, and what they add to run info.
public struct JournalBatch: Sendable {
  public let run: RunID
  public var time: Timestamp
  public var entries: [Entry] = []
  public var attempts: [AttemptRecord] = []
  public var skips: [SkipRange] = []
  /// What this batch adds to the run's tallies.
  public var tallies = RunTallies()
  /// Where the output was safe before this batch, if further than the last one said.
  public var checkpoint: Checkpoint?
  /// Rows whose cells have all ended, from the first on, once this batch is durable.
  public var rowsDone: Int64 = 0
  /// The lots as they stand after the entries, where they changed.
  public var lots: [Lot] = []
  /// Questions that are under way from now on, or have become a provider's job.
  public var questions: [OpenQuestion] = []
  /// Attempts that did not send their question, and will not do so in this process.
  public var unsent: [AttemptID] = []

  public init(run: RunID, time: Timestamp) {
    self.run = run
    self.time = time
  }

  public var isEmpty: Bool { entries.isEmpty && attempts.isEmpty && skips.isEmpty }
}
