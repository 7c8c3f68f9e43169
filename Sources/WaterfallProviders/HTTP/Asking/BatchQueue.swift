import Synchronization
import WaterfallCore

/// Gathers questions until they fill an exchange, or the first of them has waited long enough.
final class BatchQueue: Sendable {
  private let plan: BatchPlan
  private unowned let provider: HTTPProvider
  private let program: HTTPOperationProgram
  private let waiting = Mutex<(members: [HTTPConversation.Member], round: Int)>(([], 0))

  init(_ plan: BatchPlan, _ provider: HTTPProvider, _ program: HTTPOperationProgram) {
    self.plan = plan
    self.provider = provider
    self.program = program
  }

  func add(_ member: HTTPConversation.Member) {
    let (full, timer) = waiting.withLock { state -> ([HTTPConversation.Member]?, Int?) in
      state.members.append(member)
      guard state.members.count >= plan.most else {
        return (nil, state.members.count == 1 ? state.round : nil)
      }
      return (Self.take(&state), nil)
    }
    if let full { send(full) }
    guard let timer else { return }
    provider.access.transport.schedule(after: plan.wait) { [weak self] in
      self?.waitedLongEnough(timer)
    }
  }

  /// Unless the exchange of that round has gone since.
  private func waitedLongEnough(_ round: Int) {
    let members = waiting.withLock { state in
      state.round == round ? Self.take(&state) : []
    }
    if !members.isEmpty { send(members) }
  }

  private static func take(
    _ state: inout (members: [HTTPConversation.Member], round: Int)
  ) -> [HTTPConversation.Member] {
    defer { state = ([], state.round + 1) }
    return state.members
  }

  private func send(_ members: [HTTPConversation.Member]) {
    HTTPConversation(provider, program, plan.request, members, isBatch: true).start()
  }
}
