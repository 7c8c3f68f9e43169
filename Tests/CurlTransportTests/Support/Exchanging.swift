import CurlTransport
import Synchronization
import Testing
import WaterfallProviders

typealias Outcome = Result<HTTPResponse, HTTPFailure>

extension CurlTransport {
  func exchange(_ request: HTTPRequest) async -> Outcome {
    await withCheckedContinuation { continuation in
      send(request) { continuation.resume(returning: $0) }
    }
  }

  func get(_ url: String) async -> Outcome { await exchange(HTTPRequest(url: url)) }

  func pause(_ delay: Duration) async {
    await withCheckedContinuation { continuation in
      schedule(after: delay) { continuation.resume() }
    }
  }
}

extension HTTPTimeouts {
  init(connect: Duration = .seconds(20), firstByte: Duration = .seconds(60), total: Duration) {
    self.init()
    self.connect = connect
    self.firstByte = firstByte
    self.total = total
  }
}

extension HTTPResponse {
  var text: String { String(decoding: body, as: UTF8.self) }
}

/// The failure of an exchange that must not succeed.
func failure(
  _ outcome: Outcome, sourceLocation: SourceLocation = #_sourceLocation
) throws -> HTTPFailure {
  switch outcome {
  case .failure(let failure): return failure
  case .success(let response):
    Issue.record("status \(response.status) came back", sourceLocation: sourceLocation)
    throw HTTPFailure(.badRequest, "none")
  }
}

/// Collects what is told on other threads.
final class Notes<Note: Sendable>: Sendable {
  private let notes = Mutex<[Note]>([])

  func add(_ note: Note) { notes.withLock { $0.append(note) } }
  var all: [Note] { notes.withLock { $0 } }

  /// Returns when there are so many, however long it takes.
  func wait(for count: Int) async throws {
    while all.count < count { try await Task.sleep(for: .milliseconds(5)) }
  }
}
