import Testing
import WaterfallCore

@testable import WaterfallProviders

/// What bundled manifests read in answers whose every word costs something: which verdict it is,
/// what was paid for it, and whether it is an answer at all. That the fixtures are read as their
/// names say is told by the conformance suite.
@Suite struct BundledAnswerTests {
  private static func sample(_ id: String) throws -> SampleDialect {
    try #require(SampleDialect.all.first { $0.manifest.file == "providers/\(id).yaml" })
  }

  private static func operation(
    _ id: String, _ role: AttemptID.Role, _ field: Field
  ) throws -> HTTPOperation {
    try #require(try sample(id).section.operation(role, field))
  }

  /// The answer itself: that to a poll, where there are polls.
  private static func answer(
    _ id: String, _ role: AttemptID.Role, _ field: Field, _ body: String, _ status: Int = 200,
    inputs: [InputName] = []
  ) throws -> Reading {
    let operation = try operation(id, role, field)
    let reader = try AnswerReader(operation, rules: operation.poll?.rules ?? operation.rules)
    return reader.read(
      AnswerReaderTests.response(body, status),
      TemplateValues(SampleValues.inputs(inputs), using: inputs))
  }

  // MARK: Verdicts

  /// A doubtful address is charged and may be accepted; what a verifier cannot tell is neither.
  @Test(arguments: [
    (
      "bouncer", #"{"status": "risky", "domain": {"acceptAll": "no"}}"#,
      Verdict(.risky, .undetermined)
    ),
    (
      "bouncer", #"{"status": "risky", "domain": {"acceptAll": "yes"}}"#, Verdict(.risky, .catchAll)
    ),
    ("bouncer", #"{"status": "unknown"}"#, Verdict(.unverified, .undetermined)),
    ("emailable", #"{"state": "risky"}"#, Verdict(.risky, .undetermined)),
    ("emailable", #"{"state": "unknown"}"#, Verdict(.unverified, .undetermined)),
    ("debounce", #"{"debounce": {"code": "8"}, "success": "1"}"#, Verdict(.risky, .undetermined)),
    (
      "debounce", #"{"debounce": {"code": "7"}, "success": "1"}"#,
      Verdict(.unverified, .undetermined)
    ),
    ("anymailfinder", #"{"email_status": "risky"}"#, Verdict(.risky, .undetermined)),
  ])
  func verifiersTellDoubtFromIgnorance(id: String, body: String, verdict: Verdict) throws {
    let reading = try Self.answer(id, .verifier, .workEmail, body)
    #expect(reading == .verdict(verdict, cost: nil))
    let offer = try #require(try Self.sample(id).manifest.verifies[.workEmail])
    #expect(offer.charges(verdict) == (verdict.kind == .risky))
  }

  @Test(arguments: [
    (
      "apollo", #"{"person": {"email": "a", "email_status": "extrapolated"}}"#,
      Verdict(.risky, .undetermined)
    ),
    (
      "apollo", #"{"person": {"email": "a", "email_status": "unverified"}}"#,
      Verdict(.unverified, .undetermined)
    ),
    (
      "dropcontact", #"{"data": [{"email": [{"email": "a", "qualification": "random@pro"}]}]}"#,
      Verdict(.risky, .undetermined)
    ),
    (
      "dropcontact", #"{"data": [{"email": [{"email": "a", "qualification": "catch_all@pro"}]}]}"#,
      Verdict(.risky, .catchAll)
    ),
    (
      "dropcontact",
      #"{"data": [{"email": [{"email": "a", "qualification": "non_confirm@pro"}]}]}"#,
      Verdict(.unverified, .undetermined)
    ),
    ("anymailfinder", #"{"email": "a", "email_status": "risky"}"#, Verdict(.risky, .undetermined)),
  ])
  func findersTellDoubtFromIgnorance(id: String, body: String, verdict: Verdict) throws {
    guard case .hit("a", verdict, _, _) = try Self.answer(id, .finder, .workEmail, body) else {
      Issue.record("\(try Self.answer(id, .finder, .workEmail, body))")
      return
    }
  }

  // MARK: Costs

  /// Its credit is for an address: it comes back with a profile alone, unless an address was sent.
  @Test(arguments: [
    (#""email": []"#, [InputName.fullName, .domain], 0),
    (#""email": null"#, [.fullName, .domain], 0),
    (#""email": [{"email": "b", "qualification": "nominative@pro"}]"#, [.fullName, .domain], 1),
    (#""email": []"#, [.email], 1),
  ])
  func aProfileFromDropcontact(email: String, inputs: [InputName], cost: Int64) throws {
    let body = #"{"success": true, "error": false, "data": [{"linkedin": "a", \#(email)}]}"#
    let reading = try Self.answer("dropcontact", .finder, .linkedinURL, body, inputs: inputs)
    #expect(reading == AnswerReaderTests.hit("a", cost * 1_000_000))
  }

  /// The number's own credits and the record's one, and never more than the price.
  @Test(
    arguments: [
      (#""credits_consumed": 8, "#, 9), (#""credits_consumed": 0, "#, 1),
      (#""credits_consumed": 9, "#, 9), ("", nil), (#""credits_consumed": null, "#, nil),
    ] as [(String, Int64?)])
  func aNumberFromApollo(consumed: String, cost: Int64?) throws {
    let body = """
      {"webhook_result": {\(consumed)"people": [
        {"phone_numbers": [{"sanitized_number": "+1", "type_cd": "mobile"}]}]}}
      """
    let reading = try Self.answer("apollo", .finder, .mobilePhone, body)
    #expect(reading == AnswerReaderTests.hit("+1", cost.map { $0 * 1_000_000 }))
  }

  // MARK: Answers and failures

  /// A number counts only where it is called mobile, in the first answer as in a later one; without
  /// one, a first answer is over where nothing follows it.
  @Test(arguments: [
    (#"{"person": {"contact": {"phone_numbers": [\#(hq), \#(mobile)]}}}"#, "hit"),
    (#"{"person": {"contact": {"phone_numbers": [\#(hq)]}}}"#, "miss"),
    (#"{"person": {"contact": {"phone_numbers": [{"sanitized_number": "+3"}]}}}"#, "miss"),
    (#"{"person": {"contact": {"phone_numbers": null}}}"#, "miss"),
    (#"{"person": {"contact": null}}"#, "miss"), (#"{"person": null}"#, "miss"),
    (#"{"person": {"contact": {"phone_numbers": [\#(hq)]}}, "request_id": "7"}"#, "submitted"),
    (#"{"person": {}, "request_id": "7"}"#, "submitted"), (#"{"message": "a"}"#, "malformed"),
  ])
  func apolloAnswersASubmission(body: String, kind: String) throws {
    let operation = try Self.operation("apollo", .finder, .mobilePhone)
    let reader = try AnswerReader(operation, rules: operation.rules, job: operation.poll?.job)
    let reading = reader.read(AnswerReaderTests.response(body), TemplateValues())
    #expect(RuleTests.kind(reading) == kind)
    if kind == "hit" { #expect(reading == AnswerReaderTests.hit("+2")) }
  }

  private static let hq = #"{"sanitized_number": "+1", "type": "work_hq"}"#
  private static let mobile = #"{"sanitized_number": "+2", "type": "mobile"}"#

  @Test(arguments: [
    // The search is over, and no later reading changes that.
    (
      "icypeas", Field.workEmail, #"{"success": true, "items": [{"status": "ABORTED"}]}"#, 200,
      "refused"
    ),
    ("millionverifier", .workEmail, "Forbidden", 403, "refused"),
    (
      "debounce", .workEmail, #"{"success": "0", "debounce": {"error": "Daily limit"}}"#, 200,
      "quota"
    ),
    (
      "debounce", .workEmail, #"{"success": "0", "debounce": {"error": "Daily limit"}}"#, 429,
      "quota"
    ),
    (
      "debounce", .workEmail, #"{"success": "0", "debounce": {"error": "Limit reached"}}"#, 200,
      "rate_limited"
    ),
    (
      "debounce", .workEmail, #"{"success": "0", "debounce": {"error": "No email"}}"#, 200,
      "refused"
    ),
  ])
  func aFailureIsWhatItSays(
    id: String, field: Field, body: String, status: Int, kind: String
  ) throws {
    #expect(RuleTests.kind(try Self.answer(id, .verifier, field, body, status)) == kind)
  }

  /// A status that looks like success, and an error in the body.
  @Test(
    arguments: [
      ("abstract_company", [AttemptID.Role.finder], [Field.companySize]),
      ("apollo", [.finder], [.workEmail, .mobilePhone, .jobTitle, .linkedinURL]),
      ("bettercontact", [.finder], [.workEmail, .mobilePhone]),
      ("bouncer", [.verifier], [.workEmail]),
      ("clearbit", [.finder], [.companySize]),
      ("contactout", [.finder], [.workEmail, .mobilePhone]),
      ("datagma", [.finder], [.workEmail, .jobTitle, .companySize]),
      ("disify", [.verifier], [.workEmail]),
      ("dropcontact", [.finder], [.workEmail, .linkedinURL]),
      ("emailable", [.verifier], [.workEmail]),
      ("enrichlayer", [.finder], [.workEmail, .linkedinURL, .jobTitle]),
      ("enrow", [.finder, .verifier], [.workEmail]), ("enrow", [.finder], [.mobilePhone]),
      ("google_doh", [.verifier], [.companyDomain]),
      ("icypeas", [.finder, .verifier], [.workEmail]),
      ("kaspr", [.finder], [.workEmail, .mobilePhone]),
      ("lusha", [.finder], [.workEmail, .mobilePhone]), ("numverify", [.verifier], [.mobilePhone]),
      ("rdap", [.verifier], [.companyDomain]),
      ("wiza", [.finder], [.workEmail, .mobilePhone, .jobTitle, .linkedinURL, .companyDomain]),
    ] as [(String, [AttemptID.Role], [Field])])
  func anErrorIsNoAnswer(id: String, roles: [AttemptID.Role], fields: [Field]) throws {
    for role in roles {
      for field in fields {
        for body in [
          "{}", #"{"message": "Invalid API key"}"#, #"{"errors": []}"#,
          #"{"code": 401, "description": "Invalid API key"}"#,
          #"{"status": 429, "error": "Too Many Requests", "message": "Slow down"}"#,
        ] {
          let kind = RuleTests.kind(try Self.answer(id, role, field, body))
          #expect(kind == "malformed", "\(role) \(field) \(body)")
        }
      }
    }
  }

  // MARK: Questions

  /// Inputs that go where their name does not say.
  @Test(arguments: [
    ("hunter", Field.workEmail, [InputName.linkedinURL], "linkedin_handle=ada-lovelace-example"),
    ("findymail", .workEmail, [.fullName, .company], #""domain":"Analytical Engines""#),
    ("tomba", .workEmail, [.linkedinURL], "/linkedin?url=https"),
    ("tomba", .mobilePhone, [.linkedinURL], "/phone-finder?linkedin=https"),
    ("kaspr", .workEmail, [.linkedinURL, .fullName], #""id":"ada-lovelace-example""#),
    ("pdl", .mobilePhone, [.fullName, .domain], #""company":["analytical.example"]"#),
    ("prospeo", .mobilePhone, [.fullName, .company], #""company_name":"Analytical Engines""#),
  ])
  func aQuestionIsPutInTheProvidersWords(
    id: String, field: Field, set: [InputName], words: String
  ) throws {
    let request = try #require(
      try Self.sample(id).request(
        SandboxOperation(.finder, field), SampleValues.inputs(set), candidate: nil, row: nil))
    let text = request.url + String(decoding: request.body ?? [], as: UTF8.self)
    #expect(text.contains(words), "\(text)")
  }
}
