import Testing
import WaterfallProviders

@testable import CurlTransport

/// Many exchanges at once, within bounds, in order, and ended early.
@Suite struct ConcurrencyTests {
  @Test(arguments: [false, true]) func noMoreThanAllowedRunAtOnce(isPolling: Bool) async throws {
    let server = try ScriptedServer { request, connection in
      connection.pause(0.005)
      connection.answer(request.target)
    }
    var options = CurlTransport.Options()
    options.mostInFlight = 20
    let transport =
      isPolling ? try CurlTransport(options, poller: PollPoller()) : try CurlTransport(options)
    let outcomes = Notes<(Int, Outcome)>()
    for number in 0..<400 {
      transport.send(HTTPRequest(url: server.url("/\(number)"))) { outcomes.add((number, $0)) }
    }
    try await outcomes.wait(for: 400)
    for (number, outcome) in outcomes.all { #expect(try outcome.get().text == "/\(number)") }
    let counts = server.counts
    #expect(counts.requests == 400)
    #expect(counts.mostOpen <= 20 && counts.mostOpen > 1, "\(counts.mostOpen)")
    #expect(counts.connections <= 20)
  }

  @Test func noMoreThanAllowedRunWithOneHost() async throws {
    let script: ScriptedServer.Script = { _, connection in
      connection.pause(0.005)
      connection.answer("fine")
    }
    let servers = [try ScriptedServer(script: script), try ScriptedServer(script: script)]
    var options = CurlTransport.Options()
    options.mostInFlight = 12
    options.mostPerHost = 7
    let transport = try CurlTransport(options)
    let outcomes = Notes<Outcome>()
    for number in 0..<200 {
      transport.send(HTTPRequest(url: servers[number % 2].url())) { outcomes.add($0) }
    }
    try await outcomes.wait(for: 200)
    for outcome in outcomes.all { #expect(try outcome.get().text == "fine") }
    for server in servers {
      #expect(server.counts.requests == 100)
      #expect(server.counts.mostOpen <= 7)
      #expect(server.counts.connections <= 7)
    }
  }

  @Test func whatWaitsIsStartedInTurn() async throws {
    let server = try ScriptedServer { _, connection in connection.answer("fine") }
    var options = CurlTransport.Options()
    options.mostInFlight = 1
    let transport = try CurlTransport(options)
    let outcomes = Notes<Int>()
    for number in 0..<100 {
      transport.send(HTTPRequest(url: server.url("/\(number)"))) { _ in outcomes.add(number) }
    }
    try await outcomes.wait(for: 100)
    #expect(outcomes.all == Array(0..<100))
    #expect(server.counts.targets == (0..<100).map { "/\($0)" })
  }

  /// What ends as soon as it starts, without a socket to wait for, leaves its slot to the next.
  @Test func whatFailsAtOnceHoldsNothingUp() async throws {
    var options = CurlTransport.Options()
    options.mostInFlight = 1
    let transport = try CurlTransport(options)
    let port = try Sockets.freePort()
    let outcomes = Notes<Outcome>()
    for number in 0..<60 {
      let url = number % 3 == 0 ? "nonsense" : "http://127.0.0.1:\(port)/"
      transport.send(HTTPRequest(url: url)) { outcomes.add($0) }
    }
    try await outcomes.wait(for: 60)
    let kinds = try outcomes.all.map { try failure($0).kind }
    #expect(kinds.filter { $0 == .badRequest }.count == 20)
    #expect(kinds.filter { $0 == .notConnected }.count == 40)
  }

  /// Each answer sends the next request, on the transport's own thread.
  @Test func completionsMaySendMore() async throws {
    let server = try ScriptedServer { request, connection in connection.answer(request.target) }
    let transport = try CurlTransport()
    let seen = Notes<String>()
    @Sendable func next(_ number: Int) {
      transport.send(HTTPRequest(url: server.url("/\(number)"))) { outcome in
        seen.add((try? outcome.get().text) ?? "failed")
        if number < 200 { next(number + 1) }
      }
    }
    next(1)
    try await seen.wait(for: 200)
    #expect(seen.all == (1...200).map { "/\($0)" })
    #expect(server.counts.connections == 1)
  }

  // MARK: Ending early

  @Test func anExchangeThatWaitsCanBeCancelled() async throws {
    let server = try ScriptedServer { _, connection in
      connection.pause(0.3)
      connection.answer("fine")
    }
    var options = CurlTransport.Options()
    options.mostInFlight = 1
    let transport = try CurlTransport(options)
    let outcomes = Notes<(Int, Outcome)>()
    let ids = (0..<4).map { number in
      transport.send(HTTPRequest(url: server.url("/\(number)"))) { outcomes.add((number, $0)) }
    }
    transport.cancel(ids[1])
    transport.cancel(ids[2])
    transport.cancel(ids[2])
    try await outcomes.wait(for: 4)
    #expect(outcomes.all.map(\.0) == [1, 2, 0, 3])
    for (number, outcome) in outcomes.all {
      if number == 1 || number == 2 {
        #expect(try failure(outcome).kind == .cancelled)
      } else {
        #expect(try outcome.get().text == "fine")
      }
    }
    #expect(server.counts.targets == ["/0", "/3"])
  }

  @Test func anExchangeThatRunsCanBeCancelled() async throws {
    let left = Notes<Bool>()
    let server = try ScriptedServer { request, connection in
      guard request.target == "/slow" else { return connection.answer("fine") }
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
      // Ends when the client has gone.
      while connection.readMore() {}
      left.add(true)
    }
    let transport = try CurlTransport()
    let outcomes = Notes<Outcome>()
    let id = transport.send(HTTPRequest(url: server.url("/slow"))) { outcomes.add($0) }
    while server.counts.requests == 0 { await transport.pause(.milliseconds(5)) }
    await transport.pause(.milliseconds(50))
    #expect(outcomes.all.isEmpty)
    transport.cancel(id)
    try await outcomes.wait(for: 1)
    #expect(try failure(outcomes.all[0]).kind == .cancelled)
    try await left.wait(for: 1)
    // The slot and the handle are free again, and what is over cannot be cancelled.
    transport.cancel(id)
    transport.cancel(HTTPExchangeID(number: 1_000_000))
    #expect(try await transport.get(server.url("/fine")).get().text == "fine")
    #expect(outcomes.all.count == 1)
  }

  /// Some hundred exchanges, some of which are cancelled at any moment, from another thread: each
  /// completion is called once.
  @Test func everyCompletionIsCalledOnce() async throws {
    let server = try ScriptedServer { _, connection in
      connection.pause(0.002)
      connection.answer("fine")
    }
    var options = CurlTransport.Options()
    options.mostInFlight = 16
    let transport = try CurlTransport(options)
    let ended = Notes<(Int, Bool)>()
    var ids: [HTTPExchangeID] = []
    for number in 0..<600 {
      let id = transport.send(HTTPRequest(url: server.url())) { outcome in
        switch outcome {
        case .success: ended.add((number, true))
        case .failure(let failure): ended.add((number, failure.kind != .cancelled))
        }
      }
      ids.append(id)
      if number % 3 == 0 { transport.cancel(ids[number / 2]) }
      if number % 50 == 0 { try await Task.sleep(for: .milliseconds(20)) }
    }
    try await ended.wait(for: 600)
    await transport.pause(.milliseconds(50))
    #expect(Set(ended.all.map(\.0)) == Set(0..<600))
    #expect(ended.all.count == 600)
    #expect(Set(ids).count == 600)
    #expect(ended.all.filter(\.1).count >= 400)
  }

  // MARK: The queue alone

  @Test func theOldestThatMayStartDoes() throws {
    func exchange(_ number: UInt64) -> Exchange {
      Exchange(HTTPExchangeID(number: number), HTTPRequest(url: "http://a.example/")) { _ in }
    }
    let hosts = ["a", "b", "c"].map { Origin(isSecure: true, host: $0, port: 443) }
    var queue = RequestQueue(mostRunning: 3, mostPerHost: 2)
    func next() -> UInt64? { queue.next()?.0.id.number }
    for (number, host) in [(1, 0), (2, 0), (3, 0), (4, 1), (5, 2), (6, 1)] {
      queue.add(exchange(UInt64(number)), hosts[host])
    }
    let started = queue.next()
    let first = try #require(started)
    #expect(first.0.id.number == 1)
    #expect(next() == 2)
    // The first host is full, and then the whole.
    #expect(next() == 4)
    #expect(next() == nil)
    queue.ended(first.1)
    #expect(next() == 3)
    #expect(next() == nil)
    queue.ended(first.1)
    let cancelled = exchange(7)
    queue.add(cancelled, hosts[0])
    cancelled.place = .ended
    #expect(next() == 5)
    queue.ended(first.1)
    #expect(next() == 6)
  }

  @Test func idleHostsAreForgotten() {
    var queue = RequestQueue(mostRunning: 10, mostPerHost: 1)
    for number in 1...5_000 {
      let id = HTTPExchangeID(number: UInt64(number))
      let request = HTTPRequest(url: "http://a.example/")
      queue.add(
        Exchange(id, request) { _ in }, Origin(isSecure: true, host: "h\(number)", port: 443))
      guard let (exchange, host) = queue.next() else {
        Issue.record("nothing to start at \(number)")
        return
      }
      #expect(exchange.id == id)
      queue.ended(host)
    }
    #expect(queue.knownHosts <= 1_025)
  }
}
