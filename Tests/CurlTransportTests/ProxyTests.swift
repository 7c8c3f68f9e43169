import Testing
import WaterfallCore
import WaterfallProviders

@testable import CurlTransport

/// Requests through proxies, and around them.
@Suite struct ProxyTests {
  static func proxy() throws -> ScriptedServer {
    try ScriptedServer { request, connection in
      if request.method == "CONNECT" {
        connection.answer(403, [], Array("no tunnels".utf8))
      } else {
        connection.answer("by proxy: \(request.target) \(request.header("x-key") ?? "")")
      }
    }
  }

  @Test func plainRequestsGoThroughTheProxy() async throws {
    let proxy = try Self.proxy()
    var options = CurlTransport.Options()
    options.idleSeconds = 3_600
    options.proxies = .init(http: "http://user:pa55@127.0.0.1:\(proxy.port)")
    let transport = try CurlTransport(options)
    let request = HTTPRequest(url: "http://a.example/x", headers: [HTTPHeader("X-Key", "k")])
    for _ in 0..<2 {
      #expect(
        try await transport.exchange(request).get().text == "by proxy: http://a.example/x k")
    }
    #expect(proxy.counts.connections == 1)
  }

  /// A sandbox on this machine is nothing that a proxy could find.
  @Test(arguments: ["127.0.0.1", "localhost"])
  func thisMachineIsAskedDirectly(host: String) async throws {
    let server = try ScriptedServer { _, connection in connection.answer("direct") }
    let proxy = try Self.proxy()
    var options = CurlTransport.Options()
    options.idleSeconds = 3_600
    options.proxies = .init(http: "127.0.0.1:\(proxy.port)")
    let transport = try CurlTransport(options)
    // The same handle is used for both ways.
    for _ in 0..<2 {
      #expect(
        try await transport.get("http://\(host):\(server.port)/").get().text == "direct")
      #expect(try await transport.get("http://a.example/").get().text.hasPrefix("by proxy"))
    }
    #expect(proxy.counts.connections == 1)
    let port = try Sockets.freePort()
    let away = try failure(await transport.get("http://127.0.0.1:\(port)/"))
    #expect(away.message == "cannot connect to 127.0.0.1:\(port): connection refused")
  }

  @Test func thisMachineHasSeveralNames() {
    func isLoopback(_ host: String) -> Bool {
      Origin(isSecure: false, host: host, port: 80).isLoopback
    }
    for host in ["127.0.0.1", "127.8.9.10", "127.1", "localhost", "a.localhost", "[::1]"] {
      #expect(isLoopback(host), "\(host)")
    }
    for host in ["127.example", "a.example", "128.0.0.1", "[::2]", "localhost.example", "0.0.0.0"] {
      #expect(!isLoopback(host), "\(host)")
    }
  }

  /// 0.0.0.0 reaches this machine, and is no name of it.
  @Test(arguments: ["0.0.0.0", "*", "a.example, 0.0.0.0/8"])
  func exceptionsAreAskedDirectly(except: String) async throws {
    let server = try ScriptedServer { _, connection in connection.answer("direct") }
    let proxy = try Self.proxy()
    var options = CurlTransport.Options()
    options.proxies = .init(http: "127.0.0.1:\(proxy.port)", except: except)
    let transport = try CurlTransport(options)
    let url = "http://0.0.0.0:\(server.port)/"
    #expect(try await transport.get(url).get().text == "direct")
    #expect(proxy.counts.connections == 0)
    options.proxies.except = nil
    let other = try CurlTransport(options)
    #expect(try await other.get(url).get().text.hasPrefix("by proxy"))
  }

  /// A tunnel that is refused: nothing was sent through it, and the server's headers did not go to
  /// the proxy.
  @Test func aRefusedTunnelIsNotConnected() async throws {
    let seen = Notes<ServedRequest>()
    let proxy = try ScriptedServer { request, connection in
      seen.add(request)
      connection.answer(403, [], [])
    }
    var options = CurlTransport.Options()
    options.proxies = .init(https: "http://user:pa55@127.0.0.1:\(proxy.port)")
    let transport = try CurlTransport(options)
    let request = HTTPRequest(
      url: "https://a.example/?key=secret", headers: [HTTPHeader("X-Key", "secret")])
    let failure = try failure(await transport.exchange(request))
    #expect(failure.kind == .notConnected)
    #expect(
      failure.message.hasPrefix(
        "cannot connect to a.example through the proxy 127.0.0.1:\(proxy.port): "))
    #expect(failure.message.contains("403"))
    #expect(!failure.message.contains("secret") && !failure.message.contains("pa55"))
    #expect(seen.all.count == 1 && seen.all[0].target == "a.example:443")
    #expect(seen.all[0].header("x-key") == nil)
    #expect(seen.all[0].header("proxy-authorization") != nil)
  }

  @Test func aProxyThatIsAwayIsNotConnected() async throws {
    var options = CurlTransport.Options()
    let port = try Sockets.freePort()
    options.proxies = .init(http: "http://user:pa55@127.0.0.1:\(port)")
    let transport = try CurlTransport(options)
    let away = try failure(await transport.get("http://a.example/"))
    #expect(away.kind == .notConnected)
    #expect(
      away.message
        == "cannot connect to a.example through the proxy 127.0.0.1:\(port): connection refused")
    options.proxies = .init(http: "socks5://nohost.invalid:1080")
    let other = try CurlTransport(options)
    let nowhere = try failure(await other.get("http://a.example/"))
    #expect(nowhere.kind == .notConnected)
    #expect(nowhere.message == "the proxy nohost.invalid:1080 has no address")
    options.proxies = .init(environment: ["all_proxy": "http://user:pa55@127.0.0.1:\(port)"])
    let named = try failure(await CurlTransport(options).get("http://a.example/"))
    #expect(
      named.message
        == "cannot connect to a.example through the proxy 127.0.0.1:\(port) (from all_proxy; "
        + "no_proxy names hosts to ask directly): connection refused")
  }

  @Test(arguments: ["", "ftp://proxy.example/", "http://", "http://pa55@:80", "a b"])
  func proxiesThatAreNoneAreAnError(proxy: String) {
    var options = CurlTransport.Options()
    options.proxies.https = proxy
    #expect {
      _ = try CurlTransport(options)
    } throws: { error in
      guard let error = error as? UserError else { return false }
      return error.message.contains("the proxy for https") && !error.message.contains("pa55")
    }
  }

  /// The environment that counts is the one that was given, not that of the process.
  @Test func theEnvironmentIsRead() {
    typealias Proxies = CurlTransport.Proxies
    #expect(Proxies(environment: [:]) == Proxies())
    #expect(Proxies(environment: ["http_proxy": "", "ALL_PROXY": ""]) == Proxies())
    #expect(Proxies(environment: ["HTTP_PROXY": "http://evil.example"]) == Proxies())
    var expected = Proxies(http: "a", https: "b", except: "c")
    (expected.httpVariable, expected.httpsVariable) = ("all_proxy", "HTTPS_PROXY")
    #expect(
      Proxies(environment: ["all_proxy": "a", "HTTPS_PROXY": "b", "NO_PROXY": "c"]) == expected)
    (expected.httpVariable, expected.httpsVariable) = ("http_proxy", "https_proxy")
    #expect(
      Proxies(environment: [
        "http_proxy": "a", "https_proxy": "b", "HTTPS_PROXY": "x", "no_proxy": "c", "NO_PROXY": "x",
      ]) == expected)
    let options = CurlTransport.Options(environment: ["SSL_CERT_FILE": ""])
    #expect(options == CurlTransport.Options())
    #expect(Proxies.name("http://user:pa55@p.example:3128") == "p.example:3128")
    #expect(Proxies.name("p.example") == "p.example:1080")
  }
}
