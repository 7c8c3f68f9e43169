import Testing
import WaterfallProviders

@testable import CurlTransport

/// What is sent, and what comes back, when nothing goes wrong. With both pollers.
@Suite struct ExchangeTests {
  /// Tells in its body what it was asked.
  static func echo() throws -> ScriptedServer {
    try ScriptedServer { request, connection in
      var lines = ["\(request.method) \(request.target)"]
      lines += request.headers.map { "\($0.name): \($0.value)" }
      let head = Array((lines.joined(separator: "\n") + "\n\n").utf8)
      connection.answer(
        200, ["Content-Type: text/plain", "X-Connection: \(connection.number)"],
        head + request.body, isHead: request.method == "HEAD")
    }
  }

  static func transport(isPolling: Bool) throws -> CurlTransport {
    isPolling ? try CurlTransport(.init(), poller: PollPoller()) : try CurlTransport()
  }

  @Test(arguments: [false, true]) func aGetIsAskedAndAnswered(isPolling: Bool) async throws {
    let server = try Self.echo()
    let transport = try Self.transport(isPolling: isPolling)
    let request = HTTPRequest(
      url: server.url("/find?domain=a.example&x=%20"),
      headers: [HTTPHeader("X-Api-Key", "k1"), HTTPHeader("Accept", "application/json")])
    let response = try await transport.exchange(request).get()
    #expect(response.status == 200)
    #expect(response[header: "content-type"] == "text/plain")
    #expect(response[header: "x-connection"] == "1")
    #expect(response.latency > 0)
    let lines = response.text.split(separator: "\n")
    #expect(lines.first == "GET /find?domain=a.example&x=%20")
    #expect(lines.contains("X-Api-Key: k1"))
    #expect(lines.contains("Accept: application/json"))
    #expect(lines.contains("Host: 127.0.0.1:\(server.port)"))
    #expect(lines.contains("User-Agent: waterfall"))
    #expect(lines.contains { $0.hasPrefix("Accept-Encoding: ") && $0.contains("gzip, br") })
    #expect(!response.text.contains("Cookie"))
  }

  @Test(arguments: ["POST", "PUT", "PATCH", "DELETE", "GET", "QUERY"])
  func aBodyIsSentWithEveryMethod(method: String) async throws {
    let server = try Self.echo()
    let transport = try CurlTransport()
    let body: [UInt8] = Array(0...255) + Array("{\"a\":1}".utf8)
    let request = HTTPRequest(
      method: method, url: server.url("/submit"),
      headers: [HTTPHeader("content-type", "application/json")], body: body)
    let response = try await transport.exchange(request).get()
    #expect(response.text.hasPrefix("\(method) /submit\n"))
    #expect(response.text.contains("\nContent-Length: \(body.count)\n"))
    #expect(response.text.contains("\ncontent-type: application/json\n"))
    #expect(Array(response.body.suffix(body.count)) == body)
  }

  /// No type is made up, no leave is asked for, and what has no body says so where it matters.
  @Test func bodiesHaveNoManners() async throws {
    let server = try Self.echo()
    let transport = try CurlTransport()
    let large = [UInt8](repeating: 0x78, count: 3 << 20)
    let post = try await transport.exchange(
      HTTPRequest(method: "POST", url: server.url(), body: large)
    ).get()
    #expect(!post.text.contains("Content-Type"))
    #expect(!post.text.contains("Expect"))
    #expect(Array(post.body.suffix(large.count)) == large)
    for method in ["POST", "PUT", "PATCH"] {
      let empty = try await transport.exchange(HTTPRequest(method: method, url: server.url())).get()
      #expect(empty.text.contains("\nContent-Length: 0\n"), "\(method)")
      #expect(!empty.text.contains("Content-Type") && !empty.text.contains("Expect"))
    }
    let delete = try await transport.exchange(
      HTTPRequest(method: "DELETE", url: server.url())
    ).get()
    #expect(delete.text.hasPrefix("DELETE /\n"))
    #expect(!delete.text.contains("Content-Length"))
  }

  /// One handle does all of them in turn: nothing of a request is left over for the next.
  @Test func nothingIsLeftOverForTheNextRequest() async throws {
    let server = try Self.echo()
    let transport = try CurlTransport()
    func exchange(_ method: String, _ headers: [HTTPHeader], _ body: [UInt8]?) async throws
      -> HTTPResponse
    {
      try await transport.exchange(
        HTTPRequest(method: method, url: server.url("/x"), headers: headers, body: body)
      ).get()
    }
    let key = HTTPHeader("X-Key", "secret")
    for _ in 0..<3 {
      let post = try await exchange("POST", [key], [0x31])
      #expect(post.text.hasPrefix("POST /x\n") && post.text.hasSuffix("\n\n1"))
      let get = try await exchange("GET", [], nil)
      #expect(get.text.hasPrefix("GET /x\n") && get.text.hasSuffix("\n\n"))
      #expect(!get.text.contains("X-Key"))
      let head = try await exchange("HEAD", [key], nil)
      #expect(head.body.isEmpty && head[header: "content-length"] != nil)
      let put = try await exchange("PUT", [], [0x32, 0x33])
      #expect(put.text.hasPrefix("PUT /x\n") && put.text.hasSuffix("\n\n23"))
      let delete = try await exchange("DELETE", [key], nil)
      #expect(delete.text.hasPrefix("DELETE /x\n") && delete.text.contains("X-Key: secret"))
      let again = try await exchange("GET", [key], nil)
      #expect(again.text.hasPrefix("GET /x\n") && again.text.hasSuffix("\n\n"))
    }
    #expect(server.counts.connections == 1)
  }

  @Test func headersTravelAsTheyAre() async throws {
    let server = try Self.echo()
    let transport = try CurlTransport()
    let headers = [
      HTTPHeader("X-Empty", ""), HTTPHeader("X-Blank", " \t"), HTTPHeader("X-Text", "grüße; a=b"),
      HTTPHeader("User-Agent", "own"), HTTPHeader("X-Twice", "1"), HTTPHeader("X-Twice", "2"),
    ]
    let response = try await transport.exchange(
      HTTPRequest(url: server.url(), headers: headers)
    ).get()
    let lines = response.text.split(separator: "\n")
    #expect(lines.contains("X-Empty: "))
    #expect(lines.contains("X-Blank: "))
    #expect(lines.contains("X-Text: grüße; a=b"))
    #expect(lines.contains("User-Agent: own") && !lines.contains("User-Agent: waterfall"))
    #expect(lines.filter { $0.hasPrefix("X-Twice") } == ["X-Twice: 1", "X-Twice: 2"])
  }

  @Test func answersAreDecompressed() async throws {
    let text = String(repeating: "{\"email\":\"ada@example.com\"} ", count: 40)
    let server = try ScriptedServer { request, connection in
      if request.target == "/gzip" {
        connection.answer(200, ["Content-Encoding: gzip"], Gzip.text(text))
      } else {
        connection.answer(200, ["Content-Encoding: br"], Self.brotli)
      }
    }
    let transport = try CurlTransport()
    #expect(try await transport.get(server.url("/gzip")).get().text == text)
    #expect(
      try await transport.get(server.url("/br")).get().text
        == "{\"email\":\"ada@example.com\"} {\"email\":\"ada@example.com\"}")
  }

  private static let brotli: [UInt8] = [
    0x1B, 0x36, 0x00, 0x88, 0x8D, 0xD4, 0x56, 0x79, 0x23, 0x1C, 0x28, 0x35, 0x88, 0x48, 0xD8,
    0x9E, 0xD6, 0x01, 0x22, 0xEB, 0xD3, 0x83, 0x50, 0x52, 0x0B, 0x37, 0xD2, 0x27, 0x25, 0xC8,
    0x05, 0x04, 0x2B, 0x9D, 0xBC, 0x9D, 0x73, 0x01,
  ]

  /// Interim answers, chunks in small pieces, folded headers and trailers.
  @Test func answersComeInManyForms() async throws {
    let server = try ScriptedServer { _, connection in
      connection.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
      connection.send("HTTP/1.1 201 Created\r\nX-Long: one\r\n  two\r\nX-EMPTY:\r\n")
      connection.send("Set-Cookie: a=1\r\nTransfer-Encoding: chunked\r\n\r\n")
      connection.endAnswer()
      for piece in ["3\r\nab", "c\r", "\n2\r\nde\r\n", "0\r\nX-Trailer: late\r\n\r\n"] {
        connection.pause(0.01)
        connection.send(piece)
      }
    }
    let transport = try CurlTransport()
    for _ in 0..<2 {
      let response = try await transport.get(server.url()).get()
      #expect(response.status == 201)
      #expect(response.text == "abcde")
      #expect(response[header: "x-long"] == "one two")
      #expect(response[header: "x-empty"] == "")
      #expect(response[header: "link"] == nil, "of an interim answer")
      #expect(response[header: "x-trailer"] == nil)
    }
    // A cookie that was set is not sent back.
    #expect(server.counts.requests == 2)
  }

  /// Only the first line is a status line, whatever a header calls itself.
  @Test func aHeaderIsNoStatusLine() async throws {
    let server = try ScriptedServer { _, connection in
      connection.answer(200, ["HTTP/1.1 500: x", "HTTP/2: y", "X-Last: z"], [0x31])
    }
    let transport = try CurlTransport()
    let response = try await transport.get(server.url()).get()
    #expect(response.status == 200)
    #expect(response.headers.map(\.name) == ["http/1.1 500", "http/2", "x-last", "content-length"])
  }

  @Test func aPathIsSentAsItIs() async throws {
    let server = try Self.echo()
    let transport = try CurlTransport()
    let path = "/a/../b/./c//d;e,f'%2F%2e%2E/?q=../x&&y=%00"
    let response = try await transport.get(server.url(path)).get()
    #expect(response.text.hasPrefix("GET \(path)\n"))
  }

  @Test func everyStatusIsAnAnswer() async throws {
    let server = try ScriptedServer { request, connection in
      let status = Int(request.target.dropFirst()) ?? 0
      connection.answer(status, [], status == 204 || status == 304 ? [] : Array("body".utf8))
    }
    let transport = try CurlTransport()
    for status in [200, 204, 300, 302, 304, 400, 401, 404, 407, 418, 429, 500, 503] {
      let response = try await transport.get(server.url("/\(status)")).get()
      #expect(response.status == status)
      #expect(response.text == (status == 204 || status == 304 ? "" : "body"))
    }
  }

  @Test func anIPv6AddressIsAHost() async throws {
    let server = try ScriptedServer(isIPv6: true) { request, connection in
      connection.answer(request.header("host") ?? "")
    }
    let transport = try CurlTransport()
    let response = try await transport.get("http://[::1]:\(server.port)/").get()
    #expect(response.text == "[::1]:\(server.port)")
  }

  /// Large bodies are given away, small ones copied; both are whole.
  @Test(arguments: [0, 1, 1_000, 65_536, 65_537, 3_000_000])
  func bodiesOfAnySizeAreWhole(size: Int) async throws {
    let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let server = try ScriptedServer { _, connection in connection.answer(200, [], body) }
    let transport = try CurlTransport()
    for _ in 0..<2 {
      let request = HTTPRequest(url: server.url(), mostBytes: size)
      #expect(try await transport.exchange(request).get().body == body)
    }
  }
}
