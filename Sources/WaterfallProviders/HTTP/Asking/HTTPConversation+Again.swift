import WaterfallCore

/// Asking again: after a failure, or because the answer is not ready.
extension HTTPConversation {
  /// A token that the provider does not take any more is renewed, once.
  func renewToken() -> Bool {
    guard case .oauth2 = provider.section.auth?.place, !hasRenewedToken else { return false }
    hasRenewedToken = true
    provider.authenticator.forget(credentials)
    return true
  }

  func retry(
    _ reason: FailureReason?, _ response: HTTPResponse?, or reading: Reading?, _ words: String = ""
  ) {
    let plan = provider.section.retries
    var wait = provider.backoff(plan, repetition: repetitions)
    let asked = response.flatMap { RateHeaders.retryAfter($0) }
    if let asked { wait = max(wait, asked) }
    let isWorthIt =
      switch reason {
      case .unavailable, .rateLimited, .notSent, nil: true
      // What is garbled may have been garbled on its way, where asking again is harmless.
      case .malformed: mayRepeat
      default: false
      }
    let isRepeated = isWorthIt && repetitions < plan.most && wait <= plan.longest * 2
    if reason == .rateLimited, isRepeated || asked != nil, wait <= HTTPProvider.longestPause {
      provider.gate.block(for: wait * provider.access.patience)
    }
    guard isRepeated else {
      if isPolling, isWorthIt, reason != .malformed, let poll = program.operation.poll {
        // The provider works on without us: it is asked again for as long as that may take.
        if case .failed(let reason, let note) = reading {
          provider.report(AnswerFailure(reason, note))
        }
        repetitions = 0
        return self.wait(every: poll.every, most: poll.most)
      }
      if let reading { return finish(reading) }
      return finishUnknown(words)
    }
    repetitions += 1
    provider.access.transport.schedule(after: wait * provider.access.patience) { [self] in
      exchange()
    }
  }

  func wait(every: Duration, most: Duration) {
    let now = provider.access.now()
    let since = waitingSince ?? now
    waitingSince = since
    guard now + every - since <= most else {
      return finishUnknown("it was not ready after \(most)")
    }
    provider.access.transport.schedule(after: every * provider.access.patience) { [self] in
      exchange()
    }
  }
}
