import GRDB
public import WaterfallCore

extension LedgerStore {
  /// The sequence number that the next entry must have: 1 in a new workspace.
  public var nextSequence: Int64 {
    get throws {
      try read { database in
        try database.firstRow("SELECT coalesce(max(seq), 0) + 1 FROM entry") { $0.int(0) } ?? 1
      }
    }
  }

  /// Every lot as it stands, by number.
  public func lots() throws -> [Lot] {
    try read { try LotReader.lots(in: $0) }
  }

  /// Holds of every run that have not ended, by opening.
  public func openHolds() throws -> [OpenHold] {
    try read { try LotReader.openHolds(of: nil, in: $0) }
  }

  /// Brings credits in: a new lot, its grant entry and their commit, all durable on return.
  ///
  /// Throws `UserError` for a negative amount, and where the credits ever granted would leave the
  /// range of an amount.
  @discardableResult
  public func grant(
    kind: GrantKind, amount: Credits, expires: Timestamp = .never, priority: Int = 0,
    note: String, at time: Timestamp
  ) throws -> Lot {
    try write { writer in
      try writer.grant(
        kind: kind, amount: amount, expires: expires, priority: priority, note: note, at: time)
    }
  }
}

extension JournalWriter {
  func grant(
    kind: GrantKind, amount: Credits, expires: Timestamp, priority: Int, note: String,
    at time: Timestamp
  ) throws -> Lot {
    guard amount.micro >= 0 else {
      throw UserError(.input, "a grant of \(amount) credits is less than nothing")
    }
    try checkTotal(with: amount)
    let header = header(run: nil, time: time, entries: 1)
    let lot = Lot(
      id: LotID(rawValue: head.lots + 1), kind: kind, issued: amount, priority: priority,
      granted: header.time, expires: expires, note: note)
    let entry = Entry(
      seq: head.nextSequence, kind: .grant, lot: lot.id, amount: amount, note: note)
    bytes.put(previous: head.hash, header)
    bytes.put(lot: lot)
    bytes.put(entry: entry)
    let next = advanced(past: header, lots: 1)
    try transaction { _, statements in
      statements.insert(header, hash: next.hash)
      try statements.commit.execute()
      try statements.insert(lot, commit: header.id)
      try statements.store(balance: lot)
      try statements.insert(entry)
    }
    head = next
    return lot
  }

  private func checkTotal(with amount: Credits) throws {
    var total = amount
    try queue.inDatabase { database in
      try database.forEachRow("SELECT issued FROM lot") { row in
        do {
          total = try total.adding(Credits(micro: row.int(0)))
        } catch {
          throw UserError(
            .input, "a grant of \(amount) credits is too large for the workspace \(path)",
            remedy: "Grant less: the credits ever granted must stay below 9 223 372 036 854.")
        }
      }
    }
  }
}
