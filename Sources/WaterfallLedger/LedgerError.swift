/// A request that would break a law of the ledger. Always our own fault, never the user's.
public enum LedgerError: Error, Equatable, CustomStringConvertible {
  /// The hold does not exist, or was captured or voided before.
  case holdHasEnded(opening: Int64)
  /// The capture is greater than the hold.
  case captureExceedsHold(opening: Int64)
  /// The refunds would be greater than the charge.
  case refundExceedsCharge(opening: Int64)
  case negativeAmount
  /// The total of all lots would leave the range of an amount.
  case overflow

  public var description: String {
    switch self {
    case .holdHasEnded(let opening): "the hold of entry \(opening) has already ended"
    case .captureExceedsHold(let opening): "a capture exceeds its hold, entry \(opening)"
    case .refundExceedsCharge(let opening): "a refund exceeds its charge, entry \(opening)"
    case .negativeAmount: "an amount is negative"
    case .overflow: "the credits of the workspace would leave the range of an amount"
    }
  }
}
