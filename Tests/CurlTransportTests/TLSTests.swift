import Foundation
import Testing
import WaterfallCore
import WaterfallProviders

@testable import CurlTransport

/// TLS is always verified; HTTP/2 shares connections.
@Suite struct TLSTests {
  static func trusting(_ server: ChildServer) -> CurlTransport.Options {
    CurlTransport.Options(environment: ["SSL_CERT_FILE": server.certificate.path])
  }

  @Test(.enabled(if: ChildServer.hasOpenSSL))
  func onlyTrustedCertificatesAreAccepted() async throws {
    let server = try await ChildServer(.openssl)
    defer { withExtendedLifetime(server) {} }
    let url = "https://127.0.0.1:\(server.port)/?key=secret"
    for _ in 0..<2 {
      let stranger = try CurlTransport()
      let failure = try failure(await stranger.get(url))
      #expect(failure.kind == .notConnected)
      #expect(failure.message.hasPrefix("no TLS with 127.0.0.1:\(server.port): "))
      #expect(failure.message.contains("certificate"))
      #expect(!failure.message.contains("secret"))
    }
    let transport = try CurlTransport(Self.trusting(server))
    for _ in 0..<3 {
      let response = try await transport.get(url).get()
      #expect(response.status == 200)
      #expect(response.text.contains("TLSv1."))
    }
  }

  /// Those that wait for the first connection, to share it, are not left waiting when it fails or
  /// cannot be shared.
  @Test(.enabled(if: ChildServer.hasOpenSSL), arguments: [true, false])
  func manyAtOnceDoNotWaitForEachOther(isTrusted: Bool) async throws {
    let server = try await ChildServer(.openssl)
    defer { withExtendedLifetime(server) {} }
    let transport = try isTrusted ? CurlTransport(Self.trusting(server)) : CurlTransport()
    let outcomes = Notes<Outcome>()
    let patient = HTTPTimeouts(connect: .seconds(600), total: .seconds(600))
    for number in 0..<20 {
      let url = "https://127.0.0.1:\(server.port)/\(number)"
      transport.send(HTTPRequest(url: url, timeouts: patient)) { outcomes.add($0) }
    }
    try await outcomes.wait(for: 20)
    for outcome in outcomes.all {
      if isTrusted {
        #expect(try outcome.get().status == 200)
      } else {
        #expect(try failure(outcome).kind == .notConnected)
      }
    }
  }

  /// The certificate is for another name.
  @Test(.enabled(if: ChildServer.hasOpenSSL)) func theNameHasToFit() async throws {
    let server = try await ChildServer(.openssl)
    defer { withExtendedLifetime(server) {} }
    let transport = try CurlTransport(Self.trusting(server))
    #expect(try await transport.get("https://localhost:\(server.port)/").get().status == 200)
    let failure = try failure(await transport.get("https://127.0.0.2:\(server.port)/"))
    #expect(failure.kind == .notConnected)
  }

  @Test func aServerWithoutTLSIsNotConnected() async throws {
    let server = try ScriptedServer { _, connection in connection.answer("fine") }
    let transport = try CurlTransport()
    let request = HTTPRequest(
      url: "https://127.0.0.1:\(server.port)/",
      timeouts: HTTPTimeouts(connect: .milliseconds(500), total: .seconds(60)))
    #expect(try failure(await transport.exchange(request)).kind == .notConnected)
    #expect(server.counts.requests == 0)
  }

  @Test func certificatesThatCannotBeReadAreAnError() throws {
    let path = "/nowhere/at/all.pem"
    #expect {
      _ = try CurlTransport(.init(environment: ["SSL_CERT_FILE": path]))
    } throws: { error in
      (error as? UserError)?.place == path
    }
  }

  @Test func certificatesThatAreNoneTrustNobody() async throws {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("waterfall-\(UUID().uuidString).pem")
    try "no certificate at all\n".write(to: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: file) }
    let server = try ScriptedServer { _, connection in connection.answer("fine") }
    let transport = try CurlTransport(.init(environment: ["SSL_CERT_FILE": file.path]))
    let failure = try failure(await transport.get("https://127.0.0.1:\(server.port)/"))
    #expect(failure.kind == .notConnected)
    #expect(failure.message.contains("the file of trusted certificates cannot be used"))
  }

  // MARK: HTTP/2

  @Test(.enabled(if: ChildServer.hasNginx)) func http2SharesAConnection() async throws {
    let server = try await ChildServer(.nginx)
    defer { withExtendedLifetime(server) {} }
    let transport = try CurlTransport(Self.trusting(server))
    let outcomes = Notes<(Int, Outcome)>()
    for number in 0..<60 {
      let request = HTTPRequest(
        method: number % 2 == 0 ? "GET" : "POST",
        url: "https://127.0.0.1:\(server.port)/\(number)",
        headers: [HTTPHeader("X-Key", "k\(number)")], body: number % 2 == 0 ? nil : [0x31])
      transport.send(request) { outcomes.add((number, $0)) }
    }
    try await outcomes.wait(for: 60)
    for (number, outcome) in outcomes.all {
      let method = number % 2 == 0 ? "GET" : "POST"
      #expect(try outcome.get().text == "\(method) /\(number) k\(number)")
    }
    while server.log.count < 60 { await transport.pause(.milliseconds(20)) }
    #expect(Set(server.log.map { $0[1] }) == ["HTTP/2.0"])
    #expect(Set(server.log.map { $0[0] }).count == 1, "all by one connection")
  }

  /// To another host a redirect goes without the request's headers.
  @Test(.enabled(if: ChildServer.hasNginx)) func headersStayWithTheirHost() async throws {
    let server = try await ChildServer(.nginx)
    defer { withExtendedLifetime(server) {} }
    let transport = try CurlTransport(Self.trusting(server))
    let key = [HTTPHeader("X-Key", "secret")]
    let away = HTTPRequest(
      url: "https://127.0.0.1:\(server.port)/away", headers: key, redirects: .https)
    for _ in 0..<3 {
      #expect(try await transport.exchange(away).get().text == "GET /there ")
      let home = HTTPRequest(url: "https://127.0.0.1:\(server.port)/home", headers: key)
      #expect(try await transport.exchange(home).get().text == "GET /home secret")
    }
    var strict = away
    strict.redirects = .sameOrigin
    #expect(try failure(await transport.exchange(strict)).kind == .redirect)
  }

  @Test(.enabled(if: ChildServer.hasNginx)) func aServerThatStopsIsNoAnswer() async throws {
    var server: ChildServer? = try await ChildServer(.nginx)
    let port = try #require(server?.port)
    let options = Self.trusting(try #require(server))
    let transport = try CurlTransport(options)
    #expect(try await transport.get("https://127.0.0.1:\(port)/").get().status == 200)
    server = nil
    let failure = try failure(await transport.get("https://127.0.0.1:\(port)/"))
    #expect(failure.kind == .notConnected)
  }

  /// A connection that was shared breaks when the server has a request: it is not made again, not
  /// even where its exchange opened the connection.
  @Test(.enabled(if: ChildServer.hasNginx), arguments: [true, false])
  func nothingIsRepeatedOnASharedConnection(isOpener: Bool) async throws {
    let held = isOpener ? "/behind/1" : "/behind/2"
    let backend = try ScriptedServer { request, connection in
      guard request.target == held else { return connection.answer("fine") }
      while connection.readMore() {}
    }
    let server = try await ChildServer(.nginx, backend: backend.port)
    defer { withExtendedLifetime(server) {} }
    let relay = try Relay(to: server.port)
    let transport = try CurlTransport(Self.trusting(server))
    let outcomes = Notes<Outcome>()
    for number in 1...2 {
      let request = HTTPRequest(
        method: "POST", url: "https://127.0.0.1:\(relay.port)/behind/\(number)", body: [0x31],
        timeouts: HTTPTimeouts(total: .seconds(60)))
      transport.send(request) { outcomes.add($0) }
      while backend.counts.requests < number { await transport.pause(.milliseconds(5)) }
    }
    try await outcomes.wait(for: 1)
    #expect(try outcomes.all[0].get().text == "fine")
    relay.cut()
    try await outcomes.wait(for: 2)
    let failure = try failure(outcomes.all[1])
    #expect([.noAnswer, .badResponse].contains(failure.kind), "\(failure)")
    #expect(backend.counts.requests == 2)
  }
}
