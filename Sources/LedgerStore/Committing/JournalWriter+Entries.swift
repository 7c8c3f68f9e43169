import WaterfallCore

extension JournalWriter {
  /// Writes the entries, and keeps `open_hold` to the holds that are open afterwards. A hold that
  /// opens and ends in the same batch never touches that table.
  func writeEntries(_ batch: JournalBatch, _ statements: CommitStatements) throws {
    guard let first = batch.entries.first?.seq else { return }
    resolved.removeAll(keepingCapacity: true)
    resolved.append(contentsOf: repeatElement(0, count: batch.entries.count))
    var lastEnded: Int64 = 0
    try statements.insert(batch.entries)
    for entry in batch.entries where entry.kind == .capture || entry.kind == .void {
      if entry.opening >= first {
        resolved[Int(entry.opening - first)] = 1
      } else if entry.opening != lastEnded {
        lastEnded = entry.opening
        guard try statements.endHold(entry.opening) else {
          throw fault(
            "entry \(entry.seq) ends the hold of entry \(entry.opening), which is not open")
        }
      }
    }
    for entry in batch.entries where entry.kind == .hold {
      let opening = entry.opening == 0 ? entry.seq : entry.opening
      let isOpen = opening < first || resolved[Int(opening - first)] == 0
      if isOpen { try statements.openHold(entry, opening: opening) }
    }
  }
}
