import Synchronization
import TestSupport
import WaterfallCore

@testable import WaterfallProviders
@testable import WaterfallServer

/// A desk where a network would be. Exchanges and timers are done one after the other by `drain`;
/// no time passes.
final class DeskTransport: HTTPTransport {
  let desk: SandboxDesk
  private let work = Mutex<[@Sendable () -> Void]>([])

  init(_ desk: SandboxDesk) { self.desk = desk }

  func send(
    _ request: HTTPRequest,
    completion: @escaping @Sendable (Result<HTTPResponse, HTTPFailure>) -> Void
  ) -> HTTPExchangeID {
    later { [desk] in
      let delivery = desk.answer(SandboxRequest(request))
      switch delivery.way {
      case .whole, .drip, .twice: completion(.success(delivery.response))
      case .broken, .silent: completion(.failure(HTTPFailure(.noAnswer, "no answer")))
      case .reset: completion(.failure(HTTPFailure(.badResponse, "reset")))
      }
    }
    return HTTPExchangeID(number: 0)
  }

  func cancel(_ exchange: HTTPExchangeID) {}

  func schedule(after delay: Duration, _ work: @escaping @Sendable () -> Void) { later(work) }

  private func later(_ work: @escaping @Sendable () -> Void) {
    self.work.withLock { $0.append(work) }
  }

  /// Until nothing is left to do.
  func drain() {
    while true {
      let next = work.withLock { $0.isEmpty ? nil : $0.removeFirst() }
      guard let next else { return }
      next()
    }
  }
}

extension SandboxRequest {
  /// A request as it arrives at a server.
  init(_ request: HTTPRequest) {
    let target = request.url.dropFirst("http://sandbox".count)
    let end = target.firstIndex(of: "?") ?? target.endIndex
    self.init(
      method: request.method, path: String(target[..<end]),
      query: String(target[end...].dropFirst()),
      headers: request.headers.map { HTTPHeader($0.name.lowercased(), $0.value) },
      body: request.body ?? [])
  }
}

/// Dialects, rows and questions for the tests of the server.
enum Sample {
  static func dialect(_ name: String) throws -> ProviderDialect {
    try ProviderDialect(
      Manifest(parsing: Dialects.manifest(name), file: "\(name).yaml"),
      fixtures: Fixtures(parsing: Dialects.fixtures(name), file: "fixtures/\(name).yaml"))
  }

  /// The test's own, and every bundled provider that a sandbox serves.
  static func dialects() throws -> [ProviderDialect] {
    let own = try Dialects.names.map(dialect)
    let bundled = try ServedProviders.bundled().dialects
    return own + bundled.filter { other in !own.contains { $0.id == other.id } }
  }

  /// The n-th row: everything, or half of it.
  static func row(_ number: Int) -> Inputs {
    let values = [
      "First\(number % 97)", number % 5 == 0 ? "" : "Last\(number)",
      number % 3 == 0 ? "First\(number % 97) Last\(number)" : "", "Company \(number / 3)",
      number % 4 == 0 ? "" : "company\(number / 3).example",
      number % 2 == 0 ? "https://www.linkedin.example/in/first-\(number)" : "",
      "first\(number)@company\(number / 3).example", "+447700900\(100 + number % 900)",
    ]
    return Inputs(names: InputName.wellKnown, values: values)
  }

  static func question(
    _ provider: ProviderID, _ operation: SandboxOperation, row: Int, candidate: String? = nil
  ) -> Question {
    Question(
      attempt: AttemptID(
        cell: CellID(run: RunID(1), row: Int64(row), column: 0), step: 0, role: operation.role),
      provider: provider, field: operation.field, inputs: Self.row(row),
      key: QuestionKey(high: 0, low: 0), keySource: .managed, candidate: candidate,
      workspace: "test")
  }
}
