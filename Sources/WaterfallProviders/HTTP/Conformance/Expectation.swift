import WaterfallCore

/// What a response has to be read as.
enum Expectation: Equatable {
  /// A hit with this value; `claim` is the provider's own word on it, nil where any will do.
  case hit(String, claim: VerdictWord?)
  case miss
  case verdict(Verdict)
  case failure(FailureReason)
  case pending
  case submitted(String)

  /// By the class and variant of a response's name.
  ///
  /// - Parameter isJudged: Whether the finder judges its own hits. A plain one is a good one then:
  ///   it is what the sandbox answers with, and what is no better than “unknown” fills no cell.
  init?(_ name: String, role: AttemptID.Role, value: String, isJudged: Bool) {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    let kind = String(parts[0])
    switch (role, kind) {
    case (_, "pending"): self = .pending
    case (_, "submitted"): self = .submitted(SampleValues.job)
    case (.finder, "hit"):
      let plain: VerdictWord? = isJudged ? .valid : nil
      self = .hit(value, claim: parts.count > 1 ? VerdictWord(rawValue: String(parts[1])) : plain)
    case (.finder, "miss"): self = .miss
    case (.verifier, _):
      guard let word = VerdictWord(rawValue: kind) else { return nil }
      self = .verdict(word.verdict)
    default: return nil
    }
  }

  func isMet(by reading: Reading) -> Bool {
    switch (self, reading) {
    case (.hit(let wanted, let claim), .hit(let value, let claimed, _, _)):
      wanted == value && (claim == nil || claim?.fits(claimed) == true)
    case (.miss, .miss), (.pending, .pending): true
    case (.verdict(let wanted), .verdict(let verdict, _)): wanted == verdict
    case (.failure(let wanted), .failed(let reason, _, _)): wanted == reason
    case (.submitted(let wanted), .submitted(let job)): wanted == job
    default: false
    }
  }

  func isMet(by answer: Answer) -> Bool {
    switch (self, answer.outcome) {
    case (.hit(let wanted, let claim), .hit(let value)):
      wanted == value && (claim == nil || claim?.fits(answer.verdict) == true)
    case (.miss, .miss): true
    case (.verdict(let wanted), .hit): wanted == answer.verdict
    case (.failure(let wanted), .failure(let reason)): wanted == reason
    default: false
    }
  }

  var words: String {
    switch self {
    case .hit(let value, nil): "a hit with “\(value)”"
    case .hit(let value, let claim?):
      "a hit with “\(value)” that the provider calls \(claim.rawValue)"
    case .miss: "a miss"
    case .verdict(let verdict): "the verdict \(verdict.word)"
    case .failure(let reason): "the failure \(reason.rawValue)"
    case .pending: "pending"
    case .submitted(let job): "the job “\(job)”"
    }
  }
}

extension Reading {
  var words: String {
    switch self {
    case .hit(let value, let claim, _, _):
      "a hit with “\(value)”" + (claim.map { " that the provider calls \($0.word)" } ?? "")
    case .miss: "a miss"
    case .verdict(let verdict, _): "the verdict \(verdict.word)"
    case .failed(let reason, let note, _): "the failure \(reason.rawValue) (\(note))"
    case .pending: "pending"
    case .submitted(let job): "the job “\(job)”"
    }
  }
}

extension Answer {
  func words(_ role: AttemptID.Role) -> String {
    switch outcome {
    case .hit where role == .verifier: "the verdict \(verdict?.word ?? "")"
    case .hit(let value):
      "a hit with “\(value)”" + (verdict.map { " that is called \($0.word)" } ?? "")
    case .miss: "a miss"
    case .failure(let reason): "the failure \(reason.rawValue)"
    case .unknown: "an unknown outcome"
    }
  }
}

extension Verdict {
  /// As manifests write it.
  var word: String {
    VerdictWord.allCases.first { $0.verdict == self }?.rawValue ?? kind.rawValue
  }
}

extension VerdictWord {
  /// Whether a finder's word on its own hit is this one. A word for a kind is any of that kind: a
  /// landline is invalid, and a catch-all is risky; one that says why has to be that one.
  fileprivate func fits(_ claim: Verdict?) -> Bool {
    switch self {
    case .valid, .invalid, .risky, .unknown: verdict.kind == claim?.kind
    case .catchAll, .landline, .someoneElse: verdict == claim
    }
  }
}
