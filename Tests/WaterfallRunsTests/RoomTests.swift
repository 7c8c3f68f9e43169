import Synchronization
import Testing
import WaterfallCore

@testable import WaterfallRuns

/// A provider gets no more questions than it has room for; what waits for room is nowhere but in the
/// run.
@Suite struct RoomTests {
  /// Every provider of the rich scenario has little room; all of them together have 14.
  private static func crowded(_ rows: Int) -> Scenario {
    var scenario = Sheets.rich(Sheets.people(rows))
    scenario.limits.attemptsInBatch = 32
    scenario.limits.window = 60
    for (step, room) in [3, 4, 2].enumerated() { scenario.columns[0].steps[step].room = room }
    scenario.columns[0].verifier?.room = 2
    scenario.columns[1].steps[0].room = 3
    return scenario
  }

  @Test func whatExceedsItsRoomWaitsUnmarked() throws {
    let seed = ConcurrencyTests.seed()
    let scenario = Self.crowded(400)
    let postman = Postman(seed: seed)
    defer { postman.close() }
    let journal = try scenario.journal()
    let output = MemoryOutput(journey: journal.journey)
    let mostMarks = Mutex(0)
    let end = try scenario.run(journal, output, .later(postman, isHarmless: false)) { _ in
      // What would be in doubt after a crash, although nobody was asked.
      let asked = Set(journal.journey.asked)
      let marks = journal.now.questions.keys.count { !asked.contains($0) }
      mostMarks.withLock { $0 = max($0, marks) }
    }
    #expect(end == .done)
    #expect(postman.longestQueue <= 14, "seed \(seed)")
    #expect(postman.longestQueue > 7, "seed \(seed): all of them are asked at the same time")
    #expect((1...14).contains(mostMarks.withLock { $0 }), "seed \(seed)")
    try expectLawful(journal, "seed \(seed)")
    try expectSame(Trace(journal, output), Trace(try scenario.undisturbed()), "seed \(seed)")
  }

  @Test(arguments: [1, 2, 7]) func oneProviderIsKeptBusy(room: Int) throws {
    var scenario = Self.crowded(100)
    scenario.columns = [scenario.columns[0]]
    scenario.columns[0].steps = [Scenario.Asked(provider: "alpha", room: room)]
    scenario.columns[0].verifier = nil
    let postman = Postman(seed: 5)
    defer { postman.close() }
    let journal = try scenario.journal()
    try scenario.run(journal, MemoryOutput(), .later(postman, isHarmless: false))
    #expect(postman.longestQueue == room)
    try expectLawful(journal, "room \(room)")
  }

  /// A provider works on jobs without being asked again: they take up no room.
  @Test func jobsTakeUpNoRoom() throws {
    var scenario = Self.crowded(120)
    scenario.columns[0].steps[0].room = 1
    let journal = try scenario.journal()
    let output = MemoryOutput(journey: journal.journey)
    let desk = JobDesk(journal)
    defer { desk.close() }
    #expect(try scenario.run(journal, output, .byJob(desk)) == .done)
    #expect(desk.mostWaiting > 14)
    try expectSame(Trace(journal, output), Trace(try scenario.undisturbed()), "jobs")
  }

  /// A stopped run has little to wait for, and leaves nothing behind that nobody was asked.
  @Test(arguments: [1, 40, 150]) func aStoppedRunWaitsForFewAnswers(questions: Int) throws {
    let seed = ConcurrencyTests.seed()
    let scenario = Self.crowded(400)
    let postman = Postman(seed: seed, pile: 5)
    defer { postman.close() }
    let stop = StopSignal()
    let asked = Atomic<Int>(0)
    let late = Atomic<Int>(0)
    let journal = try scenario.journal()
    let output = MemoryOutput(journey: journal.journey)
    let end = try scenario.run(
      journal, output, .later(postman, isHarmless: false), stop: stop
    ) { question in
      let number = asked.add(1, ordering: .relaxed).newValue
      if number == questions { stop.raise() }
      if number > questions, question.candidate == nil { late.add(1, ordering: .relaxed) }
    }
    #expect(end == .interrupted)
    #expect(late.load(ordering: .relaxed) == 0, "seed \(seed)")
    #expect(journal.now.questions.isEmpty, "seed \(seed): no doubt about any question")
    // What was on its way to a provider when the run was stopped, and no more.
    #expect(journal.now.holds.count <= 14, "seed \(seed)")
    try expectLawful(journal, isDone: false, "seed \(seed)")
    #expect(try scenario.run(journal, output, .later(postman, isHarmless: false)) == .done)
    try expectSame(Trace(journal, output), Trace(try scenario.undisturbed()), "seed \(seed)")
  }

  /// What waits is considered anew: by then the provider may be down.
  @Test func whoWaitsLearnsThatTheProviderIsDown() throws {
    let door = Door()
    let asked = Atomic<Int>(0)
    var scenario = Self.crowded(50)
    scenario.columns = [scenario.columns[0]]
    scenario.columns[0].verifier = nil
    scenario.columns[0].steps = [
      Scenario.Asked(provider: "alpha", room: 4, door: door) { _ in
        asked.add(1, ordering: .relaxed)
        door.shut(.providerDown)
        return Answer(.failure(.unavailable), exchanges: 1)
      }
    ]
    let postman = Postman(seed: 6)
    defer { postman.close() }
    let journal = try scenario.journal()
    #expect(
      try scenario.run(journal, MemoryOutput(), .later(postman, isHarmless: false)) == .done)
    #expect(asked.load(ordering: .relaxed) <= 4)
    let skipped = journal.now.attempts.values.count { $0.kind == .skipped(.providerDown) }
    #expect(skipped > 20)
    try expectLawful(journal, "down")
  }

  /// Rows that wait for credits take no room from those who could free some.
  @Test(arguments: [3, 8, 20]) func roomAndCreditsDoNotWaitForEachOther(credits: Int64) throws {
    let seed = ConcurrencyTests.seed()
    var scenario = Self.crowded(120)
    scenario.credits = Credits(credits)
    let whole = try scenario.undisturbed()
    let postman = Postman(seed: seed, pile: 5)
    defer { postman.close() }
    let journal = try scenario.journal()
    let output = MemoryOutput(journey: journal.journey)
    let end = try scenario.run(journal, output, .later(postman, isHarmless: false))
    guard case .paused(.credits(let needed, let available)) = end else {
      return #expect(Bool(false), "seed \(seed): \(end)")
    }
    #expect(available < needed, "seed \(seed)")
    #expect(journal.now.holds.isEmpty || available < Credits(5), "seed \(seed)")
    try expectLawful(journal, isDone: false, "seed \(seed)")
    #expect(!whole.output.text.isEmpty)
  }
}
