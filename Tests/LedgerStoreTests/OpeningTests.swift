import Foundation
import GRDB
import LedgerStore
import Testing
import WaterfallCore

/// What a path can turn out to be, and what the user is told.
@Suite struct OpeningTests {
  let workspace: SampleWorkspace

  init() throws { workspace = try SampleWorkspace() }

  private func failure(
    create: Bool = true, isSimulated: Bool = true, lock: LockOwner? = LockOwner("the tests")
  ) -> UserError? {
    #expect(throws: UserError.self) {
      try workspace.open(create: create, isSimulated: isSimulated, lock: lock)
    }
  }

  @Test func aNewWorkspaceWaitsForItsFirstGrant() throws {
    do {
      let store = try workspace.open()
      #expect(store.isNew && store.workspaceID == "c0ffee" && store.isSimulated)
      #expect(store.created == SampleWorkspace.now)
      #expect(try store.lots().isEmpty && store.runs().isEmpty && store.latestRun() == nil)
      #expect(try store.nextSequence == 1)
    }
    do {
      let store = try workspace.open()
      #expect(store.isNew, "a process that died before its grant leaves it to the next one")
      try store.grant(kind: .trial, amount: Credits(1_000), note: "trial", at: SampleWorkspace.now)
    }
    #expect(try !workspace.open().isNew)
    #expect(
      try workspace.open(create: false, lock: nil).lots().map(\.available) == [Credits(1_000)])
  }

  @Test func theFileIsSetUpToSurviveAPowerCut() throws {
    let store = try workspace.open()
    let pragmas = try store.pragmas([
      "journal_mode", "synchronous", "page_size", "cell_size_check", "trusted_schema",
      "cache_size",
    ])
    #expect(pragmas == ["wal", "2", "8192", "1", "0", "-8192"])
  }

  @Test func nothingThere() {
    #expect(failure(create: false)?.message == "there is no workspace at \(workspace.path)")
    #expect(failure(create: true, lock: nil)?.code == .input)
  }

  @Test func noDirectory() throws {
    try FileManager.default.removeItem(at: workspace.directory)
    let error = failure()
    #expect(error?.code == .io)
    #expect(error?.message.contains("the directory \(workspace.directory.path) ") == true)
  }

  @Test func aDirectory() throws {
    try FileManager.default.createDirectory(
      atPath: workspace.path, withIntermediateDirectories: true)
    #expect(failure()?.message == "\(workspace.path) is not a waterfall workspace")
  }

  @Test(arguments: ["name,company\nAda,Acme\n", "SQLite format 3 it is not"])
  func notADatabase(content: String) throws {
    try content.write(toFile: workspace.path, atomically: true, encoding: .utf8)
    #expect(failure()?.message == "\(workspace.path) is not a waterfall workspace")
    #expect(failure(lock: nil)?.message == "\(workspace.path) is not a waterfall workspace")
    #expect(try String(contentsOfFile: workspace.path, encoding: .utf8) == content)
  }

  @Test func anEmptyFileBecomesAWorkspaceOnlyWhenAsked() throws {
    try Data().write(to: URL(fileURLWithPath: workspace.path))
    #expect(failure(create: false)?.message == "\(workspace.path) is not a waterfall workspace")
    #expect(try workspace.open().isNew)
  }

  @Test(arguments: ["CREATE TABLE t (a)", "PRAGMA application_id = 42", "PRAGMA user_version = 4"])
  func anotherApplicationsDatabase(sql: String) throws {
    try workspace.tamper(sql)
    let before = try Data(contentsOf: URL(fileURLWithPath: workspace.path))
    #expect(failure()?.message == "\(workspace.path) is not a waterfall workspace")
    #expect(try Data(contentsOf: URL(fileURLWithPath: workspace.path)) == before)
  }

  @Test func aNewerVersion() throws {
    _ = try workspace.open()
    try workspace.tamper("PRAGMA user_version = 9")
    let error = failure()
    #expect(error?.message.contains("its version is 9, and this one reads up to 4") == true)
    #expect(error?.remedy == "Use the newer waterfall.")
  }

  /// Version 1 did not count verdicts: they are counted from the attempts.
  @Test func anOlderVersionIsReadAndUpgraded() throws {
    let sample = try workspace.fill(seed: 11).sample
    let today = try workspace.row("SELECT sql FROM sqlite_schema WHERE name = 'tally_verdict'")
    try workspace.tamper(
      "DROP TABLE tally_verdict; DROP TABLE open_question; DROP TABLE open_question_page")
    try workspace.tamper("PRAGMA user_version = 1")
    let known = TallyText(sample.tallies)
    #expect(sample.tallies.columns.values.contains { $0.providers.values.contains { $0.hits > 0 } })
    do {
      let reader = try workspace.open(create: false, lock: nil)
      #expect(try reader.runInfo(RunID(1)).map { TallyText($0.tallies) } == known)
      #expect(try reader.verify().isProven)
    }
    #expect(try workspace.row("PRAGMA user_version") == ["user_version": "1"])
    let store = try workspace.open(create: false)
    #expect(try workspace.row("PRAGMA user_version") == ["user_version": "4"])
    #expect(
      try workspace.row("SELECT sql FROM sqlite_schema WHERE name = 'tally_verdict'") == today)
    #expect(try store.runInfo(RunID(1)).map { TallyText($0.tallies) } == known)
    #expect(try store.verify().isProven)
    try store.grant(kind: .trial, amount: Credits(1), note: "goes on", at: SampleWorkspace.now)
  }

  @Test func simulatedAndRealAreNotMixed() throws {
    _ = try workspace.open(isSimulated: false)
    #expect(failure()?.message.contains("holds real credits") == true)
    let other = try SampleWorkspace()
    _ = try other.open(isSimulated: true)
    let error = #expect(throws: UserError.self) { try other.open(isSimulated: false) }
    #expect(error?.message.contains("is a simulated workspace") == true)
  }

  @Test func aDamagedFile() throws {
    _ = try workspace.fill(seed: 3, batches: 8)
    try workspace.tamper("PRAGMA wal_checkpoint(TRUNCATE)")
    var bytes = try Data(contentsOf: URL(fileURLWithPath: workspace.path))
    for offset in 8192 * 3..<bytes.count - 8192 where offset % 8192 < 200 {
      bytes[offset] = 0xA5
    }
    try bytes.write(to: URL(fileURLWithPath: workspace.path))
    let error = #expect(throws: UserError.self) {
      let store = try workspace.open(create: false)
      _ = try store.attempts(of: RunID(1), rows: 1...1_000)
    }
    #expect(error?.code == .io)
    #expect(error?.message.contains("\(workspace.path) is damaged") == true, "\(error as Any)")
  }

  @Test func readingOnlyNeverWrites() throws {
    _ = try workspace.fill(seed: 3)
    let store = try workspace.open(create: false, lock: nil)
    let error = #expect(throws: UserError.self) {
      try store.grant(kind: .trial, amount: Credits(1), note: "", at: SampleWorkspace.now)
    }
    #expect(error?.message.contains("was opened for reading only") == true)
  }
}
