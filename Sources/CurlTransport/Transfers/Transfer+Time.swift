import WaterfallProviders

extension Transfer {
  /// When to look next whether the exchange is late.
  var deadline: Int64 {
    if !hasConnected { return min(connectBy, firstByteBy, endBy) }
    return hasFirstByte ? endBy : min(firstByteBy, endBy)
  }

  /// What it is late with; nil while it is in time.
  func lateness(now: Int64) -> Breakdown.Verdict? {
    guard deadline <= now, let timeouts = exchange?.request.timeouts else { return nil }
    func within(_ limit: Duration) -> String { "within \(Breakdown.words(limit))" }
    if !hasConnected {
      let limit = min(timeouts.connect, timeouts.firstByte, timeouts.total)
      return (.notConnected, "no connection to \(place) \(within(limit))")
    }
    if !hasFirstByte, firstByteBy <= endBy {
      return (.noAnswer, "\(place) did not begin to answer \(within(timeouts.firstByte))")
    }
    return (.noAnswer, "\(place) did not answer in full \(within(timeouts.total))")
  }
}
