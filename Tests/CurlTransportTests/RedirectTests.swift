import Testing
import WaterfallProviders

@testable import CurlTransport

/// Redirects are followed as the request's rule says, and no further.
@Suite struct RedirectTests {
  /// Redirects from `/STATUS` to the location; answers everything else with what it was asked.
  static func server(_ location: @escaping @Sendable (ServedRequest) -> String) throws
    -> ScriptedServer
  {
    try ScriptedServer { request, connection in
      let parts = request.target.split { $0 == "/" || $0 == "?" }
      if let status = parts.first.flatMap({ Int($0) }) {
        connection.answer(status, ["Location: \(location(request))"], Array("elsewhere".utf8))
      } else {
        let key = request.header("x-key") ?? "none"
        let body = String(decoding: request.body, as: UTF8.self)
        connection.answer("\(request.method) \(request.target) \(key) \(body)")
      }
    }
  }

  static func request(
    _ url: String, _ rule: RedirectRule, method: String = "GET", body: [UInt8]? = nil
  ) -> HTTPRequest {
    HTTPRequest(
      method: method, url: url, headers: [HTTPHeader("X-Key", "secret")], body: body,
      redirects: rule)
  }

  @Test(arguments: [301, 302, 303, 307, 308])
  func sameOriginKeepsTheHeaders(status: Int) async throws {
    let server = try Self.server { _ in "/there?a=1" }
    let transport = try CurlTransport()
    let response = try await transport.exchange(
      Self.request(server.url("/\(status)"), .sameOrigin)
    ).get()
    #expect(response.status == 200)
    #expect(response.text == "GET /there?a=1 secret ")
    #expect(response[header: "location"] == nil)
    #expect(server.counts.connections == 1)
  }

  @Test(arguments: [301, 302, 303, 307, 308]) func noneRefusesAll(status: Int) async throws {
    let server = try Self.server { _ in "/there" }
    let transport = try CurlTransport()
    let failure = try failure(
      await transport.exchange(Self.request(server.url("/\(status)?key=secret"), .none)))
    #expect(failure.kind == .redirect)
    let host = "127.0.0.1:\(server.port)"
    #expect(
      failure.message
        == "\(host) redirects (status \(status)) to itself, which the rule none refuses")
    #expect(server.counts.requests == 1)
  }

  /// Another port is another origin, and nobody is asked there.
  @Test func sameOriginRefusesAnotherPort() async throws {
    let other = try Self.server { _ in "" }
    let server = try Self.server { _ in other.url("/there?key=secret") }
    let transport = try CurlTransport()
    let failure = try failure(
      await transport.exchange(Self.request(server.url("/302"), .sameOrigin)))
    #expect(failure.kind == .redirect)
    #expect(failure.message.contains("to 127.0.0.1:\(other.port), which the rule same_origin"))
    #expect(!failure.message.contains("secret"))
    #expect(other.counts.connections == 0)
  }

  @Test(arguments: [
    "ftp://127.0.0.1/x", "file:///etc/passwd", "javascript:alert(1)", "http://", "https://",
    "http://user:pa55@127.0.0.1/", "//user@127.0.0.1/", "http://127.0.0.1:99999/",
  ])
  func placesThatAreNoneAreRefused(location: String) async throws {
    let server = try Self.server { _ in location }
    let transport = try CurlTransport()
    for rule in [RedirectRule.sameOrigin, .https] {
      let failure = try failure(
        await transport.exchange(Self.request(server.url("/302"), rule)))
      #expect(failure.kind == .redirect, "\(failure)")
      #expect(!failure.message.contains("pa55"))
    }
    #expect(server.counts.requests == 2)
  }

  @Test func httpsRefusesPlainHTTP() async throws {
    let server = try Self.server { _ in "/there" }
    let transport = try CurlTransport()
    let failure = try failure(
      await transport.exchange(Self.request(server.url("/302"), .https)))
    #expect(failure.kind == .redirect)
    #expect(server.counts.requests == 1)
  }

  /// The first three mean “now ask with GET”, which is not what was asked for.
  @Test(arguments: [301, 302, 303]) func aPostBecomesNothingElse(status: Int) async throws {
    let server = try Self.server { _ in "/there" }
    let transport = try CurlTransport()
    for method in ["POST", "PUT", "DELETE"] {
      let failure = try failure(
        await transport.exchange(
          Self.request(server.url("/\(status)"), .sameOrigin, method: method, body: [0x31])))
      #expect(failure.kind == .redirect)
    }
    #expect(server.counts.requests == 3)
  }

  @Test(arguments: [307, 308]) func aPostIsRepeatedAtItsOrigin(status: Int) async throws {
    let server = try Self.server { _ in "there" }
    let transport = try CurlTransport()
    let response = try await transport.exchange(
      Self.request(
        server.url("/\(status)"), .sameOrigin, method: "POST", body: Array("body".utf8))
    ).get()
    #expect(response.text == "POST /there secret body")
    let head = try await transport.exchange(
      Self.request(server.url("/\(status)"), .sameOrigin, method: "HEAD")
    ).get()
    #expect(head.status == 200 && head.body.isEmpty)
  }

  @Test func aChainEnds() async throws {
    let server = try Self.server { request in
      let left = Int(request.target.split(separator: "/").last ?? "") ?? 0
      return left > 1 ? "/302/\(left - 1)" : "/there"
    }
    let transport = try CurlTransport()
    let five = try await transport.exchange(
      Self.request(server.url("/302/5"), .sameOrigin)
    ).get()
    #expect(five.text == "GET /there secret ")
    #expect(server.counts.requests == 6)
    let failure = try failure(
      await transport.exchange(Self.request(server.url("/302/6"), .sameOrigin)))
    #expect(failure.kind == .redirect)
    #expect(failure.message.contains("once more after 5 times"))
    #expect(server.counts.requests == 12)
  }

  /// The first request was answered, so it was sent, whatever becomes of the second.
  @Test func aFailureAfterARedirectIsNoAnswer() async throws {
    let server = try ScriptedServer { request, connection in
      if request.target == "/302" {
        connection.answer(302, ["Location: /there", "Connection: close"])
      }
      connection.close()
    }
    let transport = try CurlTransport()
    let failure = try failure(
      await transport.exchange(Self.request(server.url("/302"), .sameOrigin)))
    #expect(failure.kind == .noAnswer)
  }

  // MARK: Decisions that need hosts and certificates to be seen

  struct Case: Sendable, CustomTestStringConvertible {
    var from = "https://a.example/x/y"
    let location: String
    var rule = RedirectRule.https
    var method = "GET"
    var status = 302
    /// Nil where it is refused.
    let to: String?
    var keepsHeaders = false
    var testDescription: String { "\(from) \(location) \(rule) \(method) \(status)" }
  }

  @Test(arguments: [
    Case(location: "/z", to: "https://a.example/z", keepsHeaders: true),
    Case(location: "z", to: "https://a.example/x/z", keepsHeaders: true),
    Case(location: "?q=1", to: "https://a.example/x/y?q=1", keepsHeaders: true),
    Case(location: "HTTPS://A.EXAMPLE:443/", to: "https://A.EXAMPLE:443/", keepsHeaders: true),
    Case(location: "//b.example/z", to: "https://b.example/z"),
    Case(location: "https://b.example", to: "https://b.example/"),
    Case(location: "https://a.example:444/", to: "https://a.example:444/"),
    Case(location: "https://a.example.evil/", to: "https://a.example.evil/"),
    Case(location: "https://b.example/a b", to: "https://b.example/a%20b"),
    Case(location: "http://a.example/", to: nil),
    Case(
      from: "http://a.example/", location: "https://a.example/", to: "https://a.example/",
      keepsHeaders: true),
    Case(from: "http://a.example:80/", location: "https://b.example/", to: "https://b.example/"),
    Case(from: "http://a.example:81/", location: "https://a.example/", to: "https://a.example/"),
    Case(location: "https://b.example/", rule: .sameOrigin, to: nil),
    Case(location: "http://a.example/", rule: .sameOrigin, to: nil),
    Case(from: "http://a.example/", location: "https://a.example/", rule: .sameOrigin, to: nil),
    Case(location: "https://a.example:444/", rule: .sameOrigin, to: nil),
    Case(location: "/z", rule: .none, to: nil),
    Case(location: "https://b.example/", method: "POST", status: 307, to: nil),
    Case(
      location: "/z", method: "POST", status: 307, to: "https://a.example/z", keepsHeaders: true),
    Case(location: "/z", method: "POST", status: 303, to: nil),
    Case(
      location: "/z", method: "HEAD", status: 303, to: "https://a.example/z", keepsHeaders: true),
  ])
  func theRuleDecides(the case: Case) throws {
    let request = HTTPRequest(method: `case`.method, url: `case`.from, redirects: `case`.rule)
    let step = Redirect.of(
      `case`.status, [HTTPHeader("location", `case`.location)], from: `case`.from, request,
      after: 0)
    if let to = `case`.to {
      #expect(step == .follow(url: to, isSecure: true, keepsHeaders: `case`.keepsHeaders))
    } else if case .refuse = step {
    } else {
      Issue.record("\(String(describing: step))")
    }
  }

  @Test func whatIsNoRedirectIsAnAnswer() {
    let request = HTTPRequest(url: "https://a.example/", redirects: .none)
    let location = [HTTPHeader("location", "/z")]
    for status in [200, 201, 300, 304, 305, 306, 404] {
      #expect(Redirect.of(status, location, from: request.url, request, after: 0) == nil)
    }
    #expect(Redirect.of(302, [], from: request.url, request, after: 0) == nil)
  }
}
