public import WaterfallCore

/// What a workspace has left to spend, and where it came from.
public struct BalanceReport: Sendable {
  public static let schema = "waterfall.balance/1"

  private let lots: [Lot]
  private let isSimulated: Bool
  private let now: Timestamp

  /// - Parameters:
  ///   - lots: All lots of the workspace, in the order in which they are to be shown.
  ///   - now: What has expired by then is not available, whether or not anything swept it.
  public init(lots: [Lot], isSimulated: Bool, now: Timestamp) {
    self.lots = lots
    self.isSimulated = isSimulated
    self.now = now
  }

  private func available(_ lot: Lot) -> Int128 {
    lot.expires <= now ? 0 : Int128(lot.available.micro)
  }

  private var available: Int128 { lots.reduce(0) { $0 + available($1) } }
  private var held: Int128 { lots.reduce(0) { $0 + Int128($1.held.micro) } }

  public var text: String {
    var lines = [
      "available  \(Phrases.credits(available))" + (isSimulated ? " (simulated)" : ""),
      "held       \(Phrases.amount(held))",
      "balance    \(Phrases.amount(available + held))",
    ]
    let shown = lots.filter { available($0) > 0 || $0.held > .zero }
    if !shown.isEmpty { lines += [""] + table(shown).lines() }
    let hidden = Int64(lots.count - shown.count)
    if hidden > 0 { lines += ["", "\(Phrases.count(hidden, "lot")) used up or expired."] }
    return Phrases.text(lines)
  }

  private func table(_ lots: [Lot]) -> TextTable {
    var table = TextTable([
      .init("lot", .right), .init("kind"), .init("issued", .right), .init("available", .right),
      .init("held", .right), .init("expires"), .init("note", limit: 40),
    ])
    for lot in lots {
      table.add([
        String(lot.id.rawValue), lot.kind.rawValue, lot.issued.description,
        Phrases.amount(available(lot)), lot.held.description, lot.expires.iso8601, lot.note,
      ])
    }
    return table
  }

  /// All lots, used up ones included. `expires` is null for a lot that does not expire.
  public var json: JSONValue {
    .object([
      "schema": .string(Self.schema),
      "available": .amount(available),
      "held": .amount(held),
      "balance": .amount(available + held),
      "simulated": .bool(isSimulated),
      "lots": .array(lots.map(document)),
    ])
  }

  private func document(_ lot: Lot) -> JSONValue {
    let unswept = Int128(lot.available.micro) - available(lot)
    return .object([
      "kind": .string(lot.kind.rawValue),
      "issued": .amount(lot.issued),
      "available": .amount(available(lot)),
      "expires": .time(lot.expires),
      "id": .integer(lot.id.rawValue),
      "granted": .time(lot.granted),
      "held": .amount(lot.held),
      "spent": .amount(lot.spent),
      "expired": .amount(Int128(lot.expired.micro) + unswept),
      "rolled_over": .amount(lot.rolledOver),
      "note": .string(lot.note),
    ])
  }
}
