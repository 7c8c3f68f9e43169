import Testing
import WaterfallCore

@testable import WaterfallProviders

/// What responses say, by a manifest's rules and expressions.
@Suite struct AnswerReaderTests {
  static func reader(
    value: String? = ".email", miss: String? = nil, verdict: VerdictMap? = nil,
    cost: String? = nil, job: String? = nil, rules: [ResponseRule] = [],
    redaction: Redaction = Redaction()
  ) throws -> AnswerReader {
    let operation = HTTPOperation(
      requests: [], rules: rules, value: value, miss: miss, verdict: verdict, confidence: nil,
      cost: cost, onUnknown: .void, poll: nil, again: nil, batch: nil)
    return try AnswerReader(operation, rules: rules, job: job, redaction: redaction)
  }

  static func response(
    _ body: String, _ status: Int = 200, _ headers: [HTTPHeader] = []
  ) -> HTTPResponse {
    HTTPResponse(status: status, headers: headers, body: Array(body.utf8))
  }

  static func hit(_ value: String, _ cost: Int64? = nil) -> Reading {
    .hit(value: value, claim: nil, cost: cost.map { Credits(micro: $0) }, confidence: nil)
  }

  static func isMalformed(_ reading: Reading) -> Bool {
    if case .failed(.malformed, _, _) = reading { true } else { false }
  }

  // MARK: Errors in bodies

  private static func note(_ body: String, rule: String? = ".success == false") throws -> String {
    let rules = rule.map { [ResponseRule(statuses: nil, condition: $0, meaning: .refused)] } ?? []
    let reading = try reader(rules: rules).read(response(body), TemplateValues())
    guard case .failed(_, let note, _) = reading else { return "\(reading)" }
    return note
  }

  @Test(arguments: [
    (#""error": "No such domain""#, "No such domain"),
    (#""message": "No such domain""#, "No such domain"),
    (#""errors": [{"code": 7, "detail": "No such domain"}]"#, "No such domain"),
    (#""error": {"type": "bad", "message": " No\n such\tdomain "}"#, "No such domain"),
    (#""error": "", "errors": [], "message": "Late""#, "Late"),
    (#""error": {"code": 17}"#, "17"),
    (#""error": "a\u0007b \u202e\u200b""#, "a\u{FFFD}b \u{FFFD}\u{FFFD}"),
  ])
  func aRuleOnTheBodyShowsTheProvidersWords(members: String, words: String) throws {
    let body = #"{"success": false, \#(members)}"#
    #expect(try Self.note(body) == "it answered with status 200: “\(words)”")
  }

  @Test func withoutWordsOnlyTheStatusIsSaid() throws {
    for body in [
      #"{"success": false}"#, #"{"success": false, "error": true, "data": "x"}"#,
      #"{"success": false, "error": " "}"#, #"{"success": false, "error": 5}"#,
    ] {
      #expect(try Self.note(body) == "it answered with status 200")
    }
    #expect(
      try Self.note(#"{"error": "Too many"}"#, rule: nil)
        == "it answered with an error and status 200: “Too many”")
  }

  /// An answer to a submission that is none shows the provider's words, as any other does: without
  /// the key.
  @Test(arguments: ["error", "message"])
  func aSubmissionShowsTheProvidersWords(member: String) throws {
    let redaction = Redaction()
    redaction.add(Secret("sk_live_0123456789", of: ProviderID("alpha")))
    let reading = try Self.reader(job: ".id", redaction: redaction).read(
      Self.response(#"{"\#(member)": "No credits: sk_live_0123456789"}"#),
      TemplateValues())
    #expect(
      reading
        == .failed(
          .malformed,
          note: "it names neither a job nor an answer: “No credits: <key of alpha>”"))
  }

  /// Between words, so that a key is there as a whole or not at all.
  @Test func longWordsAreCutBetweenWords() throws {
    let key = "sk_live_0123456789"
    for length in 80...140 {
      let filler = String(repeating: "word ", count: length / 5) + String(repeating: "x", count: 9)
      let body = #"{"success": false, "error": "\#(filler) \#(key) and more and more"}"#
      let note = try Self.note(body)
      #expect(note.count <= 120 + "it answered with status 200: “ …”".count)
      let shown = note.split { " “”".contains($0) }.filter { $0.hasPrefix("sk") }
      #expect(shown.allSatisfy { $0 == key }, "\(note)")
    }
    let long = String(repeating: "x", count: 121)
    #expect(
      try Self.note(#"{"success": false, "error": "\#(long)"}"#) == "it answered with status 200")
  }

  // MARK: Values

  @Test(arguments: [
    (#"{"email": "a@b.example"}"#, hit("a@b.example")),
    (#"{"email": "  a@b.example\n"}"#, hit("a@b.example")),
    (#"{"email": 5}"#, hit("5")), (#"{"email": -2.5}"#, hit("-2.5")),
    (#"{"email": 0}"#, hit("0")), (#"{"email": "é😀"}"#, hit("é😀")),
    (#"{"email": 123456789012345}"#, hit("123456789012345")),
    (#"{"email": 9007199254740993}"#, hit("9007199254740993")),
    (#"{"email": -12345678901234567890123}"#, hit("-12345678901234567890123")),
    (#"{"email": null}"#, .miss(cost: nil)), (#"{"email": false}"#, .miss(cost: nil)),
    (#"{"email": ""}"#, .miss(cost: nil)), (#"{"email": " \t"}"#, .miss(cost: nil)),
    ("{}", .miss(cost: nil)), ("null", .miss(cost: nil)),
  ])
  func aValueIsATextOrANumber(body: String, reading: Reading) throws {
    #expect(try Self.reader().read(Self.response(body), TemplateValues()) == reading)
  }

  @Test(arguments: [
    #"{"email": true}"#, #"{"email": []}"#, #"{"email": ["a"]}"#, #"{"email": {}}"#,
    // An error of jq: what is no object has no members.
    "[]", "5", "\"text\"",
    "", " ", "\n", "<html>", "{", #"{"email": "a"} {"email": "b"}"#, "{'email': 1}", "\0",
    String(repeating: "[", count: 300) + String(repeating: "]", count: 300),
  ])
  func whatIsNoValueIsMalformed(body: String) throws {
    let reading = try Self.reader().read(Self.response(body), TemplateValues())
    #expect(Self.isMalformed(reading), "\(reading)")
  }

  @Test(arguments: ["nan", "infinite", "-infinite", "error", "error(null) | error(\"x\")", "[.]"])
  func whatIsNoNumberOrFailsIsNoValue(value: String) throws {
    let reading = try Self.reader(value: value)
      .read(Self.response(#"{"email": "a"}"#), TemplateValues())
    let isNothing = reading == .miss(cost: nil)
    #expect(Self.isMalformed(reading) || (isNothing && value.contains("null")), "\(reading)")
  }

  @Test(arguments: [".email, .b", "empty", "(.email, error)", ".email # why\n", "1 as $x | .email"])
  func onlyTheFirstResultCounts(value: String) throws {
    let reading = try Self.reader(value: value)
      .read(Self.response(#"{"email": "a", "b": "b"}"#), TemplateValues())
    #expect(reading == (value == "empty" ? .miss(cost: nil) : Self.hit("a")))
  }

  @Test func whatIsKnownBesideTheBody() throws {
    var values = TemplateValues()
    values["domain"] = "d\"é"
    let reader = try Self.reader(value: #""\($status) \($headers["x-a"]) \($inputs.domain)""#)
    let response = Self.response("{}", 203, [HTTPHeader("x-a", "1"), HTTPHeader("x-b", "2")])
    #expect(reader.read(response, values) == Self.hit("203 1 d\"é"))
  }

  // MARK: Costs

  @Test(arguments: [
    ("1", Int64(1_000_000)), ("0", 0), ("0.25", 250_000), ("0.1234567", 123_457),
    ("-1", nil), ("null", nil), ("\"1\"", nil), ("[]", nil), ("1e9", nil), ("1e300", nil),
    ("12345678901234567890", nil),
  ])
  func aCostIsANumberFromZeroOn(cost: String, micro: Int64?) throws {
    let reader = try Self.reader(cost: ".cost")
    let body = #"{"email": "a", "cost": \#(cost)}"#
    #expect(reader.read(Self.response(body), TemplateValues()) == Self.hit("a", micro))
    let miss = reader.read(Self.response(#"{"cost": \#(cost)}"#), TemplateValues())
    #expect(miss == .miss(cost: micro.map { Credits(micro: $0) }))
  }

  @Test(arguments: ["nan", "error", "infinite", ".x.y.z[0]", "empty"])
  func aCostThatFailsIsNone(cost: String) throws {
    let reading = try Self.reader(cost: cost)
      .read(Self.response(#"{"email": "a"}"#), TemplateValues())
    #expect(reading == Self.hit("a"))
  }

  // MARK: Jobs

  @Test func aJobComesFirst() throws {
    let reader = try Self.reader(job: ".id")
    let read = { reader.read(Self.response($0), TemplateValues()) }
    #expect(read(#"{"id": 12, "email": "a"}"#) == .submitted(job: "12"))
    #expect(read(#"{"id": 12345678901234567890}"#) == .submitted(job: "12345678901234567890"))
    #expect(read(#"{"id": "", "email": "a"}"#) == Self.hit("a"))
    #expect(read(#"{"id": null, "email": "a"}"#) == Self.hit("a"))
    #expect(read(#"{"id": {}, "email": "a"}"#) == Self.hit("a"))
  }

  @Test func anExpressionThatIsNoProgramIsRefused() {
    for value in [".a |", "(", ".a)", "\"", "nosuchfunction", "$nosuch", "if . then"] {
      #expect(throws: JQProgram.Failure.self, "\(value)") { try Self.reader(value: value) }
    }
  }

  @Test func manyThreadsReadAtOnce() async throws {
    let reader = try Self.reader(value: ".a | map(.b) | add")
    let right = await withTaskGroup(of: Int.self) { group in
      for task in 0..<8 {
        group.addTask {
          (0..<50).count { number in
            let body = #"{"a": [{"b": \#(task)}, {"b": \#(number)}]}"#
            return reader.read(Self.response(body), TemplateValues())
              == Self.hit("\(task + number)")
          }
        }
      }
      return await group.reduce(0, +)
    }
    #expect(right == 400)
  }
}
