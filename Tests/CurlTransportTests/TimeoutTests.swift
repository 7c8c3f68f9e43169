import Foundation
import TestSupport
import Testing
import WaterfallProviders

@testable import CurlTransport

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Limits of time, each with its kind of failure.
@Suite struct TimeoutTests {
  /// A listener whose queue is full lets nobody else connect.
  @Test func connectingHasALimit() async throws {
    let (listener, port) = try Sockets.listen(backlog: 0)
    let crowd = (0..<8).map { _ in Sockets.startConnecting(to: port) }
    defer { for socket in crowd + [listener] { _ = Sockets.close(socket) } }
    let transport = try CurlTransport()
    let request = HTTPRequest(
      url: "http://127.0.0.1:\(port)/?key=secret",
      timeouts: HTTPTimeouts(connect: .milliseconds(300), total: .seconds(60)))
    let failure = try failure(await transport.exchange(request))
    #expect(failure.kind == .notConnected)
    #expect(failure.message == "no connection to 127.0.0.1:\(port) within 300 ms")
    #expect(failure.latency >= 300_000)
  }

  @Test func theFirstByteHasALimit() async throws {
    let server = try ScriptedServer { _, connection in while connection.readMore() {} }
    let transport = try CurlTransport()
    let request = HTTPRequest(
      url: server.url("/?key=secret"),
      timeouts: HTTPTimeouts(firstByte: .milliseconds(250), total: .seconds(60)))
    let failure = try failure(await transport.exchange(request))
    #expect(failure.kind == .noAnswer)
    #expect(failure.message == "127.0.0.1:\(server.port) did not begin to answer within 250 ms")
    #expect(failure.latency >= 250_000)
  }

  /// An answer that drips meets the limit on the whole, not the one on its first byte.
  @Test(arguments: [false, true]) func theWholeHasALimit(isPolling: Bool) async throws {
    let server = try ScriptedServer { _, connection in
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
      while !connection.isClosed {
        connection.send("x")
        connection.pause(0.02)
      }
    }
    let transport = try ExchangeTests.transport(isPolling: isPolling)
    let request = HTTPRequest(
      url: server.url(), timeouts: HTTPTimeouts(firstByte: .seconds(30), total: .seconds(1)))
    let failure = try failure(await transport.exchange(request))
    #expect(failure.kind == .noAnswer)
    #expect(failure.message == "127.0.0.1:\(server.port) did not answer in full within 1 s")
    #expect(failure.latency >= 1_000_000)
  }

  /// A server that answers late, but in time, is waited for; and earlier limits do not linger.
  @Test func limitsBelongToTheirExchange() async throws {
    let server = try ScriptedServer { request, connection in
      if request.target == "/slow" { connection.pause(0.5) }
      connection.answer("fine")
    }
    let transport = try CurlTransport()
    for _ in 0..<3 {
      // The same handle, with a limit that would be over by then, and one that is not.
      let quick = HTTPRequest(
        url: server.url("/quick"),
        timeouts: HTTPTimeouts(firstByte: .seconds(20), total: .milliseconds(20_001)))
      #expect(try await transport.exchange(quick).get().text == "fine")
      let slow = HTTPRequest(
        url: server.url("/slow"), timeouts: HTTPTimeouts(total: .seconds(30)))
      #expect(try await transport.exchange(slow).get().text == "fine")
      let late = HTTPRequest(
        url: server.url("/slow"),
        timeouts: HTTPTimeouts(firstByte: .milliseconds(100), total: .seconds(30)))
      #expect(try failure(await transport.exchange(late)).kind == .noAnswer)
    }
  }

  /// Waiting for a slot is no part of an exchange's time.
  @Test func theQueueIsNotCounted() async throws {
    let server = try ScriptedServer { _, connection in
      connection.pause(0.4)
      connection.answer("fine")
    }
    var options = CurlTransport.Options()
    options.mostInFlight = 1
    let transport = try CurlTransport(options)
    let limits = HTTPTimeouts(firstByte: .seconds(30), total: .milliseconds(1_500))
    let outcomes = Notes<Outcome>()
    for _ in 0..<5 {
      transport.send(HTTPRequest(url: server.url(), timeouts: limits)) { outcomes.add($0) }
    }
    try await outcomes.wait(for: 5)
    for outcome in outcomes.all { #expect(try outcome.get().text == "fine") }
  }

  @Test func aLimitOfNothingIsOverAtOnce() async throws {
    let server = try ScriptedServer { _, connection in connection.answer("fine") }
    let transport = try CurlTransport()
    let request = HTTPRequest(url: server.url(), timeouts: HTTPTimeouts(total: .zero))
    #expect(try failure(await transport.exchange(request)).kind == .notConnected)
    let forever = HTTPTimeouts(
      connect: .seconds(Int64.max), firstByte: .seconds(Int64.max), total: .seconds(Int64.max))
    let patient = HTTPRequest(url: server.url(), timeouts: forever)
    #expect(try await transport.exchange(patient).get().text == "fine")
  }

  // MARK: Timers

  @Test func timersCallInOrder() async throws {
    let transport = try CurlTransport()
    let order = Notes<Int>()
    for (number, delay) in [(5, 250), (2, 50), (4, 200), (3, 100), (1, 0), (0, -5)] {
      transport.schedule(after: .milliseconds(delay)) { order.add(number) }
    }
    try await order.wait(for: 6)
    #expect(Set(order.all.prefix(2)) == [0, 1])
    #expect(Array(order.all.dropFirst(2)) == [2, 3, 4, 5])
  }

  @Test func timersAreNeverEarly() async throws {
    let transport = try CurlTransport()
    let clock = ContinuousClock()
    for delay in [1, 3, 10, 40] {
      let start = clock.now
      await transport.pause(.milliseconds(delay))
      #expect(clock.now - start >= .milliseconds(delay))
    }
  }

  /// A timer may start exchanges and timers, and does so on the transport's one thread.
  @Test func timersMayGoOn() async throws {
    let server = try ScriptedServer { _, connection in connection.answer("fine") }
    let transport = try CurlTransport()
    let steps = Notes<String>()
    transport.schedule(after: .milliseconds(5)) {
      transport.send(HTTPRequest(url: server.url())) { _ in
        steps.add("answer")
        transport.schedule(after: .milliseconds(5)) { steps.add("later") }
      }
      steps.add("sent")
    }
    try await steps.wait(for: 3)
    #expect(steps.all == ["sent", "answer", "later"])
  }

  /// While it waits for an answer and a timer, the thread sleeps, although connections that it keeps
  /// are idle, closed by their server, or have something to say that nobody asked for.
  @Test(arguments: [false, true]) func waitingCostsNothing(isPolling: Bool) async throws {
    let server = try ScriptedServer { request, connection in
      if request.target == "/slow" { connection.pause(1.5) }
      connection.answer("fine")
      guard request.target != "/slow" else { return }
      connection.pause(0.6)
      if request.target == "/talks" { connection.send("more") } else { connection.close() }
    }
    let transport = try ExchangeTests.transport(isPolling: isPolling)
    let first = Notes<Outcome>()
    for target in ["/slow", "/closes", "/talks"] {
      transport.send(HTTPRequest(url: server.url(target))) { first.add($0) }
    }
    try await first.wait(for: 2)
    let times = Notes<Double>()
    transport.schedule(after: .milliseconds(50)) { times.add(Self.threadTime()) }
    transport.schedule(after: .milliseconds(1_050)) { times.add(Self.threadTime()) }
    try await times.wait(for: 2)
    try await first.wait(for: 3)
    let spent = times.all[1] - times.all[0]
    #expect(spent < 0.1, "\(spent) s of processor time in 1 s of waiting")
  }

  /// What this thread has spent on a processor, in seconds.
  static func threadTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  @Test func alarmsPopByTimeAndThenByTurn() {
    var alarms = Alarms()
    let called = Notes<Int>()
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = SplitMix64(state: seed)
    let deadlines = (0..<500).map { _ in Int64.random(in: 0..<50, using: &generator) }
    for (number, deadline) in deadlines.enumerated() {
      alarms.add(at: deadline, .work { called.add(number) })
    }
    #expect(alarms.next == deadlines.min())
    var last = Int64.min
    for now in Int64(0)..<50 {
      while let (deadline, task) = alarms.popDue(now: now) {
        #expect(deadline <= now && deadline >= last)
        last = deadline
        if case .work(let work) = task { work() }
      }
    }
    #expect(alarms.next == nil)
    let expected = deadlines.enumerated().sorted {
      ($0.element, $0.offset) < ($1.element, $1.offset)
    }
    #expect(called.all == expected.map(\.offset), "seed \(seed)")
  }

  /// This process stood still while the answers came, as it does when it is stopped by a signal:
  /// they are there, and are not late.
  @Test(arguments: [false, true]) func whatIsThereIsNotLate(isPolling: Bool) throws {
    // Where the requests themselves took their time, nothing is shown: once more.
    let outcomes = try Background {
      for _ in 0..<20 {
        if let outcomes = try Self.outcomesOfAStall(isPolling: isPolling) { return outcomes }
      }
      return []
    }.value(within: .seconds(900))
    #expect(outcomes.count == 100)
    for outcome in outcomes { #expect(try outcome.get().text == "fine") }
  }

  /// What a hundred requests end with whose answers come while the transport stands still for
  /// longer than they may take; nil where it did not come to stand still in time.
  private static func outcomesOfAStall(isPolling: Bool) throws -> [Outcome]? {
    let (stalls, answers) = (Notes<Bool>(), Notes<Bool>())
    let server = try ScriptedServer { _, connection in
      while stalls.all.isEmpty { connection.pause(0.01) }
      connection.answer("fine")
      answers.add(true)
    }
    let transport = try ExchangeTests.transport(isPolling: isPolling)
    let outcomes = Notes<Outcome>()
    let start = ContinuousClock.now
    let timeouts = HTTPTimeouts(firstByte: .seconds(8), total: .seconds(8))
    for _ in 0..<100 {
      transport.send(HTTPRequest(url: server.url(), timeouts: timeouts)) { outcomes.add($0) }
    }
    _ = eventually(within: .seconds(7)) { server.counts.requests == 100 }
    transport.schedule(after: .zero) {
      stalls.add(server.counts.requests == 100 && ContinuousClock.now - start < .seconds(7.5))
      while answers.all.count < server.counts.requests || ContinuousClock.now - start < .seconds(9)
      { Thread.sleep(forTimeInterval: 0.01) }
    }
    guard eventually(within: .seconds(300), { outcomes.all.count == 100 }) else { return [] }
    return stalls.all == [true] ? outcomes.all : nil
  }
}
