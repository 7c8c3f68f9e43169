import GRDBSQLite
import WaterfallCore

extension CommitStatements {
  /// Binds a commit row; the caller executes it before the rows that name it.
  func insert(_ header: CommitHeader, hash: [UInt8]) {
    commit.clear()
    commit.bind(1, header.id)
    commit.bind(2, header.time.milliseconds)
    if let run = header.run { commit.bind(3, run.rawValue) }
    commit.bind(4, header.firstSequence)
    commit.bind(5, Int64(header.entries))
    commit.bind(6, Int64(header.attempts))
    commit.bind(7, Int64(header.skips))
    commit.bind(8, blob: hash)
  }

  func insert(_ value: Lot, commit id: Int64) throws {
    lot.clear()
    lot.bind(1, value.id.rawValue)
    lot.bind(2, id)
    lot.bind(3, value.kind)
    lot.bind(4, value.issued.micro)
    lot.bind(5, Int64(value.priority))
    lot.bind(6, value.granted.milliseconds)
    if value.expires != .never { lot.bind(7, value.expires.milliseconds) }
    lot.bind(8, value.note)
    try lot.execute()
  }

  func store(balance value: Lot) throws {
    balance.bind(1, value.id.rawValue)
    balance.bind(2, value.available.micro)
    balance.bind(3, value.held.micro)
    balance.bind(4, value.spent.micro)
    balance.bind(5, value.expired.micro)
    balance.bind(6, value.rolledOver.micro)
    try balance.execute()
  }

  /// Inserts entries in blocks, and what is left, or has notes, one by one.
  func insert(_ entries: [Entry]) throws {
    var start = entries.startIndex
    while start < entries.endIndex {
      let end = min(start + Self.entriesInBlock, entries.endIndex)
      let block = entries[start..<end]
      if block.count == Self.entriesInBlock, block.allSatisfy({ $0.note == nil }) {
        try insert(block: block)
      } else {
        for entry in block { try insert(entry) }
      }
      start = end
    }
  }

  private func insert(block: ArraySlice<Entry>) throws {
    entryBlock.clear()
    var place: Int32 = 0
    for value in block {
      bindStart(of: value, to: entryBlock, at: place)
      if let id = value.attempt {
        entryBlock.bind(place + 6, id)
      } else {
        entryBlock.bind(place + 5, value.opening)
      }
      place += 11
    }
    try entryBlock.execute()
  }

  func insert(_ value: Entry) throws {
    if let id = value.attempt {
      bindStart(of: value, to: opening)
      opening.bind(5, id)
      try opening.execute()
    } else if value.opening != 0 {
      bindStart(of: value, to: movement)
      movement.bind(5, value.opening)
      try movement.execute()
    } else {
      bindStart(of: value, to: notedEntry)
      notedEntry.bind(5, value.note ?? "")
      try notedEntry.execute()
    }
  }

  private func bindStart(of value: Entry, to statement: RawStatement, at place: Int32 = 0) {
    statement.bind(place + 1, value.seq)
    statement.bind(place + 2, value.kind)
    statement.bind(place + 3, value.lot.rawValue, unless: 0)
    statement.bind(place + 4, value.amount.micro)
  }

  // MARK: Open holds

  /// Puts a hold entry on the list of open holds: the first one with its attempt, each as a slice.
  func openHold(_ value: Entry, opening: Int64) throws {
    if let id = value.attempt {
      hold.bind(1, opening)
      hold.bind(2, id)
      try hold.execute()
    }
    slice.bind(1, opening)
    slice.bind(2, value.seq)
    slice.bind(3, value.lot.rawValue)
    slice.bind(4, value.amount.micro)
    try slice.execute()
  }

  /// Takes a hold off the list; false when it was not on it.
  func endHold(_ opening: Int64) throws -> Bool {
    endSlices.bind(1, opening)
    try endSlices.execute()
    endHold.bind(1, opening)
    try endHold.execute()
    return sqlite3_changes(sqlite3_db_handle(endHold.handle)) > 0
  }

  // MARK: Open questions

  func store(_ change: OpenQuestions.Change, of run: RunID) throws {
    for question in change.named { try store(question) }
    for id in change.ended {
      endQuestion.bind(1, id)
      try endQuestion.execute()
    }
    if change.replacesPages {
      endPages.bind(1, run.rawValue)
      try endPages.execute()
    }
    guard !change.page.isEmpty else { return }
    questionPage.bind(1, run.rawValue)
    try QuestionPage.bytes(change.page.values).withUnsafeBytes {
      questionPage.bind(2, borrowedBlob: $0)
      try questionPage.execute()
    }
  }

  private func store(_ value: OpenQuestion) throws {
    openQuestion.clear()
    openQuestion.bind(1, value.attempt)
    openQuestion.bind(7, borrowedBlob: bytes(of: value.question))
    if let job = value.job { openQuestion.bind(8, job) }
    try openQuestion.execute()
  }
}
