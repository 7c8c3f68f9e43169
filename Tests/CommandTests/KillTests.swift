import Foundation
import Synchronization
import TestSupport
import Testing

/// Kills the tool with SIGKILL at random moments and resumes it: the output, the whole ledger and
/// the run info are those of a run that nobody disturbed.
@Suite(.serialized) struct KillTests {
  /// How often the tool is killed; every kill is followed by a resume, which may be killed too.
  static let kills = 200

  private static let arguments = [
    "enrich", "people.csv", "-o", "out.csv", "--column", "work_email=findymail,hunter,datagma",
    "--column", "company_size", "--provenance", "--simulate", "--seed", "11", "--quiet",
  ]

  @Test func aKilledRunIsResumedAsIfNothingHadHappened() async throws {
    let seed = TestSeed.drawn("KILL_SEED")
    let reference = try Trace.ofUndisturbedRun(Self.arguments)
    let tally = Tally()
    // Two lives at a time: each draws from a seed of its own, so that any of them can be replayed.
    try await withThrowingTaskGroup(of: Void.self) { lanes in
      for _ in 0..<2 {
        lanes.addTask {
          while let life = tally.nextLife(until: Self.kills) {
            let kills = try Self.live(life, seed: seed &+ UInt64(life), reference)
            tally.add(kills)
          }
        }
      }
      try await lanes.waitForAll()
    }
    // A test that only kills start-ups would prove little.
    let end = tally.counts
    #expect(end.killedRunning > end.killed / 4, "seed \(seed): \(end)")
  }

  private final class Tally: Sendable {
    struct Counts {
      var lives = 0
      var killed = 0
      var killedRunning = 0
    }

    private let state = Mutex(Counts())

    var counts: Counts { state.withLock { $0 } }

    func nextLife(until kills: Int) -> Int? {
      state.withLock { counts in
        guard counts.killed < kills else { return nil }
        counts.lives += 1
        return counts.lives
      }
    }

    func add(_ kills: [Bool]) {
      state.withLock { counts in
        counts.killed += kills.count
        counts.killedRunning += kills.count(where: { $0 })
      }
    }
  }

  /// One run that is killed a few times and then left in peace. For each kill, whether the run was
  /// on record by then.
  private static func live(_ life: Int, seed: UInt64, _ reference: Trace) throws -> [Bool] {
    var random = SplitMix64(state: seed)
    let trial = try Trial(arguments)
    defer { trial.runner.cleanUp() }
    var kills: [Bool] = []
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let delay = Double.random(in: 0...reference.seconds, using: &random)
      // Starting up is a kill's moment too, but not the one to try most often.
      let isLate = Int.random(in: 0..<4, using: &random) > 0
      guard let wasRunning = try trial.startAndKill(after: delay, onceOnRecord: isLate) else {
        break
      }
      kills.append(wasRunning)
    }
    let trace = try trial.finish()
    let place = "life \(life) of KILL_SEED, \(kills.count) kills"
    try #require(trace.output == reference.output, "\(place): the output differs")
    try #require(trace.history == reference.history, "\(place): the ledger differs")
    try #require(
      trace.info == reference.info,
      "\(place): the run info differs:\n\(trace.info)\n\(reference.info)")
    try #require(trace.verify.status == 0, "\(place): \(trace.verify.output)")
    return kills
  }
}

/// What is left of a run that is done.
private struct Trace: Sendable {
  var output: String
  var history: String
  var info: String
  var verify: CommandRunner.Result
  var seconds = 0.0

  init(_ runner: CommandRunner) throws {
    output = try runner.read("out.csv")
    history = try runner.run("credits history --simulate --format csv").output
    info = try runner.run("run-info --simulate --format json").output
      .replacing(runner.directory.path, with: "DIR")
    verify = try runner.run("credits verify --simulate")
  }

  static func ofUndisturbedRun(_ arguments: [String]) throws -> Trace {
    let trial = try Trial(arguments)
    defer { trial.runner.cleanUp() }
    let start = ContinuousClock.now
    let result = try trial.runner.run(arguments)
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    try #require(result.status == 0, "\(result.errors)")
    var trace = try Trace(trial.runner)
    trace.seconds = seconds
    return trace
  }
}

private struct Trial {
  let runner: CommandRunner
  let arguments: [String]

  init(_ arguments: [String]) throws {
    var runner = try CommandRunner()
    // Small batches: many commits and checkpoints in a short run.
    runner.environment["WATERFALL_BATCH"] = "64"
    runner.environment["WATERFALL_WORKSPACE"] = runner.path("kill.sqlite")
    self.runner = runner
    self.arguments = arguments
    try runner.write(Self.sheet, to: "people.csv")
  }

  /// Every fifth row repeats an earlier person, and companies repeat: shared questions on both
  /// sides of a kill. Lines of several lengths, some quoted.
  private static let sheet: String = {
    var text = "First Name,Last Name,Company,Website,Note\n"
    for row in 0..<1500 {
      let person = row % 5 == 4 ? row / 3 : row
      let note = row % 7 == 0 ? "\"likes, commas\"" : row % 11 == 0 ? "\"two\nlines\"" : "plain"
      text +=
        "Ada,Lovelace\(person),Company \(person % 400),www.company\(person % 400).com,\(note)\n"
    }
    return text
  }()

  private var resume: [String] { ["resume", "--simulate", "--quiet"] }

  private var workspace: String { runner.path("kill-simulated.sqlite") }
  private var hasRun: Bool { Database.hasRun(workspace) }

  /// nil when the tool ended before it was to be killed; else whether a run was on record.
  func startAndKill(after seconds: Double, onceOnRecord: Bool) throws -> Bool? {
    let running = try runner.start(hasRun ? resume : arguments + ["--yes"])
    if onceOnRecord {
      try #require(eventually(every: .milliseconds(2)) { hasRun || !running.process.isRunning })
    }
    Thread.sleep(forTimeInterval: seconds)
    kill(running.process.processIdentifier, SIGKILL)
    running.process.waitUntilExit()
    if running.process.terminationReason == .exit { return nil }
    return hasRun
  }

  func finish() throws -> Trace {
    if !Database.isDone(workspace) {
      let result = try runner.run(hasRun ? resume : arguments + ["--yes"])
      try #require(result.status == 0, "\(result.errors)")
    }
    return try Trace(runner)
  }
}
