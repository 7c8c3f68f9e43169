import WaterfallProviders

/// What a caller asked for, until its completion is called.
final class Exchange: Sendable {
  typealias Completion = @Sendable (Result<HTTPResponse, HTTPFailure>) -> Void

  enum Place {
    /// In the mailbox or the queue.
    case waiting
    case running(Transfer)
    case ended
  }

  let id: HTTPExchangeID
  let request: HTTPRequest
  let completion: Completion

  /// Read and written by the loop's thread alone.
  nonisolated(unsafe) var place = Place.waiting

  init(_ id: HTTPExchangeID, _ request: HTTPRequest, _ completion: @escaping Completion) {
    self.id = id
    self.request = request
    self.completion = completion
  }

  var isWaiting: Bool {
    if case .waiting = place { true } else { false }
  }
}
