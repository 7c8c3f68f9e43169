import CSVCodec
import WaterfallCore
import WaterfallEngine

/// Starting rows, in the sheet's order.
extension RunDriver {
  /// Starts the rows of one batch, as far as the window has room.
  func startRows() throws {
    guard let sheaf = try nextSheaf() else { return }
    let batch = sheaf.batch
    while cursor < batch.count, window.count < limits.window, !isStopping {
      if window.isEmpty, try passThrough(sheaf) { continue }
      try startRow(cursor, of: sheaf)
      cursor += 1
      try deliverLetters()
      try writeFinishedRows()
      if batchIsFull { try flush() }
    }
    guard cursor == batch.count else { return }
    if batch.isEmpty {
      blankLines = ((blankLines?.bytes ?? []) + batch.trailingBytes, sheaf.end)
    }
    release(sheaf)
    current = nil
  }

  private func nextSheaf() throws -> Sheaf? {
    if let current { return current }
    let sheaf = idleSheaves.popLast() ?? Sheaf(batch: CSVBatch(), end: reader.position)
    guard try reader.read(into: sheaf.batch, maxRecords: limits.recordsInRead) else {
      hasRead = true
      return nil
    }
    sheaf.end = reader.position
    sheaf.users = 1
    sheaf.blankLines = []
    if !sheaf.batch.isEmpty, let before = blankLines.take() { sheaf.blankLines = before.bytes }
    current = sheaf
    cursor = 0
    return sheaf
  }

  func release(_ sheaf: Sheaf) {
    sheaf.users -= 1
    if sheaf.users == 0 { idleSheaves.append(sheaf) }
  }

  private func startRow(_ record: Int, of sheaf: Sheaf) throws {
    let row = idleRows.popLast() ?? Row(sheaf: sheaf)
    let number = nextRow
    nextRow += 1
    sheaf.users += 1
    let (recorded, wasJournaled) = try replay.row(number)
    row.begin(
      number: number, sheaf: sheaf, record: record, columns: program.columns.count,
      budget: program.maxCreditsPerRow, recorded: recorded, wasJournaled: wasJournaled)
    window.append(row)
    row.selected = selected
    let skip = try program.admission.skipOfRow(number, sheaf.batch, record, selected: selected)
    if let skip {
      for column in row.cells.indices { row.cells[column] = Row.Cell(state: .skipped, skip: skip) }
      return finish(row)
    }
    var admitted: [ColumnProgram] = []
    for column in program.columns {
      let reason = try program.admission.skip(of: column, number, sheaf.batch, record)
      if let reason {
        row.cells[column.position] = Row.Cell(state: .skipped, skip: reason)
      } else if program.admission.limit != nil {
        admitted.append(column)
      }
    }
    if try program.admission.countsAgainstLimit(admitted, number, sheaf.batch, record) {
      selected += 1
    }
    row.selected = selected
    try startNextCell(row, at: 0)
  }

  func finish(_ row: Row) {
    row.hasEnded = true
  }

  /// Copies the longest stretch of rows that need nothing, from the cursor on, without looking at
  /// them one by one as rows in flight. False when the next row needs something.
  ///
  /// Only for an output without new columns: then a row that needs nothing stays as it is, byte for
  /// byte.
  private func passThrough(_ sheaf: Sheaf) throws -> Bool {
    guard program.layout.keepsUntouchedRows, replay.isOver(at: nextRow) else { return false }
    let batch = sheaf.batch
    let first = cursor
    var record = cursor
    do {
      while record < batch.count {
        let number = nextRow + Int64(record - first)
        guard try noteSkips(of: number, batch, record) else { break }
        record += 1
      }
    } catch {
      // The rows before it come first; the next stretch begins with it and fails again.
      guard record > first else { throw error }
    }
    guard record > first else { return false }
    if first == 0 { output.append(raw: sheaf.blankLines) }
    output.appendRecords(first..<record, of: batch)
    var position = batch.positionAfter(record - 1)
    if record == batch.count {
      output.appendTrailing(of: batch)
      position = sheaf.end
    }
    nextRow += Int64(record - first)
    cursor = record
    progress.cells += Int64((record - first) * program.columns.count)
    advanceEnd(row: nextRow - 1, to: position, selected: selected)
    if output.count >= limits.outputChunk { try flush() }
    return true
  }

  /// Counts the row's cells as skipped, if all of them are.
  private func noteSkips(of number: Int64, _ batch: CSVBatch, _ record: Int) throws -> Bool {
    let admission = program.admission
    if let reason = try admission.skipOfRow(number, batch, record, selected: selected) {
      for column in program.columns.indices { extendSkip(column, reason, number) }
      return true
    }
    if program.columns.count == 1 {
      guard let reason = try admission.skip(of: program.columns[0], number, batch, record)
      else { return false }
      extendSkip(0, reason, number)
      return true
    }
    var reasons: [SkipReason] = []
    for column in program.columns {
      guard let reason = try admission.skip(of: column, number, batch, record) else { return false }
      reasons.append(reason)
    }
    for (column, reason) in reasons.enumerated() { extendSkip(column, reason, number) }
    return true
  }

  /// Adds a row to the stretch of skipped cells of its column.
  func extendSkip(_ column: Int, _ reason: SkipReason, _ number: Int64) {
    if openSkips[column]?.reason == reason, openSkips[column]?.lastRow == number - 1 {
      openSkips[column]?.lastRow = number
      return
    }
    closeSkip(column)
    openSkips[column] = SkipRange(
      column: Int32(column), reason: reason, firstRow: number, lastRow: number)
  }

  func closeSkip(_ column: Int) {
    guard let range = openSkips[column] else { return }
    batch.skips.append(range)
    batch.tallies.add(range)
    openSkips[column] = nil
  }
}
