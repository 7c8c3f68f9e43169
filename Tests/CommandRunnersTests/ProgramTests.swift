import Foundation
import Testing
import WaterfallCore

@testable import CommandRunners
@testable import WaterfallProviders

/// Programs that do what they should.
@Suite struct ProgramTests {
  /// Keeps what it is asked, and answers with the input.
  static let echo = """
    for q in questions():
        with open("asked", "a") as file:
            file.write(json.dumps(q, sort_keys=True) + "\\n")
        if q["do"] == "verify":
            answer(q["id"], verdict=q["value"])
        else:
            answer(q["id"], value=q["inputs"]["email"])
    """

  @Test func aValueIsFound() async throws {
    let program = try Program(Self.echo)
    let answer = await program.ask(7)
    #expect(answer.timeless == Answer(.hit("7@acme.example"), exchanges: 1))
    #expect(answer.latency > 0)
    let key = Program.question(7).idempotencyKey
    #expect(
      try program.read("asked") == """
        {"do": "find", "field": "work_email", "id": "1", "idempotency_key": "\(key)", \
        "inputs": {"email": "7@acme.example"}}

        """)
    #expect(await program.end() == [])
  }

  @Test(arguments: [
    ("valid", Verdict.valid), ("invalid", Verdict(.invalid, .nonexistent)),
    ("catch_all", Verdict(.risky, .catchAll)), ("unknown", Verdict(.unverified, .undetermined)),
  ])
  func aValueIsJudged(word: String, verdict: Verdict) async throws {
    let program = try Program(Self.echo)
    let answer = await program.ask(Program.question(1, candidate: word))
    #expect(answer.timeless == Answer(.hit(word), exchanges: 1, verdict: verdict))
    let asked = try program.read("asked")
    #expect(asked.contains("\"do\": \"verify\"") && asked.contains("\"value\": \"\(word)\""))
    #expect(asked.contains("\"company\": \"Acme\"") && asked.contains("\"email\":"))
    #expect(await program.end() == [])
  }

  @Test func everyKindOfAnswerIsUnderstood() async throws {
    let program = try Program(
      """
      replies = [
          {"value": "a@b.example", "cost": 0.25}, {"miss": True}, {"value": None}, {"value": " "},
          {"value": " é \\u6f22 "}, {"miss": True, "cost": 0.1}, {"failure": "quota", "message": "until May"},
          {"failure": "quota"}, {"failure": "rate_limited"}, {"failure": "credentials"},
          {"failure": "refused"}, {"failure": "unavailable"}, {"value": "x", "confidence": [1, 2]}]
      for q in questions():
          answer(q["id"], **replies[int(q["id"]) - 1])
      """)
    let expected: [Answer] = [
      Answer(.hit("a@b.example"), exchanges: 1, reportedCost: Credits(micro: 250_000)),
      Answer(.miss, exchanges: 1), Answer(.miss, exchanges: 1), Answer(.miss, exchanges: 1),
      Answer(.hit("é 漢"), exchanges: 1),
      Answer(.miss, exchanges: 1, reportedCost: Credits(micro: 100_000)),
      Answer(.failure(.quota), exchanges: 1), Answer(.failure(.quota), exchanges: 1),
      Answer(.failure(.rateLimited), exchanges: 1), Answer(.failure(.credentials), exchanges: 1),
      Answer(.failure(.refused), exchanges: 1), Answer(.failure(.unavailable), exchanges: 1),
      Answer(.hit("x"), exchanges: 1),
    ]
    for (row, answer) in expected.enumerated() {
      #expect(await program.ask(Int64(row)).timeless == answer, "\(row)")
    }
    #expect(
      await program.end() == [
        "program says “quota”: until May", "program says “rate_limited”",
        "program says “credentials”", "program says “refused”", "program says “unavailable”",
      ])
  }

  @Test func answersMayComeInAnyOrder() async throws {
    let program = try Program(
      """
      waiting = []
      for q in questions():
          waiting.append(q)
          if len(waiting) == 8:
              for q in reversed(waiting):
                  answer(q["id"], value=q["inputs"]["email"])
              waiting = []
      """, section: ["in_flight: 8"])
    let answers = await program.askAll(1...64)
    #expect(answers.map(\.outcome) == (1...64).map { .hit("\($0)@acme.example") })
    #expect(await program.end() == [])
  }

  @Test func noMoreAreUnderWayThanTheManifestSays() async throws {
    let program = try Program(
      """
      import select
      pending, rest, most = [], b"", 0
      while True:
          if select.select([0], [], [], 0.02 if pending else None)[0]:
              data = os.read(0, 65536)
              if not data:
                  break
              *lines, rest = (rest + data).split(b"\\n")
              pending += [json.loads(line) for line in lines]
              most = max(most, len(pending))
          else:
              answer(pending.pop(0)["id"], value=str(most))
      """, section: ["in_flight: 3"])
    let answers = await program.askAll(1...40)
    let counts: [Int] = answers.compactMap { answer in
      guard case .hit(let text) = answer.outcome else { return nil }
      return Int(text)
    }
    #expect(counts.count == 40 && counts.max() == 3, "\(counts)")
    #expect(await program.end() == [])
  }

  @Test func aThousandQuestionsAreAnsweredByOneProcess() async throws {
    let program = try Program(Self.echo, section: ["in_flight: 1000"])
    let answers = await program.askAll(1...1000)
    #expect(answers.map(\.outcome) == (1...1000).map { .hit("\($0)@acme.example") })
    #expect(try program.read("asked").split(separator: "\n").count == 1000)
    #expect(await program.end() == [])
  }

  /// Neither side waits for the other: the pipes hold 64 KiB, and here are megabytes under way.
  @Test func largeBurstsDoNotBlock() async throws {
    let program = try Program(
      """
      # Reads nothing before it has written a lot, and writes a lot for each line it reads.
      for i in range(400):
          say("x" * 10000)
      for q in questions():
          say("y" * 20000)
          sys.stderr.write("z" * 5000 + "\\n")
          answer(q["id"], value=q["inputs"]["email"] + "y" * 10000)
      """, section: ["in_flight: 500"])
    let answers = await program.askAll(1...500)
    #expect(
      answers.map(\.outcome)
        == (1...500).map { .hit("\($0)@acme.example" + String(repeating: "y", count: 10_000)) })
    #expect(
      await program.end() == [
        "program printed 900 lines that answer no question: no JSON object"
      ])
  }

  @Test func aProgramFromThePathGetsItsArgumentsAndLittleElse() async throws {
    let code =
      "import os,sys,json;q=json.loads(sys.stdin.readline());"
      + "print(json.dumps({'id':q['id'],'value':json.dumps([sys.argv[1:],sorted(os.environ),"
      + "os.path.basename(os.getcwd())])}),flush=True);sys.stdin.read()"
    let program = try Program(
      run: "[python3, -c, \"\(code)\", --fast, \"a b\"]", section: ["environment: [EXTRA, ABSENT]"],
      variables: [
        "HOME": "/h", "LANG": "C.UTF-8", "TMPDIR": "/tmp", "EXTRA": "1", "OTHER": "2",
        "WATERFALL_KEY_HUNTER": "sk",
      ])
    let folder = program.folder.lastPathComponent
    let names = #"["EXTRA", "HOME", "LANG", "PATH", "TMPDIR"]"#
    guard case .hit(let text) = await program.ask(1).outcome else {
      Issue.record("no answer: \(await program.end())")
      return
    }
    let seen = text.replacing(#", "LC_CTYPE""#, with: "")
    #expect(seen == #"[["--fast", "a b"], \#(names), "\#(folder)"]"#)
    await program.end()
  }

  @Test func theKeyGoesIntoItsVariableAndNowhereElse() async throws {
    let redaction = Redaction()
    let program = try Program(
      """
      key = os.environ["API_KEY"]
      sys.stderr.write("my key is " + key + "\\n")
      for q in questions():
          if q["inputs"]["email"].startswith("9"):
              sys.exit(3)
          answer(q["id"], failure="credentials", message="bad key " + key)
      """, section: ["key: API_KEY", "restarts: 0"],
      key: { provider, _ throws(UserError) in
        let secret = Secret("sk_live_4242", of: provider)
        redaction.add(secret)
        return secret
      }, redaction: redaction)
    #expect(await program.ask(1).outcome == .failure(.credentials))
    #expect(await program.ask(9).outcome == .unknown)
    #expect(await program.ask(10).outcome == .failure(.notSent))
    #expect(
      await program.end() == [
        "program says “credentials”: bad key <key of program>",
        "program ended with status 3 while 1 question was under way; it is not asked any more\n"
          + "  program: my key is <key of program>",
      ])
  }

  @Test func aProgramWhoseKeyIsMissingIsNotStarted() async throws {
    let program = try Program(Self.echo, section: ["key: API_KEY"])
    let answers = await program.askAll(1...3)
    #expect(answers.map(\.outcome) == Array(repeating: .failure(.notSent), count: 3))
    #expect(
      await program.end() == [
        "program could not be started: there is no key; it is not asked any more"
      ])
  }

  @Test func whatASheetHoldsArrivesAsItIs() async throws {
    let program = try Program(Self.echo)
    let texts = [
      "\"quoted\" \\ back", "two\nlines\r\n", "\u{0}\u{1F}\u{7F}", "é漢😀\u{2028}", "</script>",
    ]
    for text in texts {
      var question = Program.question(1)
      question = Question(
        attempt: question.attempt, provider: question.provider, field: question.field,
        inputs: Inputs(names: [.email], values: [text]), key: question.key, keySource: .own)
      guard case .hit(let value) = await program.ask(question).outcome else {
        Issue.record("no answer to \(text.debugDescription)")
        continue
      }
      #expect(value == text.trimmingCharacters(in: .whitespacesAndNewlines), "\(value)")
    }
    #expect(await program.end() == [])
  }

  @Test func aRowWithoutTheInputsIsRefused() async throws {
    let program = try Program(Self.echo)
    let question = Program.question(1)
    let poor = Question(
      attempt: question.attempt, provider: question.provider, field: question.field,
      inputs: Inputs(names: [.company], values: ["Acme"]), key: question.key, keySource: .own)
    #expect(await program.ask(poor).outcome == .failure(.refused))
    #expect(!FileManager.default.fileExists(atPath: program.folder.path + "/asked"))
    await program.end()
  }
}
