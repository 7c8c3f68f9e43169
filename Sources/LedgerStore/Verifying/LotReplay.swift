import WaterfallCore

/// Balances by lot and account, moved entry by entry. Plain integers that wrap: an amount forged to
/// overflow must be found, not trap.
struct LotReplay {
  struct Balance: Equatable {
    var issued: Int64 = 0
    var available: Int64 = 0
    var held: Int64 = 0
    var spent: Int64 = 0
    var expired: Int64 = 0
    var rolledOver: Int64 = 0

    var isNegative: Bool {
      issued < 0 || available < 0 || held < 0 || spent < 0 || expired < 0 || rolledOver < 0
    }
    var sum: Int64 { available &+ held &+ spent &+ expired &+ rolledOver }
  }

  private(set) var lots: [LotID: Balance] = [:]
  private(set) var from: [Account: Int64] = [:]
  private(set) var to: [Account: Int64] = [:]
  private(set) var amounts: [EntryKind: Int64] = [:]

  mutating func apply(_ entry: Entry, _ findings: inout Findings) {
    let amount = entry.amount.micro
    from[entry.kind.from, default: 0] &+= amount
    to[entry.kind.to, default: 0] &+= amount
    amounts[entry.kind, default: 0] &+= amount
    guard entry.kind != .zero else { return }
    var balance = lots[entry.lot] ?? Balance()
    move(amount, entry.kind, in: &balance)
    lots[entry.lot] = balance
    if balance.isNegative || amount < 0 {
      findings.breach(
        .lots,
        "after entry \(entry.seq), \(entry.kind.rawValue) \(amount.credits), lot "
          + "\(entry.lot.rawValue) has available \(balance.available.credits), held "
          + "\(balance.held.credits), spent \(balance.spent.credits)")
    }
  }

  private func move(_ amount: Int64, _ kind: EntryKind, in balance: inout Balance) {
    switch kind {
    case .grant:
      balance.issued &+= amount
      balance.available &+= amount
    case .hold:
      balance.available &-= amount
      balance.held &+= amount
    case .capture:
      balance.held &-= amount
      balance.spent &+= amount
    case .void:
      balance.held &-= amount
      balance.available &+= amount
    case .refund:
      balance.spent &-= amount
      balance.available &+= amount
    case .expire:
      balance.available &-= amount
      balance.expired &+= amount
    case .rollover:
      balance.available &-= amount
      balance.rolledOver &+= amount
    case .zero: break
    }
  }

  /// Balances of accounts against those of the lots, which were moved apart from each other.
  func checkMovements(entries: Int64, _ findings: inout Findings) {
    let left = from.values.reduce(0, &+)
    let arrived = to.values.reduce(0, &+)
    if left != arrived {
      findings.breach(.movements, "\(left.credits) left, and \(arrived.credits) arrived")
    }
    let pairs: [(Account, (Balance) -> Int64)] = [
      (.available, \.available), (.held, \.held), (.spent, \.spent), (.breakage, \.expired),
    ]
    for (account, part) in pairs {
      let byAccount = to[account, default: 0] &- from[account, default: 0]
      let byLot = lots.values.map(part).reduce(0, &+)
      if byAccount != byLot {
        findings.breach(
          .movements,
          "\(account.rawValue) is \(byAccount.credits), and its lots have "
            + "\(byLot.credits)")
      }
    }
    findings.checked(
      .movements, "\(counted(entries, "entry", "entries")), \(left.credits) credits moved")
  }

  /// The stored lots and balances against the replay.
  func check(_ stored: [Lot], _ findings: inout Findings) {
    var total = Balance()
    for lot in stored {
      let replayed = lots[lot.id] ?? Balance()
      if replayed.issued != lot.issued.micro || replayed.sum != replayed.issued {
        findings.breach(
          .lots,
          "lot \(lot.id.rawValue) was issued with \(lot.issued), its entries bring "
            + "\(replayed.issued.credits) and account for \(replayed.sum.credits)")
      }
      let balance = Balance(
        issued: replayed.issued, available: lot.available.micro, held: lot.held.micro,
        spent: lot.spent.micro, expired: lot.expired.micro, rolledOver: lot.rolledOver.micro)
      if balance != replayed { breach(lot, balance, replayed, &findings) }
      total.available &+= balance.available
      total.held &+= balance.held
    }
    for id in lots.keys where !stored.contains(where: { $0.id == id }) {
      findings.breach(.lots, "entries name lot \(id.rawValue), which does not exist")
    }
    checkWorkspace(total, lots: stored.count, &findings)
    findings.checked(.lots, counted(stored.count, "lot"))
    findings.checked(.replay, counted(stored.count, "balance"))
  }

  private func breach(
    _ lot: Lot, _ stored: Balance, _ replayed: Balance, _ findings: inout Findings
  ) {
    let parts: [(String, (Balance) -> Int64)] = [
      ("available", \.available), ("held", \.held), ("spent", \.spent), ("expired", \.expired),
      ("rolled over", \.rolledOver),
    ]
    for (name, part) in parts where part(stored) != part(replayed) {
      findings.breach(
        .replay,
        "lot \(lot.id.rawValue): \(name) is stored as \(part(stored).credits), and the "
          + "entries come to \(part(replayed).credits)")
    }
  }

  private func checkWorkspace(_ stored: Balance, lots: Int, _ findings: inout Findings) {
    func amount(_ kind: EntryKind) -> Int64 { amounts[kind, default: 0] }
    let granted = amount(.grant) &- amount(.rollover)
    let left = granted &- amount(.expire)
    let right = stored.available &+ stored.held &+ amount(.capture) &- amount(.refund)
    if left != right {
      findings.breach(
        .workspace,
        "granted \(granted.credits) − expired \(amount(.expire).credits) is "
          + "\(left.credits), but available \(stored.available.credits) + held "
          + "\(stored.held.credits) + charged \(amount(.capture).credits) − refunded "
          + "\(amount(.refund).credits) is \(right.credits)")
    }
    findings.checked(
      .workspace,
      "granted \(granted.credits), expired \(amount(.expire).credits), charged "
        + "\(amount(.capture).credits), refunded \(amount(.refund).credits)")
  }
}
