import GRDB
import Synchronization
public import WaterfallCore

/// The durable ledger and journal of one workspace: one SQLite file.
///
/// The store makes batches durable and answers questions about what is stored. It decides nothing
/// about money: whoever commits has decided, and `verify` proves afterwards that the laws held.
///
/// Thread-safe. Commits come from one thread at a time; reads use a connection of their own, see
/// the last durable batch, and never wait for a commit. The closures of streaming reads must not
/// call the store again.
public final class LedgerStore: Sendable {
  /// The workspace's file, as the user named it.
  public let path: String
  /// Random, given when the workspace was created.
  public let workspaceID: String
  public let isSimulated: Bool
  public let created: Timestamp
  /// Whether nothing was ever committed: the workspace waits for its first grant.
  public let isNew: Bool

  let reader: DatabaseQueue
  /// nil where the workspace was opened for reading only. Touched only inside `gate`, which is what
  /// makes it safe: the compiler cannot see that its statements stay on one connection.
  private nonisolated(unsafe) let writer: JournalWriter?
  private let gate = Mutex<Void>(())
  private let lock: WriterLock?
  let pinned = Mutex<[RunID: PinnedSteps]>([:])

  init(
    path: String, identity: WorkspaceIdentity, reader: DatabaseQueue,
    writer: JournalWriter?, lock: WriterLock?
  ) {
    self.path = path
    self.workspaceID = identity.id
    self.isSimulated = identity.isSimulated
    self.created = identity.created
    self.isNew = identity.isNew
    self.reader = reader
    self.writer = writer
    self.lock = lock
  }

  /// Whether some process, or a store of this one, is the workspace's writer now; also true where
  /// that cannot be told.
  public var hasWriter: Bool { lock != nil || !WriterLock.isFree(beside: path) }

  /// Reads in one transaction: everything seen belongs to the same moment.
  func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
    do {
      return try reader.read(body)
    } catch {
      throw StoreFailure.userError(error, path: path)
    }
  }

  func write<Value: Sendable>(_ body: (JournalWriter) throws -> Value) throws -> Value {
    guard let writer else {
      throw UserError(.fault, "the workspace \(path) was opened for reading only")
    }
    do {
      return try gate.withLock { _ in try body(writer) }
    } catch {
      throw StoreFailure.userError(error, path: path)
    }
  }

  /// A run's pinned steps, read once.
  func steps(of run: RunID, in database: Database) throws -> PinnedSteps? {
    if let known = pinned.withLock({ $0[run] }) { return known }
    guard let outline = try RunReader.outline(of: run, in: database) else { return nil }
    let steps = PinnedSteps(outline)
    pinned.withLock { $0[run] = steps }
    return steps
  }
}
