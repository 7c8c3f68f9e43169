import Testing
import WaterfallCore

@testable import WaterfallProviders

/// How many questions a provider is given at once.
@Suite struct RoomTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let http: String
    var operation = "value: .email"
    let room: Int
    var testDescription: String { http + " " + operation }
  }

  static let cases = [
    // Twice what may be under way, where nothing may be asked twice.
    Case(http: "on_unknown: void", room: 100),
    Case(http: "on_unknown: void\nconcurrency: 4", room: 8),
    // More, where it may: commits are fewer.
    Case(http: "concurrency: 4", room: 64),
    Case(http: "on_unknown: void\nidempotency: Idempotency-Key\nconcurrency: 4", room: 64),
    // What its limits allow in ten seconds: of several, the tightest.
    Case(http: "on_unknown: void\nlimits: [{requests: 2, per: 1s}]", room: 20),
    Case(http: "limits: [{requests: 10, per: 1s}, {requests: 45, per: 1m}]", room: 45),
    Case(http: "limits: [{requests: 1, per: 1m}]", room: 1),
    // A batch is one exchange.
    Case(
      http: "on_unknown: void\nlimits: [{requests: 3, per: 1m}]",
      operation: BatchTests.operation(), room: 9),
  ]

  @Test(arguments: cases) func theManifestSaysHowMany(_ example: Case) throws {
    let desk = try Desk(http: example.http, operation: example.operation, replies: [])
    #expect(desk.provider.room == example.room)
  }
}
