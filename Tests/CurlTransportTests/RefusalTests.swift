import Testing
import WaterfallCore
import WaterfallProviders

@testable import CurlTransport

/// What cannot be sent is refused before anything is.
@Suite struct RefusalTests {
  @Test(arguments: [
    HTTPHeader("X-Key", "a\r\nX-Other: b"), HTTPHeader("X-Key", "a\n"), HTTPHeader("X-Key", "\r"),
    HTTPHeader("X-Key", "a\0b"), HTTPHeader("", "a"), HTTPHeader("X Key", "a"),
    HTTPHeader("X-Key:", "a"), HTTPHeader("X-Kéy", "a"), HTTPHeader("X\r\nY", "a"),
    HTTPHeader("Content-Length", "3"), HTTPHeader("transfer-encoding", "chunked"),
    HTTPHeader("Connection", "close"), HTTPHeader("EXPECT", "100-continue"),
  ])
  func headersThatWouldBeReadAsSomethingElse(header: HTTPHeader) async throws {
    let server = try ScriptedServer { _, connection in connection.answer("") }
    let transport = try CurlTransport()
    let request = HTTPRequest(url: server.url(), headers: [HTTPHeader("X-Fine", "1"), header])
    let failure = try failure(await transport.exchange(request))
    #expect(failure.kind == .badRequest)
    #expect(!failure.message.contains("X-Other") && !failure.message.contains("\r"))
    #expect(server.counts.connections == 0)
  }

  @Test(arguments: [
    "", "ftp://a.example/", "file:///etc/passwd", "gopher://a.example/", "a.example", "/path",
    "http:/a.example", "http://", "http:///path", "https://?q", "http://user:pa55@a.example/",
    "http://user@a.example/", "http://a.example:0/", "http://a.example:65536/",
    "http://a.example:x/", "http://a.example:8o/", "http://[::1/", "http://[]/", "http://[::1]x/",
    "http://a example/", "http://a.example/a b", "http://a.example/\r\nX: y", "http://a.example/ü",
    "http://a.example/\0", "http://a\\b.example/", "http://a%41.example/", "http://ü.example/",
    " http://a.example/", "http://a.example\t/",
  ])
  func urlsThatAreNone(url: String) async throws {
    let transport = try CurlTransport()
    let failure = try failure(await transport.get(url))
    #expect(failure.kind == .badRequest)
    #expect(!failure.message.contains("pa55"))
  }

  @Test func anUnencodedURLIsNotRepeated() async throws {
    let transport = try CurlTransport()
    let failure = try failure(await transport.get("http://a.example/find?key=secret word"))
    #expect(failure.message == "the URL of a.example has a character in it that has to be encoded")
  }

  @Test(arguments: ["", "GE T", "GET\r\n", "CONNECT", "TRACE", "GÉT"])
  func methodsThatAreNone(method: String) async throws {
    let transport = try CurlTransport()
    let request = HTTPRequest(method: method, url: "http://127.0.0.1:1/")
    #expect(try failure(await transport.exchange(request)).kind == .badRequest)
  }

  @Test func aUserAgentIsOneLine() {
    var options = CurlTransport.Options()
    options.userAgent = "a\r\nX-Other: b"
    #expect(throws: UserError.self) { _ = try CurlTransport(options) }
  }

  @Test func aHeadHasNoBody() async throws {
    let transport = try CurlTransport()
    let request = HTTPRequest(method: "HEAD", url: "http://127.0.0.1:1/", body: [1])
    #expect(try failure(await transport.exchange(request)).kind == .badRequest)
  }

  @Test(arguments: [
    ("http://a.example", false, "a.example", 80, "a.example"),
    ("HTTPS://A.Example:443?q", true, "a.example", 443, "a.example"),
    ("https://[::1]:80/", true, "[::1]", 80, "[::1]:80"),
    ("http://127.0.0.1:8080/x@y", false, "127.0.0.1", 8_080, "127.0.0.1:8080"),
    ("http://a_b.example#@c", false, "a_b.example", 80, "a_b.example"),
  ])
  func originsAreRead(
    url: String, isSecure: Bool, host: String, port: Int, name: String
  ) throws {
    let origin = try RequestCheck.origin(ofURL: url)
    #expect(origin == Origin(isSecure: isSecure, host: host, port: port))
    #expect(origin.name == name)
    // libcurl reads it in the same way.
    #expect(WebAddress(url)?.origin == origin)
  }
}
