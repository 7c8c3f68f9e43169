import Foundation
import LedgerStore
import TestSupport
import Testing
import WaterfallCore

/// Several processes on one workspace: one writes, the others wait or read; a killed one leaves
/// what it committed. The other process is `ledger-speed`, built beside the tests.
@Suite(.serialized) struct ProcessTests {
  let workspace: SampleWorkspace

  init() throws { workspace = try SampleWorkspace() }

  private func start(_ arguments: [String], executable: URL) throws -> Process {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = Pipe()
    try process.run()
    return process
  }

  private var speed: URL {
    URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appendingPathComponent("ledger-speed")
  }

  private func errors(of process: Process) -> String {
    let pipe = process.standardError as? Pipe
    let data = pipe?.fileHandleForReading.readDataToEndOfFile() ?? Data()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }

  @Test func aSecondWriterIsToldWhoHoldsTheWorkspace() throws {
    let owner = "process 4242 (waterfall enrich leads.csv), since 2026-11-21 10:00"
    let store = try workspace.open(lock: LockOwner(owner))
    let process = try start([workspace.path, "10"], executable: speed)
    let words = errors(of: process)
    #expect(words.contains("\(workspace.path) is in use by \(owner)"), "\(words)")
    #expect(process.terminationStatus != 0)
    for _ in 0..<2 { #expect(throws: UserError.self) { try workspace.open() } }
    let here = #expect(throws: UserError.self) { try workspace.open() }
    #expect(here?.message == "\(workspace.path) is in use by \(owner)")
    #expect(try workspace.open(create: false, lock: nil).isNew)
    _ = store
  }

  @Test func theLockEndsWithTheStoreAndWithTheProcess() throws {
    for _ in 0..<3 { _ = try workspace.open() }
    let script = "exec 9>>\"$1\"; flock 9; echo 'process 7 (sh)' >&9; exec sleep 60"
    let shell = URL(fileURLWithPath: "/bin/sh")
    let holder = try start(["-c", script, "sh", workspace.path + ".lock"], executable: shell)
    let isTold = eventually {
      do {
        _ = try workspace.open()
        return false
      } catch {
        return "\(error)".contains("is in use by process 7 (sh)")
      }
    }
    #expect(isTold)
    kill(holder.processIdentifier, SIGKILL)
    holder.waitUntilExit()
    #expect(eventually { (try? workspace.open()) != nil })
  }

  @Test func aReaderSeesWholeBatchesWhileAnotherProcessCommits() throws {
    let process = try start([workspace.path, "20000", "200"], executable: speed)
    defer { kill(process.processIdentifier, SIGKILL) }
    let isThere = eventually {
      let reader = try? workspace.open(create: false, lock: nil)
      return (try? reader?.rowsDone(of: RunID(1))) ?? 0 > 0
    }
    try #require(isThere)
    let reader = try workspace.open(create: false, lock: nil)
    var seen: [Int64] = []
    while process.isRunning, seen.count < 15 {
      let report = try reader.verify()
      #expect(report.breaches == [])
      seen.append(try reader.rowsDone(of: RunID(1)))
    }
    #expect(seen == seen.sorted())
    #expect(seen.allSatisfy { $0 % 200 == 0 })
  }

  /// Kills a writer at ten moments between its first commits and its last.
  @Test(arguments: 0..<10) func aKilledWriterLeavesWholeBatches(moment: Int) throws {
    let process = try start([workspace.path, "5000", "20"], executable: speed)
    let isThere = eventually {
      let reader = try? workspace.open(create: false, lock: nil)
      return (try? reader?.rowsDone(of: RunID(1))) ?? 0 > 0
    }
    Thread.sleep(forTimeInterval: Double(moment) * 0.017)
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    try #require(isThere)
    let store = try workspace.open(create: false)
    let rows = try store.rowsDone(of: RunID(1))
    #expect(rows > 0 && rows % 20 == 0)
    #expect(try store.verify().breaches == [])
    let attempts = try store.attempts(of: RunID(1), rows: 1...5_000)
    #expect(Set(attempts.map(\.id.cell.row)).count == Int(rows))
    #expect(
      try store.grant(
        kind: .package, amount: Credits(5), note: "after", at: SampleWorkspace.now
      ).id.rawValue == 2)
    #expect(try store.verify().breaches == [])
  }
}

/// Threads of one process: commits on one, reads on others.
@Suite struct ThreadTests {
  @Test func readsRunBesideCommits() async throws {
    let workspace = try SampleWorkspace()
    let (store, run) = try workspace.openWithRun()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        var sample = try SampleRun(run: run.id, store: store, seed: 5, isSlow: false)
        for index in Int64(0)..<60 {
          try store.commit(try sample.batch(rows: index * 10 + 1...index * 10 + 10))
        }
      }
      for _ in 0..<2 {
        group.addTask {
          var last: Int64 = 0
          while last < 600 {
            let done = try store.rowsDone(of: run.id)
            #expect(done >= last)
            last = done
            if done > 0 { #expect(try !store.attempts(of: run.id, rows: 1...done).isEmpty) }
            _ = try store.runInfo(run.id)
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try store.verify().breaches == [])
  }
}
