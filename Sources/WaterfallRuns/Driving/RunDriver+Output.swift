import CSVCodec
import WaterfallCore
import WaterfallLedger

/// Writing finished rows, and handing batches to the writer.
extension RunDriver {
  func writeHeader() {
    program.layout.writeHeader(of: reader, to: &output)
    let position = reader.position
    advanceEnd(row: 0, to: position, selected: 0)
  }

  /// Writes the rows at the window's head that have ended.
  func writeFinishedRows() throws {
    while let row = window.first, row.hasEnded {
      window.removeFirst()
      write(row)
      if output.count >= limits.outputChunk { try flush() }
    }
  }

  private func write(_ row: Row) {
    if row.record == 0 { output.append(raw: row.sheaf.blankLines) }
    program.layout.write(row, to: &output)
    count(row)
    let sheaf = row.sheaf
    var position = sheaf.batch.positionAfter(row.record)
    if row.record == sheaf.batch.count - 1 {
      output.appendTrailing(of: sheaf.batch)
      position = sheaf.end
    }
    advanceEnd(row: row.number, to: position, selected: row.selected)
    release(sheaf)
    if !row.records.isEmpty { observer?.rowEnded(row.number, attempts: row.records) }
    idleRows.append(row)
  }

  /// Counts the row's cells, unless an earlier process did.
  private func count(_ row: Row) {
    for (column, cell) in row.cells.enumerated() {
      progress.cells += 1
      if cell.state == .filled { progress.fills += 1 }
      guard !row.wasJournaled else { continue }
      if cell.state == .skipped {
        extendSkip(column, cell.skip ?? .condition, row.number)
      } else {
        batch.tallies.addCell(column: Int32(column), state: cell.state)
      }
    }
  }

  /// Writes the blank lines that follow no record of their batch: those at the end of the sheet.
  func writeBlankLines() {
    guard let (bytes, position) = blankLines, window.isEmpty else { return }
    output.append(raw: bytes)
    advanceEnd(row: end.row, to: position, selected: end.selected)
    blankLines = nil
  }

  /// `selected`: rows counted against `--limit` up to this one. More may have been started.
  func advanceEnd(row: Int64, to position: CSVPosition, selected: Int64) {
    end = Checkpoint(
      row: row, line: Int64(position.line), inputOffset: Int64(position.byteOffset),
      outputOffset: flushedOutput + Int64(output.count), selected: selected)
  }

  /// Puts on record that an output is whole, before it gets its name: whoever is killed between the
  /// two knows it for the run's own. A stream is nobody's.
  func noteWhole(_ sink: any OutputSink) throws {
    guard try sink.size == end.outputOffset else { return }
    try sink.synchronize()
    var last = JournalBatch(run: run, time: clock())
    last.rowsDone = max(end.row, replay.rowsDone)
    last.checkpoint = end
    try journal.commit(last)
  }

  // MARK: Batches

  var batchIsFull: Bool { batch.attempts.count >= limits.attemptsInBatch }

  /// Hands what is decided to the writer: a commit where anything was asked, then the bytes.
  ///
  /// Rows that nobody was asked about rest on nothing: their bytes go out without a commit, and
  /// their skips travel with the next batch, or are found again after a crash.
  func flush() throws {
    now = clock()
    var journaled: JournalBatch?
    if hasDecided || isFinishing {
      journaled = sealBatch()
      shared.seal(batch: batchNumber)
    }
    gatheringSince = nil
    flushedOutput += Int64(output.count)
    let spare = writer.spareBuffer() ?? CSVOutput(dialect: reader.dialect)
    let bytes = output
    output = spare
    try writer.submit(
      BatchWriter.Item(number: batchNumber, batch: journaled, output: bytes, end: end))
    batchNumber += 1
    shared.forget(through: writer.durableBatch)
    reportProgress()
  }

  private var hasDecided: Bool {
    !batch.attempts.isEmpty || book.hasUnwrittenEntries || !batch.questions.isEmpty
      || !batch.unsent.isEmpty
  }

  private func sealBatch() -> JournalBatch {
    for column in openSkips.indices { closeSkip(column) }
    let (entries, lots) = book.drain()
    var sealed = batch
    sealed.entries = entries
    sealed.lots = lots
    sealed.rowsDone = max(end.row, replay.rowsDone)
    sealed.time = now
    batch = JournalBatch(run: run, time: now)
    batch.attempts.reserveCapacity(limits.attemptsInBatch)
    return sealed
  }

  private func reportProgress() {
    progress.rows = end.row
    progress.inputOffset = end.inputOffset
    observer?.progressed(progress)
  }
}
