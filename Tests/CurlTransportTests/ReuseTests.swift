import Testing
import WaterfallProviders

@testable import CurlTransport

/// Connections are used again, and a request is never made twice behind the caller's back.
@Suite struct ReuseTests {
  @Test func aConnectionServesOneExchangeAfterTheOther() async throws {
    let server = try ScriptedServer { request, connection in
      connection.answer("\(connection.number) \(request.number)")
    }
    let transport = try CurlTransport()
    for number in 1...50 {
      #expect(try await transport.get(server.url("/\(number)")).get().text == "1 \(number)")
    }
    #expect(server.counts.connections == 1)
  }

  @Test func aServerThatClosesGetsANewConnection() async throws {
    let server = try ScriptedServer { _, connection in
      connection.answer(200, ["Connection: close"], [])
      connection.close()
    }
    let transport = try CurlTransport()
    for _ in 0..<10 { #expect(try await transport.get(server.url()).get().status == 200) }
    #expect(server.counts.connections == 10)
  }

  /// Closed while nobody used it: the next exchange finds out and opens another.
  @Test(arguments: [false, true]) func aConnectionThatClosedIsNotUsed(isPolling: Bool) async throws
  {
    let closed = Notes<Int>()
    let server = try ScriptedServer { _, connection in
      connection.answer("fine")
      connection.close()
      closed.add(connection.number)
    }
    let transport = try ExchangeTests.transport(isPolling: isPolling)
    for number in 1...5 {
      #expect(try await transport.get(server.url()).get().text == "fine")
      try await closed.wait(for: number)
      // A process that another test starts just now holds the socket too, until it has begun.
      try await Task.sleep(for: .milliseconds(100))
    }
    #expect(server.counts.connections == 5)
  }

  /// The server read a request on a kept connection and went away without an answer. It may have
  /// acted on it; so the request is not made again, whatever its method.
  @Test(arguments: ["GET", "HEAD", "POST", "DELETE"])
  func aRequestThatMayHaveBeenReadIsNotRepeated(method: String) async throws {
    let server = try ScriptedServer { request, connection in
      if request.target == "/last" { connection.close() } else { connection.answer("fine") }
    }
    let transport = try CurlTransport()
    for _ in 0..<8 {
      #expect(try await transport.get(server.url("/first")).get().text == "fine")
      let last = HTTPRequest(
        method: method, url: server.url("/last"), body: method == "POST" ? [1] : nil)
      let failure = try failure(await transport.exchange(last))
      #expect(failure.kind == .noAnswer)
      #expect(
        failure.message == "127.0.0.1:\(server.port) ended the exchange without an answer")
    }
    #expect(server.counts.targets.filter { $0 == "/last" }.count == 8)
  }
}
