import Foundation
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

  @Test func aKilledRunIsResumedAsIfNothingHadHappened() throws {
    let seed =
      ProcessInfo.processInfo.environment["KILL_SEED"].flatMap(UInt64.init)
      ?? UInt64.random(in: 0...UInt64.max)
    print("KILL_SEED=\(seed)")
    var random = SplitMix64(state: seed)
    let reference = try Trace.ofUndisturbedRun(Self.arguments)
    var killed = 0
    var killedRunning = 0
    while killed < Self.kills {
      let trial = try Trial(Self.arguments)
      defer { trial.runner.cleanUp() }
      // At most a few kills in one life, so that most trials end.
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let delay = Double.random(in: 0...reference.seconds, using: &random)
        guard let wasRunning = try trial.startAndKill(after: delay) else { break }
        killed += 1
        if wasRunning { killedRunning += 1 }
      }
      let trace = try trial.finish()
      try #require(trace.output == reference.output, "seed \(seed): the output differs")
      try #require(trace.history == reference.history, "seed \(seed): the ledger differs")
      try #require(
        trace.info == reference.info,
        "seed \(seed): the run info differs:\n\(trace.info)\n\(reference.info)")
      try #require(trace.verify.status == 0, "seed \(seed): \(trace.verify.output)")
    }
    // A test that only kills start-ups would prove little.
    #expect(killedRunning > Self.kills / 4, "seed \(seed): \(killedRunning) of \(killed) had a run")
  }
}

/// What is left of a run that is done.
private struct Trace {
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

  private func hasRun() throws -> Bool {
    try runner.run("runs --simulate").status == 0
      && runner.run("run-info --simulate").status == 0
  }

  /// nil when the tool ended before it was to be killed; else whether a run was on record.
  func startAndKill(after seconds: Double) throws -> Bool? {
    let running = try runner.start(try hasRun() ? resume : arguments + ["--yes"])
    Thread.sleep(forTimeInterval: seconds)
    kill(running.process.processIdentifier, SIGKILL)
    running.process.waitUntilExit()
    if running.process.terminationReason == .exit { return nil }
    return try hasRun()
  }

  func finish() throws -> Trace {
    if !runner.exists("out.csv") {
      let isOnRecord = try hasRun()
      let result = try runner.run(isOnRecord ? resume : arguments + ["--yes"])
      try #require(result.status == 0, "\(result.errors)")
    } else if try runner.run(resume).status != 0 {
      // Done already, or killed between the renaming and the last word: then it was resumed.
    }
    return try Trace(runner)
  }
}
