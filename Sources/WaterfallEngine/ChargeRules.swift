public import WaterfallCore

/// What an answer does to its hold: the table of charging rules, as one function without state.
public struct Settlement: Sendable, Equatable {
  /// To capture; nil to void the hold.
  public let captured: Credits?
  /// What the provider says it cost beyond the price. Borne by the house, never by the user.
  public let overrun: Credits

  public init(captured: Credits?, overrun: Credits = .zero) {
    self.captured = captured
    self.overrun = overrun
  }

  public static let void = Settlement(captured: nil)
}

extension Step {
  /// How a finder's answer settles its hold.
  ///
  /// A hit captures, whatever the verdict will be: a rejected one is refunded afterwards, so that
  /// the ledger shows both. A miss captures only under the policy `called`. A failure, and an
  /// outcome that stays unknown, never do.
  public func settlement(ofFinder answer: Answer) -> Settlement {
    switch answer.outcome {
    case .hit: capture(answer)
    case .miss: chargePolicy == .called ? capture(answer) : .void
    case .failure, .unknown: .void
    }
  }

  /// How a verifier's answer settles its hold: any verdict is captured but those that it gives for
  /// free.
  public func settlement(ofVerifier answer: Answer) -> Settlement {
    switch answer.outcome {
    case .hit:
      isFree(answer.verdict) ? .void : capture(answer)
    case .miss: chargePolicy == .called ? capture(answer) : .void
    case .failure, .unknown: .void
    }
  }

  private func isFree(_ verdict: Verdict?) -> Bool {
    FreeVerdict(verdict).map(freeVerdicts.contains) ?? false
  }

  private func capture(_ answer: Answer) -> Settlement {
    guard let reported = answer.reportedCost, reported >= .zero else {
      return Settlement(captured: price)
    }
    return Settlement(
      captured: min(reported, price), overrun: reported > price ? reported - price : .zero)
  }
}
