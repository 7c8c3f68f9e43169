import GRDB
import WaterfallCore

/// The end of the chain: what the next commit follows.
struct LedgerHead: Equatable {
  /// 0 before the first commit.
  var commit: Int64
  var hash: [UInt8]
  var time: Timestamp
  var nextSequence: Int64
  var lots: Int64
}

/// The one connection that writes. Used by one thread at a time; `LedgerStore` sees to that.
///
/// A batch is checked against what is stored, hashed, then written in one transaction. The head in
/// memory moves only when the transaction is durable.
final class JournalWriter {
  let queue: DatabaseQueue
  let path: String
  var head: LedgerHead
  var bytes = CanonicalBytes()
  var pinned: [RunID: PinnedSteps] = [:]
  /// Prepared when they are first needed, and kept.
  var statements: CommitStatements?
  var resolved: [UInt8] = []
  /// What is under way, for the runs that this process has written to.
  var underWay: [RunID: OpenQuestions] = [:]

  init(queue: DatabaseQueue, path: String) throws {
    self.queue = queue
    self.path = path
    self.head = LedgerHead(
      commit: 0, hash: [], time: Timestamp(milliseconds: .min), nextSequence: 1, lots: 0)
    self.head = try queue.inDatabase { try loadHead($0) }
  }

  private func loadHead(_ database: Database) throws -> LedgerHead {
    let workspace =
      try database.firstRow("SELECT id FROM workspace") { $0.text(0) } ?? ""
    let lots = try database.firstRow("SELECT coalesce(max(id), 0) FROM lot") { $0.int(0) }
    let next = try database.firstRow("SELECT coalesce(max(seq), 0) + 1 FROM entry") { $0.int(0) }
    let origin = bytes.origin(workspace: workspace)
    let last = try database.firstRow(
      "SELECT id, hash, time FROM ledger_commit ORDER BY id DESC LIMIT 1"
    ) { (id: $0.int(0), hash: Array($0.blob(1)), time: $0.int(2)) }
    return LedgerHead(
      commit: last?.id ?? 0, hash: last?.hash ?? origin,
      time: Timestamp(milliseconds: last?.time ?? .min), nextSequence: next ?? 1, lots: lots ?? 0)
  }

  /// Runs `body` in one transaction that is on the disk when this returns, or leaves nothing.
  func transaction(_ body: (Database, CommitStatements) throws -> Void) throws {
    try queue.changeDurably { database in
      let statements = try self.statements ?? CommitStatements(database)
      self.statements = statements
      try body(database, statements)
    }
  }

  /// The header of the next commit. Time never goes back, even where the clock did.
  func header(
    run: RunID?, time: Timestamp, entries: Int = 0, attempts: Int = 0, skips: Int = 0
  ) -> CommitHeader {
    CommitHeader(
      id: head.commit + 1, time: max(time, head.time), run: run,
      firstSequence: head.nextSequence, entries: entries, attempts: attempts, skips: skips)
  }

  /// The head after a commit that was hashed with `bytes`.
  func advanced(past header: CommitHeader, lots: Int = 0) -> LedgerHead {
    LedgerHead(
      commit: header.id, hash: bytes.finish(), time: header.time,
      nextSequence: head.nextSequence + Int64(header.entries), lots: head.lots + Int64(lots))
  }

  /// The pinned steps of a run; an error where there is no such run.
  func steps(of run: RunID) throws -> PinnedSteps {
    if let known = pinned[run] { return known }
    let outline = try queue.inDatabase { try RunReader.outline(of: run, in: $0) }
    guard let outline else { throw fault("a batch names run \(run), which does not exist") }
    let steps = PinnedSteps(outline)
    pinned[run] = steps
    return steps
  }

  func questions(of run: RunID) throws -> OpenQuestions {
    if let known = underWay[run] { return known }
    let stored = try queue.inDatabase { try QuestionReader.questions(of: run, in: $0) }
    underWay[run] = stored
    return stored
  }

  /// A batch that no sound driver makes.
  func fault(_ what: String) -> UserError {
    UserError(.fault, "the workspace \(path) refused a batch: \(what)")
  }
}
