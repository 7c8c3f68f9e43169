import Foundation
import TestSupport
import Testing
import WaterfallCore
import WaterfallProviders

/// Programs that do what they should not.
@Suite struct ProgramFailureTests {
  // MARK: Answers that are none

  @Test func nonsenseIsCountedAndDisturbsNobody() async throws {
    let program = try Program(
      """
      for q in questions():
          for line in ["", "debug: asked", "[]", "null", "{", "{}", '{"id": 1}', '{"id": "x"}',
                       '{"id": "01"}', '{"id": "99", "miss": true}', "\\u0000", '"' + "\\\\u" + '"']:
              say(line)
          sys.stdout.buffer.write(b"\\xff\\xfe\\n")
          answer(q["id"], value="a@b.example")
          if q["id"] != "3":
              answer(q["id"], value="c@d.example")
      """)
    // Lines are read in their order: with the third answer, whatever came before it has been.
    for _ in 1...3 { #expect(await program.ask(1).outcome == .hit("a@b.example")) }
    #expect(
      await program.end() == [
        "program printed 33 lines that answer no question: no JSON object (21), without an “id” "
          + "that is a text (6), with an “id” that nobody gave (6)",
        "program answered 3 questions that nobody asked",
        "program answered 2 questions more than once",
      ])
  }

  @Test(arguments: [
    (#""value": 7"#, "“value” has the wrong type"),
    (#""value": ["a"]"#, "“value” has the wrong type"),
    (#""miss": "yes""#, "“miss” has the wrong type"),
    (#""miss": false"#, "it says neither value, miss, failure nor verdict"),
    (#""found": "a""#, "it says neither value, miss, failure nor verdict"),
    (#""failure": "tired""#, "“failure” is none of the words for it"),
    (#""failure": "not_sent""#, "“failure” is none of the words for it"),
    (#""failure": {}"#, "“failure” has the wrong type"),
    (#""value": "a", "cost": "1""#, "“cost” has the wrong type"),
    (#""value": "a", "cost": -1"#, "“cost” is no amount of credits"),
    (#""value": "a", "cost": 0.0000001"#, "“cost” is no amount of credits"),
    (#""value": "a", "cost": 1e300"#, "a number is too large"),
    (#""value": "a", "miss": true"#, "it says more than one thing"),
    (#""verdict": "valid""#, "it says a verdict, and a value was asked for"),
  ])
  func anAnswerThatCannotBeUnderstoodIsMalformed(text: String, flaw: String) async throws {
    let program = try Program(
      """
      for q in questions():
          say('{"id": "%s", TEXT}' % q["id"])
      """.replacing("TEXT", with: text.replacing("\"", with: "\\\"")))
    #expect(await program.ask(1).timeless == Answer(.failure(.malformed), exchanges: 1))
    let notes = await program.end()
    #expect(notes == ["program gave an answer that cannot be understood: \(flaw)"])
  }

  @Test(arguments: [
    (#""value": "a""#, "it says a value, and a verdict was asked for"),
    (#""miss": true"#, "it says a value, and a verdict was asked for"),
    (#""verdict": "good""#, "“verdict” is none of the words for it"),
  ])
  func aVerdictThatIsNoneIsMalformed(text: String, flaw: String) async throws {
    let program = try Program(
      """
      for q in questions():
          say('{"id": "%s", TEXT}' % q["id"])
      """.replacing("TEXT", with: text.replacing("\"", with: "\\\"")))
    let answer = await program.ask(Program.question(1, candidate: "x"))
    #expect(answer.outcome == .failure(.malformed))
    let notes = await program.end()
    #expect(notes == ["program gave an answer that cannot be understood: \(flaw)"])
  }

  @Test func aLineBeyondAMebibyteIsDropped() async throws {
    let program = try Program(
      """
      for q in questions():
          if q["id"] == "1":
              answer(q["id"], value="x" * (1 << 20))
          answer(q["id"], value="y" * ((1 << 20) - 40))
      """)
    #expect(
      await program.ask(1).outcome == .hit(String(repeating: "y", count: (1 << 20) - 40)))
    #expect(
      await program.end() == [
        "program printed a line that answers no question: longer than 1 MiB"
      ])
  }

  // MARK: Ending

  @Test func whatIsUnderWayInACrashIsUnknownAndTheProgramIsStartedAgain() async throws {
    let program = try Program(
      """
      for q in questions():
          if q["inputs"]["email"].startswith("5@"):
              sys.stderr.write("Traceback\\n  ValueError: five\\x1b[31m\\n")
              sys.exit(1)
          answer(q["id"], value=str(os.getpid()))
      """, section: ["in_flight: 1"])
    let answers = await program.askAll(1...4)
    let crash = await program.ask(5)
    let more = await program.askAll(6...9)
    #expect(crash.timeless == Answer(.unknown, exchanges: 1))
    #expect(answers.allSatisfy { $0.outcome == answers[0].outcome })
    #expect(more.allSatisfy { $0.outcome == more[0].outcome })
    #expect(answers[0].outcome != more[0].outcome)
    #expect(
      await program.end() == [
        "program ended with status 1 while 1 question was under way; it is started again when it is "
          + "needed (1 of 3)\n  program: Traceback\n  program:   ValueError: five\u{FFFD}[31m"
      ])
  }

  @Test func questionsThatWereNotSentSurviveACrash() async throws {
    let program = try Program(
      """
      first = not os.path.exists("seen")
      open("seen", "w")
      for q in questions():
          if first:
              os.kill(os.getpid(), signal.SIGKILL)
          answer(q["id"], miss=True)
      """, section: ["in_flight: 2"])
    let outcomes = await program.askAll(1...10).map(\.outcome)
    #expect(outcomes.count { $0 == .unknown } == 2 && outcomes.count { $0 == .miss } == 8)
    let notes = await program.end()
    #expect(
      notes.count == 1 && notes[0].hasPrefix("program was ended by signal 9 while 2 questions"))
  }

  @Test func aProgramThatAlwaysEndsIsGivenUp() async throws {
    let program = try Program(
      "open('starts', 'a').write('x'); sys.exit(7)", section: ["in_flight: 1", "restarts: 2"])
    let outcomes = await program.askAll(1...8).map(\.outcome)
    #expect(outcomes.count { $0 == .unknown } == 3)
    #expect(outcomes.count { $0 == .failure(.notSent) } == 5)
    #expect(await program.ask(9).outcome == .failure(.notSent))
    #expect(try program.read("starts") == "xxx")
    let notes = await program.end()
    #expect(notes.count == 3 && notes.allSatisfy { $0.hasPrefix("program ended with status 7") })
    #expect(notes.last?.hasSuffix("; it is not asked any more") == true)
  }

  @Test func aProgramThatClosesItsOutputHasEnded() async throws {
    let program = try Program(
      """
      for q in questions():
          answer(q["id"], miss=True)
          if q["id"] == "1":
              sys.stdout.close()
              os.close(1)
              time.sleep(60)
      """, section: ["in_flight: 1"])
    #expect(await program.ask(1).outcome == .miss)
    let second = await program.ask(2).outcome
    #expect(second == .unknown || second == .miss)
    #expect(await program.ask(3).outcome == .miss)
    await program.end()
  }

  @Test func aProgramThatReadsNoMoreHasEnded() async throws {
    let program = try Program(
      """
      line = sys.stdin.readline()
      os.close(0)
      answer(json.loads(line)["id"], miss=True)
      while True:
          time.sleep(60)
      """, section: ["in_flight: 1", "restarts: 1"])
    #expect(await program.ask(1).outcome == .miss)
    #expect(await program.ask(2).outcome == .unknown)
    #expect(await program.ask(3).outcome == .miss)
    await program.end()
  }

  /// What a program starts is ended with it, and its hold on the output keeps nobody waiting.
  @Test func whatAProgramLeavesBehindIsEnded() async throws {
    let program = try Program(
      """
      import subprocess
      child = subprocess.Popen(["sleep", "600"])
      for q in questions():
          answer(q["id"], value=str(child.pid))
          break
      """)
    guard case .hit(let text) = await program.ask(1).outcome, let id = pid_t(text) else {
      Issue.record("no answer")
      return
    }
    await program.end()
    // The child of a child is adopted, and waited for, by somebody else.
    for _ in 0..<400 where Self.isAlive(id) { usleep(5_000) }
    #expect(!Self.isAlive(id))
  }

  private static func isAlive(_ id: pid_t) -> Bool {
    guard let text = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8) else {
      return false
    }
    return text.split(separator: ")").last?.hasPrefix(" Z") == false
  }

  @Test func aProgramThatDoesNotWantToEndIsMadeTo() async throws {
    let program = try Program(
      """
      signal.signal(signal.SIGTERM, signal.SIG_IGN)
      q = json.loads(sys.stdin.readline())
      answer(q["id"], value=str(os.getpid()))
      while True:
          time.sleep(60)
      """)
    guard case .hit(let text) = await program.ask(1).outcome, let id = pid_t(text) else {
      Issue.record("no answer")
      return
    }
    #expect(await program.end() == [])
    #expect(!Self.isAlive(id))
    #expect(await program.ask(2).outcome == .failure(.notSent))
  }

  @Test func onlyTheLastComplaintsAreKept() async throws {
    let program = try Program(
      """
      for i in range(50000):
          sys.stderr.write("complaint %d\\n" % i)
      sys.stderr.write("x" * 100000 + "\\n" + "y" * 1000 + "\\nlast")
      sys.stderr.flush()
      q = json.loads(sys.stdin.readline())
      sys.exit(2)
      """, section: ["restarts: 0"])
    #expect(await program.ask(1).outcome == .unknown)
    let lines = await program.end().joined().split(separator: "\n").map(String.init)
    #expect(lines.count == 21)
    #expect(lines[1] == "  program: complaint 49983" && lines[17] == "  program: complaint 49999")
    #expect(lines[18] == "  program: (a very long line)")
    #expect(lines[19] == "  program: " + String(repeating: "y", count: 500) + "…")
    #expect(lines[20] == "  program: last")
  }

  // MARK: Time

  @Test func aQuestionThatIsNotAnsweredInTimeIsUnknownAndItsLateAnswerIgnored() async throws {
    let program = try Program(
      """
      late = None
      for q in questions():
          if q["id"] == "1":
              late = q["id"]
          else:
              if late:
                  answer(late, value="late")
                  late = None
              answer(q["id"], value="soon")
      """, section: ["timeout: 1s"])
    let first = await program.ask(1)
    #expect(first.outcome == .unknown && first.latency >= 1_000_000)
    #expect(await program.ask(2).outcome == .hit("soon"))
    #expect(
      await program.end() == [
        "program left a question unanswered for too long; 1 of the answers came too late"
      ])
  }

  @Test func aProgramThatHangsIsStartedAgain() async throws {
    let program = try Program(
      """
      first = not os.path.exists("seen")
      open("seen", "w")
      for q in questions():
          if first:
              time.sleep(600)
          answer(q["id"], miss=True)
      """, section: ["timeout: 2s", "in_flight: 2"])
    let outcomes = await program.askAll(1...8).map(\.outcome)
    #expect(outcomes.count { $0 == .unknown } == 4 && outcomes.count { $0 == .miss } == 4)
    #expect(
      await program.end() == [
        "program left 4 questions in a row unanswered; it is started again when it is needed "
          + "(1 of 3)", "program left 4 questions unanswered for too long",
      ])
  }

  /// The run is over before so many questions are unanswered that it is started again.
  @Test func whatAProgramThatHangsComplainedOfIsShown() async throws {
    let program = try Program(
      """
      sys.stderr.write("no route to the warehouse\\n")
      sys.stderr.flush()
      say('{"ready": true}')
      time.sleep(600)
      """, section: ["timeout: 1s", "start_timeout: 3600s"])
    #expect(await program.ask(1).outcome == .unknown)
    #expect(
      await program.end() == [
        "program left a question unanswered for too long",
        "program was ended, as it did not answer\n  program: no route to the warehouse",
      ])
  }

  @Test func aProgramMaySayWhenItIsReady() async throws {
    // Tells whether a question comes before it is ready.
    func script(waiting seconds: Double) -> String {
      """
      early, _, _ = __import__("select").select([0], [], [], \(seconds))
      say('{"ready": true}')
      for q in questions():
          answer(q["id"], value=str(len(early)))
      """
    }
    let program = try Program(script(waiting: 0.2), section: ["start_timeout: 20s"])
    #expect(await program.ask(1).outcome == .hit("0"))
    #expect(await program.end() == [])
    let eager = try Program(script(waiting: 30))
    #expect(await eager.ask(1).outcome == .hit("1"))
    #expect(await eager.end() == [])
  }

  @Test func aProgramThatDoesNotGetReadyIsGivenUp() async throws {
    let program = try Program(
      "for q in questions():\n    answer(q['id'], miss=True)",
      section: ["start_timeout: 200ms", "restarts: 1"])
    let outcomes = await program.askAll(1...3).map(\.outcome)
    #expect(outcomes == Array(repeating: .failure(.notSent), count: 3))
    #expect(
      await program.end() == [
        "program did not say that it was ready within 0.2 s; it is started again when it is needed "
          + "(1 of 1)",
        "program did not say that it was ready within 0.2 s; it is not asked any more",
      ])
  }

  // MARK: Asking again

  @Test func aLostQuestionIsAskedOnceMoreWhereThatIsAllowed() async throws {
    let script = """
      count = int(open("count").read()) if os.path.exists("count") else 0
      open("count", "w").write(str(count + 1))
      for q in questions():
          if count < CRASHES:
              sys.exit(1)
          answer(q["id"], value=q["idempotency_key"])
      """
    for (crashes, expected) in [(1, 2), (2, 0)] {
      let program = try Program(
        script.replacing("CRASHES", with: "\(crashes)"), section: ["on_unknown: repeat"])
      let answer = await program.ask(Program.question(1, wasSent: true))
      #expect(answer.exchanges == 2)
      if expected == 2 {
        guard case .hit(let key) = answer.outcome else {
          Issue.record("\(answer)")
          continue
        }
        #expect(key.count == 64)
      } else {
        #expect(answer.outcome == .unknown)
      }
      await program.end()
    }
  }

  /// An earlier process of the run may have sent it: nobody knows what became of it.
  @Test func aQuestionThatMayHaveBeenSentIsNotAskedAgain() async throws {
    let program = try Program(ProgramTests.echo)
    #expect(await program.ask(Program.question(1, wasSent: true)).timeless == Answer(.unknown))
    #expect(!FileManager.default.fileExists(atPath: program.folder.path + "/asked"))
    await program.end()
  }

  // MARK: Not there

  @Test func aProgramThatIsNotThereIsNamedBeforeAnythingIsAsked() throws {
    func message(_ body: () throws -> Program) -> String {
      #expect(throws: UserError.self) { try body() }?.description
        .replacing(/\/[^ ]*\/waterfall-test-[^\/]*/, with: "DIR") ?? ""
    }
    #expect(
      message { try Program(run: "[./nobody.py]") }
        == "program.yaml: program cannot be asked: there is no program DIR/nobody.py. Mend “run” in "
        + "the manifest; the path is relative to it.")
    #expect(
      message { try Program(run: "[no-such-program]") }
        == "program.yaml: program cannot be asked: there is no program “no-such-program” in the "
        + "folders of PATH. Install it; or write ./no-such-program for one beside the manifest.")
    #expect(
      message { try Program("", mode: 0o644) }
        == "program.yaml: program cannot be asked: the program DIR/program.py may not be executed. "
        + "Allow it: chmod +x DIR/program.py")
    #expect(message { try Program(run: "[./]") }.contains("there is no program DIR"))
  }

  @Test func whatTheSystemCannotExecuteIsSaid() async throws {
    let program = try Program("")
    try "just text\n".write(
      toFile: program.folder.path + "/program.py", atomically: false, encoding: .utf8)
    let outcomes = await program.askAll(1...3).map(\.outcome)
    #expect(outcomes == Array(repeating: .failure(.notSent), count: 3))
    let notes = await program.end()
    #expect(notes.count == 1 && notes[0].hasPrefix("program could not be started: "))
    #expect(notes.first?.contains("xec format error") == true, "\(notes)")
    #expect(notes.first?.hasSuffix("; it is not asked any more") == true)
  }

  /// Before anything is asked.
  @Test(arguments: [
    ("#!/no/such/interpreter\n", "an interpreter", "/no/such/interpreter. Install it"),
    ("#! /no/such/interpreter -u", "an interpreter", "/no/such/interpreter. Install it"),
    ("#!/usr/bin/env no-such-program\n", "an interpreter", "no-such-program. Install it"),
    ("#!/usr/bin/env -S no-such-program -u\n", "an interpreter", "no-such-program. Install it"),
    ("#!/usr/bin/env -S A=1 /no/such -u\n", "an interpreter", "/no/such. Install it"),
    ("#!/usr/bin/env sh -e\n", "a program called “sh -e”", "Write “env -S”"),
    ("#!/bin/sh\r\nexit\r\n", "lines of Windows", "line ends of Unix"),
  ])
  func aFirstLineThatNamesNobodyIsRefused(head: String, what: String, remedy: String) throws {
    let error = #expect(throws: UserError.self) { try Self.program(head) }
    let words = error?.description ?? ""
    #expect(
      words.hasPrefix("program.yaml: program cannot be asked: the first line of "), "\(words)")
    #expect(words.contains(what) && words.contains(remedy), "\(words)")
  }

  @Test(arguments: [
    "#!/bin/sh\n", "#! /bin/sh -e\n", "#!/usr/bin/env sh\n", "#!/usr/bin/env -S sh -e\n",
    "#!/usr/bin/env -i sh\n", "#!/usr/bin/env\tsh \n", "#!\n", "no script\n", "", "#",
    "#!/bin/sh",
  ])
  func aFirstLineThatNamesSomebodyIsLeftAlone(head: String) throws { try Self.program(head) }

  private static func program(_ text: String) throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let file = folder.path("script")
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
    _ = try Program(run: "[\(file)]")
  }

  @Test func anInterpreterThatIsNotThereIsSaid() async throws {
    let program = try Program("")
    try "#!/no/such/interpreter\n".write(
      toFile: program.folder.path + "/program.py", atomically: false, encoding: .utf8)
    #expect(await program.ask(1).outcome == .failure(.notSent))
    let notes = await program.end()
    #expect(notes.count == 1 && notes[0].hasPrefix("program could not be started: "), "\(notes)")
  }
}
