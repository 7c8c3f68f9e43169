import Testing
import WaterfallCore

@testable import WaterfallProviders

/// Texts with holes, their filters, and what is left out where a value is missing.
@Suite struct TemplateTests {
  static func values(_ pairs: [(String, String)]) -> TemplateValues {
    var values = TemplateValues()
    for (name, value) in pairs { values[name] = value }
    return values
  }

  static func render(_ text: String, _ pairs: (String, String)...) throws -> String? {
    try Template(parsing: text).render(values(pairs))
  }

  @Test(arguments: [
    ("", ""), ("plain", "plain"), ("{a}", "1"), ("x{a}y{b}z", "x1y2z"), ("{{a}}", "{a}"),
    ("{{{a}}}", "{1}"), ("{a}{a}", "11"), ("}}{{", "}{"), ("{a}}}", "1}"),
  ])
  func holesAreFilled(text: String, result: String) throws {
    #expect(try Self.render(text, ("a", "1"), ("b", "2")) == result)
  }

  /// What a value holds is not read as a template.
  @Test func valuesAreNotTemplates() throws {
    #expect(try Self.render("{a}", ("a", "{b}"), ("b", "2")) == "{b}")
  }

  @Test(arguments: [
    "{", "}", "{a", "a}", "{a}}", "{}", "{ a }", "{a|}", "{a|upper}", "{a|b|c}",
    "{A}", "{a-b}", "{a|lower|lower}", "{{a}", "{a..b}",
  ])
  func whatIsNoneIsRefused(text: String) {
    #expect(throws: Template.SyntaxError.self) { try Template(parsing: text) }
  }

  @Test func aMissingValueIsNoText() throws {
    #expect(try Self.render("x{a}", ("b", "1")) == nil)
    #expect(try Self.render("x{a|lower}", ("b", "1")) == nil)
  }

  @Test(arguments: [
    ("slug", "https://www.linkedin.com/in/ada-lovelace/?x=1", "ada-lovelace"),
    ("slug", "linkedin.com/company/acme#about", "acme"),
    ("slug", "https://linkedin.com/school/mit/people/", "mit"),
    ("slug", "https://uk.linkedin.com/pub/ada/1/2/3", "ada"),
    ("slug", "https://www.linkedin.com/in/andr%C3%A9-martin", "andré-martin"),
    ("slug", "https://www.linkedin.com/in/100%-ada", "100%-ada"),
    ("slug", "https://linkedin.com/in/", "https://linkedin.com/in/"),
    ("slug", "ada-lovelace", "ada-lovelace"),
    ("sha256", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ("sha256", " ABC ", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ("digits", "+44 (7700) 900-123", "447700900123"), ("digits", "٣1²", "1"),
    ("lower", "ÄCME.Example", "äcme.example"),
  ])
  func filtersChangeAValue(filter: String, value: String, result: String) throws {
    #expect(try Self.render("{a|\(filter)}", ("a", value)) == result)
  }

  /// A phone number without digits is none, rather than an empty one.
  @Test func aFilterThatLeavesNothingLeavesNoValue() throws {
    #expect(try Self.render("/phone/{a|digits}", ("a", "n/a")) == nil)
  }

  /// What a filter yields is encoded like any other value.
  @Test func filteredValuesAreEncoded() throws {
    let template = try Template(parsing: "/x/{a|slug}")
    let values = Self.values([("a", "https://linkedin.com/in/a&b c")])
    #expect(template.render(values, encode: TextEncoding.percent) == "/x/a%26b%20c")
  }

  // MARK: What is left out

  static func json(_ template: JSONTemplate, _ pairs: (String, String)...) -> String? {
    var bytes: [UInt8] = []
    guard template.append(values(pairs), to: &bytes) else {
      #expect(bytes.isEmpty)
      return nil
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func membersWithoutAValueAreLeftOut() throws {
    let hole = { (name: String) in try JSONTemplate.string(Template(parsing: "{\(name)}")) }
    let document = try JSONTemplate.object([
      .init(name: "first", value: hole("a")),
      .init(name: "list", value: .list([hole("a"), hole("b"), .list([hole("a")])])),
      .init(name: "empty", value: .object([.init(name: "x", value: hole("b"))])),
      .init(name: "last", value: .literal("1")), .init(name: "none", value: .list([])),
    ])
    #expect(
      Self.json(document, ("a", "A"), ("b", "B"))
        == #"{"first":"A","list":["A","B",["A"]],"empty":{"x":"B"},"last":1,"none":[]}"#)
    #expect(
      Self.json(document, ("b", "B"))
        == #"{"list":["B"],"empty":{"x":"B"},"last":1,"none":[]}"#)
    #expect(Self.json(document) == #"{"last":1,"none":[]}"#)
    #expect(try Self.json(.object([.init(name: "x", value: hole("a"))])) == nil)
  }

  @Test func aParameterOrHeaderWithoutAValueIsLeftOut() throws {
    // `first_name` is known to the manifest and, in the second set, to no row.
    let manifest = Desk.manifest(
      http: "",
      operation: """
        request:
          path: /find
          query: {q: "{first_name}", d: "{domain}", s: "{domain|digits}"}
          headers: {X-First: "{first_name}", X-Domain: "{domain}"}
        value: .email
        """
    ).replacing("[[first_name, domain]]", with: "[[domain]]", maxReplacements: 1)
      .replacing("{first_name}", with: "{full_name}")
      .replacing("[[domain]]", with: "[[full_name, domain], [domain]]")
      .replacing("{path: /title, query: {q: \"{full_name}\"}}", with: "{path: /title}")
    let desk = try Desk(manifest, ScriptedTransport([RetryTests.hit]))
    desk.ask(1)
    desk.transport.finish()
    let request = try #require(desk.transport.requests.first)
    #expect(request.url == "https://api.alpha.example/find?d=d1.example&s=1")
    #expect(request.headers == [HTTPHeader("X-Domain", "d1.example")])
  }

  @Test func aBodyWithoutAnythingIsAnEmptyObject() throws {
    let request = try EncodingTests.request(
      "abc",
      operation: "request: {path: /f, json: {n: [\"{first_name|digits}\"]}}\nvalue: .email")
    #expect(request.body.map { String(decoding: $0, as: UTF8.self) } == "{}")
  }
}
