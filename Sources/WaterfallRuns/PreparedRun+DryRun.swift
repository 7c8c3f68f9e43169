import CSVCodec
public import WaterfallCore
import WaterfallProviders

/// How many cells a run would ask about, and by which steps they could be asked.
public struct DryRunCounts: Sendable, Equatable {
  public struct Column: Sendable, Equatable {
    /// Cells that would be asked about.
    public internal(set) var eligible: Int64 = 0
    public internal(set) var skipped: [SkipReason: Int64] = [:]
    /// By step: cells that have what it needs.
    public internal(set) var steps: [Int64]
  }

  public internal(set) var rows: Int64 = 0
  public internal(set) var columns: [Column]
}

extension PreparedRun {
  /// Reads the sheet and counts what a run would ask. Asks, charges and writes nothing.
  ///
  /// An input that comes from an earlier enriched column counts as present. Afterwards the sheet
  /// has been read: this run cannot be started any more. O(rows).
  public func countDryRun() throws -> DryRunCounts {
    var counts = DryRunCounts(
      columns: program.columns.map {
        DryRunCounts.Column(steps: Array(repeating: 0, count: $0.steps.count))
      })
    var selected: Int64 = 0
    let batch = CSVBatch()
    do {
      while try reader.read(into: batch) {
        for record in 0..<batch.count {
          counts.rows += 1
          try count(counts.rows, batch, record, &selected, &counts)
        }
      }
    } catch let error as CSVError {
      throw UserError(error, in: plan.sheet.path)
    }
    return counts
  }

  private func count(
    _ row: Int64, _ batch: CSVBatch, _ record: Int, _ selected: inout Int64,
    _ counts: inout DryRunCounts
  ) throws {
    let admission = program.admission
    let skipOfRow = try admission.skipOfRow(row, batch, record, selected: selected)
    var admitted: [ColumnProgram] = []
    for column in program.columns {
      let position = column.position
      var skip = skipOfRow
      if skip == nil { skip = try admission.skip(of: column, row, batch, record) }
      if skip == nil {
        admitted.append(column)
        skip = try countSteps(column, row, batch, record, &counts.columns[position].steps)
      }
      if let skip {
        counts.columns[position].skipped[skip, default: 0] += 1
      } else {
        counts.columns[position].eligible += 1
      }
    }
    if try admission.countsAgainstLimit(admitted, row, batch, record) { selected += 1 }
  }

  /// Counts the steps that could be asked; the reason where there is none.
  private func countSteps(
    _ column: ColumnProgram, _ row: Int64, _ batch: CSVBatch, _ record: Int,
    _ steps: inout [Int64]
  ) throws -> SkipReason? {
    let present = column.inputs.map { input in
      let value = input.source?.value { batch.string(record, $0) }
      return value?.isEmpty == false || input.column != nil
    }
    var firstSkip: SkipReason?
    var canAsk = false
    for (position, step) in column.steps.enumerated() {
      var skip: SkipReason?
      if !step.inputSets.contains(where: { $0.positions.allSatisfy { present[$0] } }) {
        skip = .missingInput
      } else if let condition = step.condition, try !condition.passes(batch, record, row: row) {
        skip = .condition
      }
      if skip == nil {
        steps[position] += 1
        canAsk = true
      }
      firstSkip = firstSkip ?? skip
    }
    return canAsk ? nil : firstSkip
  }
}
