import Testing
import WaterfallProviders

@testable import CurlTransport

/// Everything that goes wrong on the way, and what it is called.
@Suite struct FaultTests {
  typealias Script = ScriptedServer.Script

  struct Fault: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let kind: HTTPFailure.Kind
    let words: String
    let script: Script

    init(
      _ name: String, _ kind: HTTPFailure.Kind, _ words: String, _ script: @escaping Script
    ) {
      (testDescription, self.kind, self.words, self.script) = (name, kind, words, script)
    }
  }

  static let head = "HTTP/1.1 200 OK\r\n"

  static let faults: [Fault] = [
    Fault("closed before the answer", .noAnswer, "closed the connection without an answer") {
      $1.close()
    },
    Fault("reset before the answer", .noAnswer, "the connection to HOST broke") { $1.reset() },
    Fault("closed within the head", .badResponse, "the answer of HOST is cut off") {
      $1.send(head + "Content-Le")
      $1.close()
    },
    Fault("closed after a whole header", .badResponse, "the answer of HOST is cut off") {
      $1.send(head + "X-Fine: 1\r\n")
      $1.close()
    },
    Fault("reset within the body", .noAnswer, "the connection to HOST broke") {
      $1.send(head + "Content-Length: 10\r\n\r\nabc")
      $1.pause(0.2)
      $1.reset()
    },
    Fault("cut off by length", .badResponse, "the answer of HOST is cut off") {
      $1.send(head + "Content-Length: 10\r\n\r\nabc")
      $1.close()
    },
    Fault("cut off between chunks", .badResponse, "the answer of HOST is cut off") {
      $1.send(head + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
      $1.close()
    },
    Fault("cut off within a chunk", .badResponse, "the answer of HOST is cut off") {
      $1.send(head + "Transfer-Encoding: chunked\r\n\r\n5\r\nabc")
      $1.close()
    },
    Fault("garbled chunks", .badResponse, "the answer of HOST is garbled") {
      $1.send(head + "Transfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n")
      $1.pause(0.2)
    },
    Fault("garbled gzip", .badResponse, "the answer of HOST cannot be decompressed") {
      $1.answer(200, ["Content-Encoding: gzip"], Array("this is no gzip at all".utf8))
    },
    Fault("gzip with a wrong sum", .badResponse, "the answer of HOST cannot be decompressed") {
      $1.answer(200, ["Content-Encoding: gzip"], Gzip.zeros(1_000))
    },
    Fault("garbled brotli", .badResponse, "the answer of HOST cannot be decompressed") {
      $1.answer(200, ["Content-Encoding: br"], [UInt8](repeating: 0xFF, count: 40))
    },
    Fault("an unknown compression", .badResponse, "the answer of HOST cannot be decompressed") {
      $1.answer(200, ["Content-Encoding: wat"], [1, 2, 3])
    },
    Fault("not HTTP", .badResponse, "the answer of HOST is not HTTP") {
      $1.send("220 mail.example ESMTP\r\n")
      $1.pause(0.2)
      $1.close()
    },
    Fault("headers without end", .badResponse, "the headers of HOST are too long") {
      $1.send(head)
      for number in 0..<100_000 where !$1.isClosed {
        $1.send("X-Header-\(number): " + String(repeating: "x", count: 1_000) + "\r\n")
      }
      $1.close()
    },
    Fault("too long", .badResponse, "the answer of HOST is longer than 1000 bytes") {
      $1.answer(200, [], [UInt8](repeating: 0x78, count: 1_001))
    },
    Fault("too long in chunks", .badResponse, "the answer of HOST is longer than 1000 bytes") {
      $1.send(head + "Transfer-Encoding: chunked\r\n\r\n")
      while !$1.isClosed { $1.send("64\r\n" + String(repeating: "x", count: 100) + "\r\n") }
    },
    Fault("too long when unpacked", .badResponse, "the answer of HOST is longer than 1000 bytes") {
      $1.answer(200, ["Content-Encoding: gzip"], Gzip.text(String(repeating: "a", count: 1_001)))
    },
  ]

  @Test(arguments: faults) func faultsHaveTheirKind(fault: Fault) async throws {
    let server = try ScriptedServer(script: fault.script)
    let transport = try CurlTransport()
    for method in ["GET", "POST"] {
      let request = HTTPRequest(
        method: method, url: server.url("/find?key=secret"),
        headers: [HTTPHeader("X-Key", "secret")], mostBytes: 1_000)
      let failure = try failure(await transport.exchange(request))
      #expect(failure.kind == fault.kind, "\(failure)")
      let words = fault.words.replacing("HOST", with: "127.0.0.1:\(server.port)")
      #expect(failure.message.contains(words), "\(failure)")
      #expect(!failure.message.contains("secret"))
      #expect(failure.latency > 0)
    }
    // Whatever went wrong, nothing was asked again.
    #expect(server.counts.requests == 2)
  }

  /// 64 MiB of zeros in 400 KiB: it ends when the limit is passed, not when all is unpacked.
  @Test func aBombIsNotUnpacked() async throws {
    let bomb = Gzip.zeros(64 << 20)
    #expect(bomb.count < 512 << 10)
    let server = try ScriptedServer { _, connection in
      connection.answer(200, ["Content-Encoding: gzip"], bomb)
    }
    let transport = try CurlTransport()
    let failure = try failure(await transport.get(server.url()))
    #expect(failure.kind == .badResponse)
    #expect(
      failure.message == "the answer of 127.0.0.1:\(server.port) is longer than 4194304 bytes")
  }

  @Test func aRefusedPortIsNotConnected() async throws {
    let transport = try CurlTransport()
    let port = try Sockets.freePort()
    let failure = try failure(await transport.get("http://127.0.0.1:\(port)/?key=secret"))
    #expect(failure.kind == .notConnected)
    #expect(failure.message == "cannot connect to 127.0.0.1:\(port): connection refused")
  }

  @Test func aHostWithoutAnAddressIsNotConnected() async throws {
    let transport = try CurlTransport()
    let failure = try failure(await transport.get("http://nohost.invalid/?key=secret"))
    #expect(failure.kind == .notConnected)
    #expect(failure.message == "nohost.invalid has no address")
  }

  /// The handle that failed does as well as a new one.
  @Test func afterAFailureTheNextExchangeIsFine() async throws {
    let server = try ScriptedServer { request, connection in
      switch request.target {
      case "/reset": connection.reset()
      case "/close": connection.close()
      default: connection.answer("fine \(request.method) \(request.header("x-key") ?? "")")
      }
    }
    let transport = try CurlTransport()
    for _ in 0..<8 {
      for target in ["/reset", "/close", "/long"] {
        let request = HTTPRequest(
          method: "POST", url: server.url(target), headers: [HTTPHeader("X-Key", "1")],
          body: [0x31], mostBytes: 1)
        _ = try failure(await transport.exchange(request))
        let next = HTTPRequest(url: server.url("/"), headers: [HTTPHeader("X-Key", "2")])
        #expect(try await transport.exchange(next).get().text == "fine GET 2")
      }
    }
    #expect(server.counts.requests == 48)
  }
}
