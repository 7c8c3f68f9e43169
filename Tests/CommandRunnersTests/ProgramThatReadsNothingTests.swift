import Foundation
import Testing
import WaterfallCore
import WaterfallProviders

/// Programs that leave their input where it is: the pipe to them is full, and whoever writes waits.
@Suite struct ProgramThatReadsNothingTests {
  private static let sleeper = "open('id', 'w').write(str(os.getpid())); time.sleep(600)"

  private static func isAlive(_ program: Program) throws -> Bool {
    let id = try #require(pid_t(try program.read("id")))
    return FileManager.default.fileExists(atPath: "/proc/\(id)/cwd/program.py")
  }

  private static func expectEnd(of program: Program) async throws {
    for _ in 0..<2000 where try isAlive(program) { try await Task.sleep(for: .milliseconds(5)) }
    #expect(try !isAlive(program))
  }

  @Test(.timeLimit(.minutes(2))) func itIsEndedAndItsQuestionsAreUnknown() async throws {
    let program = try Program(
      Self.sleeper, section: ["in_flight: 1000", "timeout: 2s", "restarts: 0"])
    let outcomes = await program.askAll(1...1000).map(\.outcome)
    #expect(outcomes == Array(repeating: .unknown, count: 1000))
    try await Self.expectEnd(of: program)
    for _ in 0..<2000 where program.notes.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
    let notes = await program.end()
    #expect(
      notes == [
        "program left 1000 questions in a row unanswered; it is not asked any more",
        "program left 1000 questions unanswered for too long",
      ])
  }

  @Test(.timeLimit(.minutes(2))) func itIsEndedWithItsRun() async throws {
    let program = try Program(Self.sleeper, section: ["in_flight: 1000", "timeout: 3600s"])
    async let outcomes = program.askAll(1...1000).map(\.outcome)
    while (try? program.read("id"))?.isEmpty ?? true { try await Task.sleep(for: .milliseconds(5)) }
    // Time to fill the pipe.
    try await Task.sleep(for: .milliseconds(200))
    program.provider.stop()
    #expect(await outcomes.allSatisfy { $0 == .unknown })
    try await Self.expectEnd(of: program)
    await program.end()
  }
}
