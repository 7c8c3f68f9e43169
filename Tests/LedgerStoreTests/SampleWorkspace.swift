import Foundation
import GRDB
import LedgerStore
import TestSupport
import WaterfallCore

/// A workspace in a directory of its own, which is removed with it.
final class SampleWorkspace {
  private let folder: TemporaryFolder
  var directory: URL { folder.url }
  var path: String { folder.path("ledger.sqlite") }

  init() throws { folder = try TemporaryFolder() }

  static let now = Timestamp(milliseconds: 1_799_999_000_000)

  func open(
    create: Bool = true, isSimulated: Bool = true, lock: LockOwner? = LockOwner("the tests")
  ) throws -> LedgerStore {
    try LedgerStore.open(
      at: path,
      options: .init(
        create: create, workspaceID: "c0ffee", isSimulated: isSimulated, now: Self.now,
        lock: lock))
  }

  /// Opens with a grant of a million and a lot of 200 that burns first, and a run begun.
  func openWithRun() throws -> (store: LedgerStore, run: RunRecord) {
    let store = try open()
    try store.grant(kind: .trial, amount: Credits(1_000_000), note: "trial", at: Self.now)
    try store.grant(
      kind: .package, amount: Credits(200), priority: -1, note: "burns first", at: Self.now)
    return (store, try Self.startRun(in: store))
  }

  /// The same, with random cells for the run.
  func openWithSample(
    seed: UInt64, isSlow: Bool = false
  ) throws -> (store: LedgerStore, run: RunRecord, sample: SampleRun) {
    let (store, run) = try openWithRun()
    return (store, run, try SampleRun(run: run.id, store: store, seed: seed, isSlow: isSlow))
  }

  static func startRun(in store: LedgerStore) throws -> RunRecord {
    try store.startRun(
      command: .enrich, isSimulated: true, seed: .max, sheet: "leads.csv", output: "out.csv",
      started: now, outline: SampleRun.outline, configuration: "{\"a\": 1}")
  }

  /// Commits batches of random cells, `rows` each. Returns what was handed over.
  func fill(
    seed: UInt64, batches: Int = 4, rows: Int64 = 25, isSlow: Bool = false
  ) throws -> (run: RunRecord, sample: SampleRun) {
    let opened = try openWithSample(seed: seed, isSlow: isSlow)
    var sample = opened.sample
    for index in 0..<Int64(batches) {
      try opened.store.commit(try sample.batch(rows: index * rows + 1...(index + 1) * rows))
    }
    return (opened.run, sample)
  }

  /// Runs SQL on the file behind the store's back.
  func tamper(_ sql: String) throws {
    let queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
    try queue.close()
  }

  /// The first row of a query, as text by column.
  func row(_ sql: String) throws -> [String: String] {
    let queue = try DatabaseQueue(path: path)
    return try queue.read { database in
      guard let row = try Row.fetchOne(database, sql: sql) else { return [:] }
      return Dictionary(
        row.map { ($0.0, String.fromDatabaseValue($0.1) ?? "\($0.1)") }, uniquingKeysWith: { $1 })
    }
  }

  static let immutableTables = [
    "workspace", "ledger_commit", "lot", "entry", "run", "run_column", "run_step", "attempt",
    "skip_range",
  ]

  static var dropTriggers: String {
    immutableTables.map {
      "DROP TRIGGER \($0)_never_changes; DROP TRIGGER \($0)_never_shrinks;"
    }.joined()
  }

  /// Triggers of the same names, so that only the forgery is left to find.
  static var createTriggers: String {
    immutableTables.map {
      """
      CREATE TRIGGER \($0)_never_changes BEFORE UPDATE ON \($0) BEGIN SELECT 1; END;
      CREATE TRIGGER \($0)_never_shrinks BEFORE DELETE ON \($0) BEGIN SELECT 1; END;
      """
    }.joined()
  }
}
