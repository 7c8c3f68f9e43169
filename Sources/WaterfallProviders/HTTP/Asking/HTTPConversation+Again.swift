import WaterfallCore

/// Asking again: after a failure, or because the answer is not ready.
extension HTTPConversation {
  /// Limits that an answer tells of hold for all who ask with the key.
  func heed(_ headers: RateHeaders) {
    if let pause = headers.pause, pause <= HTTPProvider.longestPause {
      provider.gate.block(for: pause)
    }
    // The manifest's limits do not hold for a sandbox, nor do those that it repeats.
    guard provider.access.sandboxSeed == nil else { return }
    for limit in headers.limits where limit.per <= HTTPProvider.longestPause {
      provider.gate.tighten(to: limit)
    }
  }

  /// A token that the provider does not take any more is renewed, once until it takes one.
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
    let asked = response.flatMap { wish($0, isRateLimited: reason == .rateLimited) }
    if let asked { wait = max(wait, asked) }
    let isWorthIt = isWorthRepeating(reason)
    let isRepeated = isWorthIt && repetitions < plan.most && wait <= plan.longest * 2
    if reason == .rateLimited, isRepeated || asked != nil, wait <= HTTPProvider.longestPause {
      provider.gate.block(for: wait * provider.access.patience)
    }
    guard isRepeated else {
      if isPolling, isWorthIt, reason != .malformed {
        return waitForJob(reading, atLeast: asked ?? .zero)
      }
      if let reading { return finish(reading) }
      return finishUnknown(words)
    }
    repetitions += 1
    provider.access.transport.schedule(after: wait * provider.access.patience) { [self] in
      exchange()
    }
  }

  private func isWorthRepeating(_ reason: FailureReason?) -> Bool {
    // Where it may have been done, only who may ask twice asks again.
    guard mayRepeat || !isInDoubt else { return false }
    switch reason {
    case .unavailable, .rateLimited, .notSent, nil: return true
    // What is garbled may have been garbled on its way, where asking again is harmless.
    case .malformed: return mayRepeat
    default: return false
    }
  }

  /// How long the provider wants to be left alone.
  private func wish(_ response: HTTPResponse, isRateLimited: Bool) -> Duration? {
    let now = provider.access.date()
    if let asked = RateHeaders.retryAfter(response, now: now) { return asked }
    return isRateLimited ? RateHeaders(response, now: now).reset : nil
  }

  /// How long it wants to be left alone that answered “not ready”.
  func rest(_ response: HTTPResponse) -> Duration { wish(response, isRateLimited: false) ?? .zero }

  /// No token can be had, after all the repetitions that there are for that.
  func endWithoutCredentials(_ failure: AnswerFailure) {
    let reading = Reading.failed(failure.reason, note: failure.note)
    guard isPolling, failure.reason != .credentials else { return finish(reading) }
    waitForJob(reading, atLeast: .zero)
  }

  /// The provider works on without us: it is asked again for as long as that may take.
  private func waitForJob(_ reading: Reading?, atLeast asked: Duration) {
    guard let poll = program.operation.poll else { return finishUnknown("it has no job") }
    if case .failed(let reason, let note, _) = reading {
      provider.report(AnswerFailure(reason, note))
    }
    repetitions = 0
    wait(every: max(poll.every, asked), most: poll.most)
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
