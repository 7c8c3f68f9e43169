import Testing
import WaterfallCore

@testable import WaterfallProviders

/// Rules, statuses, words and errors: what is decided before a value counts, and after.
@Suite struct RuleTests {
  typealias Reader = AnswerReaderTests

  static func rule(
    _ status: StatusPattern? = nil, _ condition: String? = nil, _ meaning: ResponseClass
  ) -> ResponseRule {
    ResponseRule(statuses: status.map { [$0] }, condition: condition, meaning: meaning)
  }

  static func kind(_ reading: Reading) -> String {
    switch reading {
    case .hit: "hit"
    case .miss: "miss"
    case .verdict: "verdict"
    case .failed(let reason, _, _): reason.rawValue
    case .pending: "pending"
    case .submitted: "submitted"
    }
  }

  static func kind(_ rules: [ResponseRule], _ body: String, _ status: Int) throws -> String {
    kind(
      try Reader.reader(rules: rules).read(Reader.response(body, status), TemplateValues()))
  }

  static let value = #"{"email": "a", "state": "x"}"#

  @Test(arguments: [
    (200, "hit"), (204, "hit"), (299, "hit"), (300, "refused"), (304, "refused"),
    (400, "refused"), (401, "credentials"), (402, "quota"), (403, "credentials"),
    (404, "refused"), (408, "unavailable"), (409, "refused"), (422, "refused"),
    (429, "rate_limited"), (451, "refused"), (500, "unavailable"), (503, "unavailable"),
    (599, "unavailable"), (600, "refused"), (999, "refused"), (100, "refused"),
  ])
  func aStatusHasAMeaningOfItsOwn(status: Int, kind: String) throws {
    #expect(try Self.kind([], Self.value, status) == kind)
  }

  @Test func theFirstRuleThatFitsCounts() throws {
    let rules = [
      Self.rule(.exactly(404), nil, .miss), Self.rule(nil, #".state == "wait""#, .pending),
      Self.rule(.hundreds(4), #".state == "poor""#, .quota), Self.rule(.hundreds(4), nil, .refused),
      Self.rule(.exactly(500), #".email"#, .hit),
      Self.rule(.hundreds(2), #".state == "slow""#, .rateLimited),
    ]
    func said(_ state: String, _ status: Int) throws -> String {
      try Self.kind(rules, #"{"email": "a", "state": "\#(state)"}"#, status)
    }
    #expect(try said("wait", 404) == "miss")
    #expect(try said("wait", 400) == "pending")
    #expect(try said("wait", 200) == "pending")
    #expect(try said("poor", 403) == "quota")
    #expect(try said("x", 403) == "refused")
    #expect(try said("x", 500) == "hit")
    #expect(try said("slow", 200) == "rate_limited")
    #expect(try said("x", 200) == "hit")
    #expect(try Self.kind(rules, "no json", 500) == "unavailable")
    #expect(try Self.kind(rules, "no json", 403) == "refused")
    #expect(try Self.kind(rules, "no json", 200) == "malformed")
    #expect(try Self.kind(rules, "", 404) == "miss")
  }

  @Test(arguments: ["null", "false", "empty", "error", "error(\"x\")", ".a.b.c[0]", ".state.x"])
  func aConditionThatIsNotSoOrFailsDoesNotFit(condition: String) throws {
    #expect(try Self.kind([Self.rule(nil, condition, .quota)], Self.value, 200) == "hit")
  }

  @Test(arguments: ["true", "0", "\"\"", "[]", ".email", "(true, error)"])
  func anythingElseFits(condition: String) throws {
    #expect(try Self.kind([Self.rule(nil, condition, .quota)], Self.value, 200) == "quota")
  }

  /// Each condition is its own: one that fails moves no other.
  @Test func conditionsDoNotShift() throws {
    let rules = [
      Self.rule(nil, "error", .quota), Self.rule(nil, "empty", .refused),
      Self.rule(nil, "true, true", .miss), Self.rule(nil, "true", .pending),
    ]
    #expect(try Self.kind(rules, Self.value, 200) == "miss")
  }

  // MARK: Errors beside a good status

  @Test(arguments: [
    #"{"error": "no credits"}"#, #"{"errors": [{"code": 1}]}"#, #"{"error": {"a": 1}}"#,
    #"{"error": true}"#, #"{"error": 1, "email": null}"#, #"{"error": null, "errors": ["x"]}"#,
    #"{"error": false, "errors": "x", "email": ""}"#,
  ])
  func anErrorWithoutAValueIsMalformed(body: String) throws {
    #expect(try Self.kind([], body, 200) == "malformed")
    // A rule that says what it is decides.
    #expect(try Self.kind([Self.rule(.exactly(200), nil, .hit)], body, 200) == "miss")
    #expect(
      try Self.kind([Self.rule(.exactly(200), ".error // .errors", .miss)], body, 200) == "miss")
  }

  @Test(arguments: [
    #"{"error": null}"#, #"{"error": false}"#, #"{"error": ""}"#, #"{"errors": []}"#,
    #"{"errors": {}}"#, #"{"error": 0}"#, #"{"data": {"error": "x"}}"#,
  ])
  func anErrorThatSaysNothingIsNone(body: String) throws {
    #expect(try Self.kind([], body, 200) == "miss")
  }

  // MARK: Misses

  /// With `miss`, an answer without a value is one only where it looks like one.
  @Test(arguments: [
    (#"{"data": {"email": null}}"#, "miss"), (#"{"data": null}"#, "miss"),
    (#"{"data": {"email": "a"}}"#, "hit"), ("{}", "malformed"), ("null", "malformed"),
    (#"{"message": "Invalid API key"}"#, "malformed"), (#"{"errors": []}"#, "malformed"),
  ])
  func aMissLooksLikeOne(body: String, kind: String) throws {
    func said(_ miss: String?, _ rules: [ResponseRule] = []) throws -> String {
      Self.kind(
        try Reader.reader(value: ".data.email", miss: miss, rules: rules)
          .read(Reader.response(body), TemplateValues()))
    }
    #expect(try said(#"has("data")"#) == kind)
    #expect(try said(#"has("data")"#, [Self.rule(.hundreds(2), nil, .hit)]) == kind)
    #expect(try said(#"has("data")"#, [Self.rule(.hundreds(2), "true", .miss)]) == "miss")
    #expect(try said(nil) == (kind == "hit" ? "hit" : "miss"))
  }

  @Test(arguments: ["null", "false", "empty", "error", ".a.b.c[0].d | keys"])
  func whatDoesNotFitIsNoMiss(miss: String) throws {
    let reader = try Reader.reader(miss: miss)
    #expect(Self.kind(reader.read(Reader.response("{}"), TemplateValues())) == "malformed")
    #expect(reader.read(Reader.response(Self.value), TemplateValues()) == Reader.hit("a"))
  }

  /// Each answer of a batch by itself.
  @Test func anAnswerOfABatchIsAMissWhereItLooksLikeOne() throws {
    let batch = BatchPlan(
      most: 2, wait: .seconds(1),
      request: RequestTemplate(
        inputs: nil, method: "POST", target: Template(parts: [.text("/")]), isAbsolute: false,
        query: [], headers: [], body: nil),
      item: .literal("null"), items: ".all", reference: nil)
    let operation = HTTPOperation(
      requests: [], rules: [], value: ".email", miss: #"has("email")"#, verdict: nil,
      confidence: nil, cost: nil, onUnknown: .void, poll: nil, again: nil, batch: batch)
    let reader = try BatchReader(operation, batch)
    func read(_ body: String) -> [String] {
      reader.read(Reader.response(body), count: 3, TemplateValues()).map { Self.kind($0) }
    }
    #expect(
      read(#"{"all": [{"email": "a"}, {"email": null}, {"message": "x"}]}"#)
        == ["hit", "miss", "malformed"])
    #expect(read(#"{"message": "Invalid key"}"#) == Array(repeating: "malformed", count: 3))
  }

  @Test func anErrorBesideAValueIsLeftAlone() throws {
    #expect(try Self.kind([], #"{"error": "partial", "email": "a"}"#, 200) == "hit")
  }

  // MARK: Words

  static func judge(_ body: String, otherwise: VerdictWord? = nil) throws -> Reading {
    let map = VerdictMap(
      of: ".result",
      words: ["ok": .valid, "1": .invalid, "true": .risky, "all": .catchAll, "1.5": .landline],
      otherwise: otherwise)
    return try Reader.reader(value: nil, verdict: map)
      .read(Reader.response(body), TemplateValues())
  }

  @Test(arguments: [
    ("\"ok\"", VerdictWord.valid), ("1", .invalid), ("1.0", .invalid), ("\"1\"", .invalid),
    ("true", .risky), ("\"all\"", .catchAll), ("1.5", .landline),
  ])
  func wordsAreTextsNumbersOrFlags(word: String, verdict: VerdictWord) throws {
    let body = #"{"result": \#(word)}"#
    #expect(try Self.judge(body) == .verdict(verdict.verdict, cost: nil))
  }

  @Test(arguments: ["\"OK\"", "\" ok\"", "2", "false", "\"\""])
  func otherWordsNeedAnOtherwise(word: String) throws {
    let body = #"{"result": \#(word)}"#
    #expect(try Self.kind(Self.judge(body)) == "malformed")
    #expect(
      try Self.judge(body, otherwise: .unknown)
        == .verdict(VerdictWord.unknown.verdict, cost: nil))
  }

  /// It may be an error: `otherwise` is for words that are not known, not for none.
  @Test(arguments: [
    "{}", #"{"result": null}"#, #"{"result": []}"#, #"{"result": {}}"#, #"{"error": "x"}"#,
    #"{"message": "Invalid API key"}"#,
  ])
  func noWordIsNoVerdict(body: String) throws {
    #expect(try Self.kind(Self.judge(body, otherwise: .unknown)) == "malformed")
    #expect(try Self.kind(Self.judge(body)) == "malformed")
  }

  @Test func anAnswerWithoutAWordShowsTheProvidersOwn() throws {
    let body = #"{"message": "Invalid API key"}"#
    #expect(
      Self.note(try Self.judge(body, otherwise: .unknown))
        == "the answer has no verdict: “Invalid API key”")
    let reader = try Reader.reader(miss: #"has("email")"#)
    #expect(
      Self.note(reader.read(Reader.response(body), TemplateValues()))
        == "it is neither a value nor a miss as the manifest knows it: “Invalid API key”")
  }

  /// A value is an answer without a word, too; what is not said of it is not taken for good.
  @Test(arguments: [#"{"email": "a"}"#, #"{"email": "a", "state": null}"#])
  func aValueWithoutAWordIsWhatOtherwiseSays(body: String) throws {
    for otherwise in [nil, VerdictWord.unknown] {
      let map = VerdictMap(of: ".state", words: ["sure": .valid], otherwise: otherwise)
      #expect(
        try Reader.reader(verdict: map).read(Reader.response(body), TemplateValues())
          == .hit(value: "a", claim: otherwise?.verdict, cost: nil, confidence: nil))
    }
  }

  /// A finder's own word goes along with its value; one that is not known is none.
  @Test func aFindersWordIsAClaim() throws {
    let map = VerdictMap(of: ".state", words: ["sure": .valid], otherwise: nil)
    let reader = try Reader.reader(verdict: map)
    let read = { reader.read(Reader.response($0), TemplateValues()) }
    #expect(
      read(#"{"email": "a", "state": "sure"}"#)
        == .hit(value: "a", claim: .valid, cost: nil, confidence: nil))
    #expect(read(#"{"email": "a", "state": "odd"}"#) == Reader.hit("a"))
    #expect(read(#"{"email": null, "state": "sure"}"#) == .miss(cost: nil))
  }

  private static func note(_ reading: Reading) -> String {
    if case .failed(_, let note, _) = reading { note } else { "\(reading)" }
  }

  /// What a provider says comes short, in one line, without what cannot be seen.
  @Test func wordsOfProvidersAreShown() throws {
    #expect(
      Self.note(try Self.judge(#"{"result": "a\n \u001b[31mb"}"#))
        == "the verdict “a \u{FFFD}[31mb” is none that the manifest knows")
    let long = String(repeating: "x", count: 5_000)
    #expect(
      Self.note(try Self.judge(#"{"result": "\#(long)"}"#))
        == "the verdict is none that the manifest knows")
  }

  /// jq shows what it could not read; a note does not.
  @Test func valuesOfCellsStayOutOfNotes() throws {
    let secret = "ada@analytical.example"
    for value in [".email | tonumber", ".email[]", ".email + 1", ".email | keys"] {
      let note = Self.note(
        try Reader.reader(value: value)
          .read(Reader.response(#"{"email": "\#(secret)"}"#), TemplateValues()))
      #expect(note.hasPrefix("jq: ") && !note.contains("ada"), "\(note)")
    }
  }
}
