import TestSupport
import Testing
import WaterfallProviders

@testable import CurlTransport

/// Answers that were tampered with by chance. Whatever they are read as, each exchange ends once,
/// and the transport goes on.
@Suite struct GarbageTests {
  @Test func noAnswerBringsItDown() async throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SplitMix64(state: seed)
    let rounds = (0..<200).map { _ in Self.tampered(&random) }
    let server = try ScriptedServer { request, connection in
      guard let round = Int(request.target.dropFirst()) else { return connection.answer("fine") }
      connection.send(rounds[round])
      connection.close()
    }
    let transport = try CurlTransport()
    let outcomes = Notes<(Int, Outcome)>()
    for round in rounds.indices {
      let request = HTTPRequest(
        url: server.url("/\(round)"), timeouts: HTTPTimeouts(total: .seconds(30)),
        redirects: .none, mostBytes: 2_000)
      transport.send(request) { outcomes.add((round, $0)) }
    }
    try await outcomes.wait(for: rounds.count)
    #expect(Set(outcomes.all.map(\.0)).count == rounds.count, "seed \(seed)")
    for (round, outcome) in outcomes.all {
      switch outcome {
      case .success(let response):
        #expect(response.body.count <= 2_000, "seed \(seed), round \(round)")
      case .failure(let failure):
        let kinds: [HTTPFailure.Kind] = [.noAnswer, .badResponse, .redirect]
        #expect(kinds.contains(failure.kind), "\(failure), seed \(seed), round \(round)")
      }
    }
    #expect(try await transport.get(server.url("/fine")).get().text == "fine")
  }

  /// A good answer of some kind, in which up to eight places were cut, doubled or overwritten.
  private static func tampered(_ random: inout SplitMix64) -> [UInt8] {
    let gzip = Gzip.text("{\"email\":\"ada@example.com\"}")
    let head = "HTTP/1.1 200 OK\r\nX-Fine: 1\r\nContent-Type: application/json\r\n"
    let kinds: [[UInt8]] = [
      Array((head + "Content-Length: 10\r\n\r\n0123456789").utf8),
      Array((head + "Transfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n0\r\n\r\n").utf8),
      Array((head + "Content-Encoding: gzip\r\nContent-Length: \(gzip.count)\r\n\r\n").utf8) + gzip,
      Array("HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n".utf8),
      Array("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 404 No\r\n\r\nbody".utf8),
    ]
    var bytes = kinds[Int.random(in: kinds.indices, using: &random)]
    for _ in 0..<Int.random(in: 1...8, using: &random) where !bytes.isEmpty {
      let place = Int.random(in: bytes.indices, using: &random)
      let end = min(bytes.count, place + Int.random(in: 1...6, using: &random))
      switch Int.random(in: 0..<3, using: &random) {
      case 0: bytes.removeSubrange(place..<end)
      case 1: bytes.insert(contentsOf: bytes[place..<end], at: place)
      default: bytes[place] = UInt8.random(in: 0...255, using: &random)
      }
    }
    return bytes
  }
}
