/// The laws that a ledger can be held to without knowing how it came about, numbered as the charging
/// rules number them; 0 is the soundness of the file, and 13 the agreement of the totals.
enum LedgerLaw: Int, CaseIterable {
  case file
  case movements
  case lots
  case holds
  case refunds
  case workspace
  case budgets
  case oneCapture
  case charges
  case free
  case replay
  case chain
  case owners
  case totals

  var sentence: String {
    switch self {
    case .file: "The file is sound, and every row refers to rows that exist"
    case .movements: "What leaves one account arrives in another: the sums of from and to agree"
    case .lots:
      "Each lot: issued = available + held + spent + expired + rolled over, and none is negative"
    case .holds: "Each hold: amount = captured + released, or it is open; it ends once at most"
    case .refunds: "Refunds never exceed their charge"
    case .workspace: "Grants − expiries = available + held + charged − refunded"
    case .budgets: "Every budget: open holds and net captures stay within the limit"
    case .oneCapture: "There is one net capture for each operation and step"
    case .charges:
      "Every charge belongs to one stored attempt, and its amount follows from the pinned price"
    case .free: "Own keys and shared answers cost nothing"
    case .replay: "Stored balances and open holds are those of a replay from the first entry"
    case .chain: "The sequence has no gaps, time never goes back, and the chain of hashes is intact"
    case .owners: "There is no hold without a live owner"
    case .totals:
      "Totals by column = by provider = by row = ledger, and tallies are those recounted"
    }
  }
}
