import Testing
import WaterfallProviders

@testable import CurlTransport

/// How a transport ends.
@Suite struct LifetimeTests {
  static func slow() throws -> ScriptedServer {
    try ScriptedServer { _, connection in while connection.readMore() {} }
  }

  @Test func closingCancelsWhatRunsAndWhatWaits() async throws {
    let server = try Self.slow()
    var options = CurlTransport.Options()
    options.mostInFlight = 3
    let transport = try CurlTransport(options)
    let outcomes = Notes<(Int, Outcome)>()
    for number in 0..<10 {
      transport.send(HTTPRequest(url: server.url())) { outcomes.add((number, $0)) }
    }
    transport.schedule(after: .seconds(600)) { outcomes.add((99, .failure(.init(.cancelled, "")))) }
    while server.counts.requests < 3 { await transport.pause(.milliseconds(5)) }
    transport.close()
    // The thread has ended, so all of them have been called by now.
    #expect(outcomes.all.map(\.0) == Array(0..<10))
    for (_, outcome) in outcomes.all { #expect(try failure(outcome).kind == .cancelled) }
    transport.close()
  }

  @Test func afterClosingNothingIsSent() async throws {
    let server = try Self.slow()
    let transport = try CurlTransport()
    transport.close()
    let outcomes = Notes<Outcome>()
    let first = transport.send(HTTPRequest(url: server.url())) { outcomes.add($0) }
    let second = transport.send(HTTPRequest(url: server.url())) { outcomes.add($0) }
    #expect(first != second)
    #expect(outcomes.all.count == 2)
    for outcome in outcomes.all { #expect(try failure(outcome).kind == .cancelled) }
    transport.cancel(first)
    transport.schedule(after: .zero) { Issue.record("a timer of a closed transport") }
    #expect(server.counts.connections == 0)
  }

  @Test func lettingGoCloses() async throws {
    let server = try Self.slow()
    let outcomes = Notes<Outcome>()
    do {
      let transport = try CurlTransport()
      transport.send(HTTPRequest(url: server.url())) { outcomes.add($0) }
    }
    try await outcomes.wait(for: 1)
    #expect(try failure(outcomes.all[0]).kind == .cancelled)
  }

  @Test func aCompletionMayClose() async throws {
    let server = try ScriptedServer { _, connection in connection.answer("fine") }
    let slow = try Self.slow()
    let transport = try CurlTransport()
    let outcomes = Notes<Outcome>()
    transport.send(HTTPRequest(url: slow.url())) { outcomes.add($0) }
    transport.send(HTTPRequest(url: server.url())) { outcome in
      outcomes.add(outcome)
      transport.close()
    }
    try await outcomes.wait(for: 2)
    #expect(try outcomes.all[0].get().text == "fine")
    #expect(try failure(outcomes.all[1]).kind == .cancelled)
    transport.close()
  }

  /// The last reference goes away on the transport's own thread.
  @Test func aCompletionMayLetGo() async throws {
    let server = try ScriptedServer { _, connection in connection.answer("fine") }
    for _ in 0..<20 {
      let outcomes = Notes<Outcome>()
      do {
        let transport = try CurlTransport()
        transport.send(HTTPRequest(url: server.url())) { outcome in
          withExtendedLifetime(transport) { outcomes.add(outcome) }
        }
      }
      try await outcomes.wait(for: 1)
      #expect(try outcomes.all[0].get().text == "fine")
    }
  }

  @Test func closingFromTwoSidesEnds() async throws {
    let server = try Self.slow()
    for _ in 0..<20 {
      let transport = try CurlTransport()
      let outcomes = Notes<Outcome>()
      transport.send(HTTPRequest(url: server.url())) { outcome in
        transport.close()
        outcomes.add(outcome)
      }
      async let one: Void = Task.detached { transport.close() }.value
      async let other: Void = Task.detached { transport.close() }.value
      _ = await (one, other)
      #expect(outcomes.all.count == 1)
    }
  }

  /// Names that take long to resolve do not hold up the end.
  @Test func closingDoesNotWaitForNames() async throws {
    for _ in 0..<10 {
      let transport = try CurlTransport()
      let outcomes = Notes<Outcome>()
      for number in 0..<5 {
        transport.send(HTTPRequest(url: "http://nohost\(number).invalid/")) { outcomes.add($0) }
      }
      transport.close()
      #expect(outcomes.all.count == 5)
    }
  }

  /// A large exchange leaves no large buffers behind.
  @Test func buffersDoNotStayGrown() throws {
    let context = UnsafeMutableRawPointer.allocate(byteCount: 1, alignment: 1)
    defer { context.deallocate() }
    let transfer = Transfer(TransferSetup(CurlTransport.Options(), sockets: context))
    let request = HTTPRequest(
      method: "POST", url: "http://127.0.0.1:9/", body: [UInt8](repeating: 0x31, count: 1 << 20))
    let host = HostSlots(try RequestCheck.origin(of: request))
    for result: Result<HTTPResponse, HTTPFailure> in [
      .success(HTTPResponse(status: 200)), .failure(HTTPFailure(.badResponse, "")),
    ] {
      let exchange = Exchange(HTTPExchangeID(number: 1), request) { _ in }
      transfer.begin(exchange, host, now: 0)
      transfer.body = [UInt8](repeating: 0x31, count: 4 << 20)
      #expect(transfer.heldBytes > 5 << 20)
      _ = transfer.end(result)
      #expect(transfer.heldBytes <= 2 * Transfer.mostKept)
    }
  }
}
