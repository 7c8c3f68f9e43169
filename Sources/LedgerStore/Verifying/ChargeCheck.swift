import WaterfallCore

/// One attempt's money against its ledger lines and its pinned price.
struct ChargeCheck {
  let group: HoldGroup
  let record: AttemptRecord

  func run(_ findings: inout Findings) {
    let words = record.id.words
    if record.captured.micro != group.captured || record.refunded.micro != group.refunded {
      findings.breach(
        .charges,
        "\(words) says charged \(record.captured), refunded \(record.refunded); its "
          + "entries come to \(group.captured.credits) and \(group.refunded.credits)")
    }
    guard case .asked(let outcome) = record.kind else {
      findings.breach(.free, "\(words) was not asked, and has entry \(group.opening)")
      return
    }
    switch record.keySource {
    case .own: checkOwn(words, &findings)
    case .managed: checkManaged(words, outcome, &findings)
    }
  }

  private func checkOwn(_ words: String, _ findings: inout Findings) {
    if !group.isZero || record.captured != .zero || record.refunded != .zero {
      findings.breach(
        .free,
        "\(words) used an own key, and was charged \(group.captured.credits), refunded "
          + "\(group.refunded.credits)")
    }
    if record.saved.micro < 0 || record.saved > record.price {
      findings.breach(.free, "\(words) saved \(record.saved) at a price of \(record.price)")
    }
  }

  private func checkManaged(_ words: String, _ outcome: Outcome, _ findings: inout Findings) {
    if group.isZero {
      findings.breach(.charges, "\(words) used a managed key, and has no hold")
    } else if group.held != record.price.micro {
      findings.breach(
        .charges, "\(words) held \(group.held.credits), and its pinned price is \(record.price)")
    }
    if record.captured > record.price {
      findings.breach(
        .charges,
        "\(words) was charged \(record.captured), and its pinned price is "
          + "\(record.price)")
    }
    switch outcome {
    case .failure, .unknown:
      if group.captured != 0 {
        findings.breach(
          .charges, "\(words) was not answered, and was charged \(group.captured.credits)")
      }
    case .hit, .miss: break
    }
    if record.overrun.micro < 0 || (record.overrun > .zero && record.captured != record.price) {
      findings.breach(.charges, "\(words) has an overrun of \(record.overrun) below its price")
    }
    if record.saved != .zero {
      findings.breach(.free, "\(words) used a managed key, and saved \(record.saved)")
    }
  }
}
