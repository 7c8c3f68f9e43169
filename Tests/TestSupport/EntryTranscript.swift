public import WaterfallCore

extension Sequence<Entry> {
  /// The entries as the tables of the charging rules write them: `hold 2, capture 2; hold 3, void`.
  /// A semicolon stands before each opening.
  public var transcript: String {
    var text = ""
    for entry in self {
      if !text.isEmpty { text += entry.kind.isOpening && entry.opening == 0 ? "; " : ", " }
      switch entry.kind {
      case .void: text += "void"
      case .zero: text += "zero"
      default: text += "\(entry.kind.rawValue) \(entry.amount)"
      }
    }
    return text
  }

  /// What the entries of one kind add up to.
  public func total(_ kind: EntryKind) -> Credits {
    reduce(.zero) { $1.kind == kind ? $0 + $1.amount : $0 }
  }
}
