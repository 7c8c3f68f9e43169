import WaterfallCore

/// The end of a conversation: each member gets its answer.
extension HTTPConversation {
  func finishUnknown(_ words: String) {
    provider.report(AnswerFailure(.unresolved, words, leavesOpen: true))
    end { _ in Answer(.unknown) }
  }

  func finish(_ reading: Reading) {
    finish(Array(repeating: reading, count: members.count))
  }

  /// Ends it before anything was sent: that says nothing about the provider.
  func callOff() {
    let words = "it was not asked any more after it had failed too often in a row"
    finish(Array(repeating: .failed(.notSent, note: words), count: members.count), counts: false)
  }

  func finish(_ readings: [Reading], counts: Bool = true) {
    for (reading, member) in zip(readings, members) {
      guard case .failed(let reason, let note, _) = reading else { continue }
      let isOpen = leavesOpen(reading, member.question)
      provider.report(AnswerFailure(reason, note, leavesOpen: isOpen))
      break
    }
    end(counts: counts) { number in
      let question = self.members[number].question
      if self.leavesOpen(readings[number], question) { return Answer(.unknown) }
      return self.program.answer(readings[number], candidate: question.candidate)
    }
  }

  /// A job was accepted, and may be done and billed, unless the provider says that it failed.
  private func leavesOpen(_ reading: Reading, _ question: Question) -> Bool {
    guard case .failed(_, _, let isRuled) = reading else { return false }
    return isInDoubt || question.mayHaveBeenSent || isPolling && !isRuled
  }

  private func end(counts: Bool = true, _ answer: (Int) -> Answer) {
    let latency = started.map { (provider.access.now() - $0).microseconds } ?? 0
    let answers = members.indices.map { number in
      var answer = answer(number)
      answer.latency = latency
      answer.exchanges = exchanges
      return answer
    }
    // Whoever gets an answer may look at once whether the provider can be asked again.
    if counts { provider.breaker.record(batch: answers.lazy.map(\.outcome)) }
    for (member, answer) in zip(members, answers) { member.reply(answer) }
  }
}
