import Foundation
import Testing
import WaterfallCore

@testable import WaterfallProviders

/// Values in their places: whatever they hold, they stay there.
@Suite struct EncodingTests {
  static let awkward = [
    "/", "?", "&", "%", "+", "é", "\"", "\\", "\n", "\0", "a=b#c", "%2F", "../..", " ", "{x}",
    "😀", "\u{7F}\u{1}", "'; --", "e\u{301}", "a\r\nX-Evil: 1",
  ]

  static let operation = """
    request:
      method: POST
      path: "/p/{first_name}/end"
      query: {q: "x {first_name} y", "na me": "{domain}"}
      json: {a: ["{first_name}", 1.50, true, null, "7"], "{k}\\n": {b: "<{first_name}>"}}
    value: .email
    """

  static func request(_ name: String, http: String = "", operation: String = operation) throws
    -> HTTPRequest
  {
    let desk = try Desk(http: http, operation: operation, replies: [RetryTests.hit])
    try desk.outcome(name: name)
    return try #require(desk.transport.requests.first)
  }

  @Test(arguments: awkward) func aPathAndAParameterHoldIt(value: String) throws {
    let request = try Self.request(value)
    let url = try #require(URLComponents(string: request.url))
    let bytes = { (text: String?) in Array((text ?? "").utf8) }
    #expect(url.host == "api.alpha.example" && url.fragment == nil)
    let parts = url.percentEncodedPath.split(separator: "/")
    #expect(parts.count == 3)
    #expect(bytes(String(parts[1]).removingPercentEncoding) == bytes(value))
    let items = try #require(url.percentEncodedQueryItems)
    #expect(items.map(\.name) == ["q", "na%20me"])
    #expect(bytes(items[0].value?.removingPercentEncoding) == bytes("x \(value) y"))
    // Nothing that a server of forms would read in another way.
    #expect(!request.url.contains("+") && request.url.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
  }

  @Test(arguments: awkward) func jsonHoldsIt(value: String) throws {
    let request = try Self.request(value)
    let body = try #require(request.body)
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])
    let list = try #require(json["a"] as? [Any])
    #expect((list[0] as? String).map { Array($0.utf8) } == Array(value.utf8))
    #expect(list[4] as? String == "7")
    let inner = try #require(json["{k}\n"] as? [String: String])
    #expect(inner["b"].map { Array($0.utf8) } == Array("<\(value)>".utf8))
    #expect(String(decoding: body, as: UTF8.self).contains(",1.50,true,null,"))
    #expect(request.headers.contains(HTTPHeader("Content-Type", "application/json")))
  }

  @Test(arguments: awkward) func aFormHoldsIt(value: String) throws {
    let request = try Self.request(
      value,
      operation: "request: {path: /f, form: {a: \"{first_name}\", b: \"{domain}\"}}\nvalue: .e")
    let pairs = String(decoding: request.body ?? [], as: UTF8.self).split(separator: "&")
    #expect(pairs.count == 2)
    let text = try #require(pairs[0].split(separator: "=").last)
    #expect(text.removingPercentEncoding.map { Array($0.utf8) } == Array(value.utf8))
    #expect(
      request.headers.contains(HTTPHeader("Content-Type", "application/x-www-form-urlencoded")))
  }

  /// A header holds a value as it is, or is not sent at all.
  @Test(arguments: awkward) func aHeaderCannotBeBrokenOutOf(value: String) throws {
    let desk = try Desk(
      operation: "request: {path: /h, headers: {X-Name: \"{first_name}\"}}\nvalue: .email",
      replies: [RetryTests.hit])
    let outcome = try desk.outcome(name: value)
    let header = desk.transport.requests.first?.headers.first { $0.name == "X-Name" }?.value
    let isBroken = value.unicodeScalars.contains { ["\r", "\n", "\0"].contains($0) }
    #expect(outcome == (isBroken ? .failure(.notSent) : .hit("a@b.example")))
    #expect(header == value)
    #expect(desk.transport.requests.first?.headers.count == 1)
  }

  /// `.` and `..` as a whole part of a path lead elsewhere, encoded or not.
  @Test(arguments: [".", ".."]) func aPathIsNotLeft(value: String) throws {
    let desk = try Desk(operation: Self.operation, replies: [RetryTests.hit])
    #expect(try desk.outcome(name: value) == .failure(.notSent))
    #expect(desk.transport.requests.isEmpty)
    let within = try Desk(
      operation: "request: {path: \"/p/{first_name}.json\", query: {q: \"..\"}}\nvalue: .email",
      replies: [RetryTests.hit])
    #expect(try within.outcome(name: value) == .hit("a@b.example"))
  }

  // MARK: Keys

  @Test(arguments: [
    ("auth: {header: X-Key}", "X-Key", "id:s3 cret/+é"),
    ("auth: {header: Authorization, prefix: \"Token \"}", "Authorization", "Token id:s3 cret/+é"),
    ("auth: {bearer: true}", "Authorization", "Bearer id:s3 cret/+é"),
    ("auth: {headers: {X-Id: x, X-S: \"<{key.2}>\"}}", "X-S", "<s3 cret/+é>"),
    (
      "auth: {basic: {user: \"{key.1}\", password: \"{key.2}\"}}", "Authorization",
      "Basic " + Data("id:s3 cret/+é".utf8).base64EncodedString()
    ),
    (
      "auth: {basic: {user: \"{key}\", password: \"\"}}", "Authorization",
      "Basic " + Data("id:s3 cret/+é:".utf8).base64EncodedString()
    ),
  ])
  func aKeyGoesIntoItsPlace(auth: String, header: String, value: String) throws {
    let desk = try Desk(http: auth, key: "id:s3 cret/+é", replies: [RetryTests.hit])
    try desk.outcome()
    let headers = try #require(desk.transport.requests.first).headers
    #expect(headers.first { $0.name == header }?.value == value)
  }

  @Test func aKeyInTheURLIsEncoded() throws {
    let desk = try Desk(http: "auth: {query: \"api key\"}", key: "a&b=c", replies: [RetryTests.hit])
    try desk.outcome(name: "x")
    #expect(
      desk.transport.requests.map(\.url) == [
        "https://api.alpha.example/find?q=x&api%20key=a%26b%3Dc"
      ])
  }

  @Test func aKeyWithALineBreakIsNotSent() throws {
    let desk = try Desk(http: "auth: {bearer: true}", key: "a\r\nX: 1", replies: [RetryTests.hit])
    #expect(try desk.outcome() == .failure(.notSent))
    #expect(desk.reported.allSatisfy { !$0.contains("X: 1") })
  }

  @Test func halvesAreNeededWhereTheyAreAskedFor() throws {
    let http = "auth: {headers: {X-Id: \"{key.1}\", X-S: \"{key.2}\"}}"
    let desk = try Desk(http: http, key: "whole", replies: [RetryTests.hit])
    #expect(try desk.outcome() == .failure(.credentials))
    #expect(desk.transport.requests.isEmpty)
    // Only the first colon counts.
    let two = try Desk(http: http, key: "a:b:c", replies: [RetryTests.hit])
    try two.outcome()
    #expect(two.transport.requests[0].headers.map(\.value) == ["a", "b:c"])
  }

  @Test func anOptionalKeyMayBeMissing() throws {
    let desk = try Desk(
      http: "auth: {bearer: true, optional: true}", key: nil, replies: [RetryTests.hit])
    #expect(try desk.outcome() == .hit("a@b.example"))
    #expect(desk.transport.requests[0].headers.isEmpty)
  }
}
