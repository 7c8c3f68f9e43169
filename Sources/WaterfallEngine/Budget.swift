public import WaterfallCore

/// A limit on what may be spent: by a run, or by one row.
///
/// Invariant: open holds and net captures together never exceed the limit.
public struct Budget: Sendable, Equatable {
  /// nil: no limit.
  public let limit: Credits?
  /// Reserved by holds that have not ended.
  public private(set) var held = Credits.zero
  /// Captured and not refunded.
  public private(set) var net = Credits.zero

  public init(limit: Credits?, net: Credits = .zero, held: Credits = .zero) {
    self.limit = limit
    self.net = net
    self.held = held
  }

  /// Whether a hold fits.
  public enum Answer: Sendable, Equatable {
    case fits
    /// It would fit if the open holds ended without a charge.
    case wait
    case exceeded
  }

  public func admits(_ amount: Credits) -> Answer {
    guard let limit else { return .fits }
    if net + held + amount <= limit { return .fits }
    return net + amount <= limit ? .wait : .exceeded
  }

  public mutating func hold(_ amount: Credits) { held += amount }

  /// Ends a hold: `captured` of it was charged, nothing for a void.
  public mutating func settle(held amount: Credits, captured: Credits) {
    held -= amount
    net += captured
  }

  public mutating func refund(_ amount: Credits) { net -= amount }
}
