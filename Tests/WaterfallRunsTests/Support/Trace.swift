import Testing
import WaterfallCore

/// What two runs must have in common, however they came about. Entry numbers may differ, as
/// answers come in another order; what each attempt did to the ledger may not.
struct Trace: Equatable {
  var output: String
  var attempts: [String]
  var movements: [String]
  var tallies: [String]
  var rowsDone: Int64
  var held: Credits
  var available: Credits

  init(_ journal: MemoryJournal, _ output: MemoryOutput) {
    let state = journal.now
    self.output = output.text
    rowsDone = state.rowsDone
    held = state.lots.values.reduce(.zero) { $0 + $1.held }
    available = state.lots.values.reduce(.zero) { $0 + $1.available }
    attempts = state.attempts.values.sorted { $0.id.isBefore($1.id) }.map { Self.words($0) }
    movements = Self.movements(state.entries)
    tallies = Self.words(state.tallies)
  }

  private static func words(_ record: AttemptRecord) -> String {
    let id = record.id
    let verdict = record.verdict.map { "\($0)" } ?? "-"
    let answer = "\(record.provider) \(record.kind) \(record.keySource) \(verdict)"
    let end = "\(record.isAccepted) \(record.question.high) \(record.latency)"
    let sums = [record.captured, record.refunded, record.overrun, record.saved]
    return "\(words(id)) \(answer) \(end) \(sums) \(record.opening > 0)"
  }

  private static func words(_ id: AttemptID) -> String {
    "\(id.cell.row)/\(id.cell.column)/\(id.step)/\(id.role)"
  }

  /// By attempt: what was held, captured, released and refunded, over all lots.
  private static func movements(_ entries: [Entry]) -> [String] {
    var attempts: [Int64: AttemptID] = [:]
    var sums: [AttemptID: [EntryKind: Credits]] = [:]
    for entry in entries {
      if let attempt = entry.attempt { attempts[entry.seq] = attempt }
      guard let id = entry.attempt ?? attempts[entry.opening] else { continue }
      sums[id, default: [:]][entry.kind, default: .zero] += entry.amount
    }
    return sums.keys.sorted { $0.isBefore($1) }.map { id in
      let kinds = EntryKind.allCases.compactMap { kind in sums[id]?[kind].map { "\(kind) \($0)" } }
      return words(id) + ": " + kinds.joined(separator: ", ")
    }
  }

  private static func words(_ tallies: RunTallies) -> [String] {
    var lines: [String] = []
    for (column, tally) in tallies.columns {
      let skipped = words(tally.skipped) { $0.rawValue }
      lines.append("\(column): \(tally.filled) \(tally.empty) \(tally.failed) \(skipped)")
      for (key, provider) in tally.providers {
        lines.append("\(column) \(key.provider) \(key.role) \(key.keySource): \(words(provider))")
      }
    }
    return lines.sorted()
  }

  private static func words(_ tally: ProviderTally) -> String {
    let counts = [
      tally.attempts, tally.hits, tally.valid, tally.invalid, tally.misses, tally.unknown,
      tally.cached, tally.money.nano, tally.latency.count,
    ]
    let sums = [tally.charged, tally.refunded, tally.saved, tally.overrun]
    let skipped = words(tally.skipped) { $0.rawValue }
    let failures = words(tally.failures) { $0.rawValue }
    let judgements = words(tally.judgements) { "\($0)" }
    return "\(counts) \(sums) \(skipped) \(failures) \(judgements)"
  }

  private static func words<Key: Hashable>(
    _ counts: [Key: Int64], _ name: (Key) -> String
  ) -> String {
    counts.map { "\(name($0.key))=\($0.value)" }.sorted().joined(separator: ",")
  }
}

/// Compares run by run, and says what differs first.
func expectSame(_ trace: Trace, _ wanted: Trace, _ comment: String) throws {
  func check<Part: Equatable>(_ name: String, _ part: KeyPath<Trace, Part>) throws {
    let (one, other) = (trace[keyPath: part], wanted[keyPath: part])
    // Compared outside of the macro, which would print both of them whole.
    let isSame = one == other
    try #require(isSame, "\(comment): \(name): \(difference(one, other))")
  }
  try check("attempts", \.attempts)
  try check("movements", \.movements)
  try check("output", \.output)
  try check("tallies", \.tallies)
  try check("rows done", \.rowsDone)
  try check("held", \.held)
  try check("available", \.available)
}

private func difference<Part>(_ one: Part, _ other: Part) -> String {
  guard let one = one as? [String], let other = other as? [String] else {
    return "\(one) instead of \(other)"
  }
  let only = Set(one).subtracting(other).sorted().prefix(4)
  let missing = Set(other).subtracting(one).sorted().prefix(4)
  return "\(Array(only)) instead of \(Array(missing)), \(one.count) and \(other.count)"
}

/// The laws of the ledger, for a journal whose run is done or has paused.
func expectLawful(_ journal: MemoryJournal, isDone: Bool = true, _ comment: String) throws {
  let state = journal.now
  var captured: [Int64: Credits] = [:]
  var refunded: [Int64: Credits] = [:]
  for entry in state.entries {
    if entry.kind == .capture { captured[entry.opening, default: .zero] += entry.amount }
    if entry.kind == .refund { refunded[entry.opening, default: .zero] += entry.amount }
  }
  if isDone { try #require(state.holds.isEmpty, "\(comment): holds stay open") }
  let byOpening = Dictionary(grouping: state.attempts.values.filter { $0.opening > 0 }) {
    $0.opening
  }
  for (opening, amount) in captured {
    let record = byOpening[opening]?.first
    try #require(record != nil, "\(comment): entry \(opening) charges, and no attempt names it")
    try #require(record?.captured == amount, "\(comment): entry \(opening)")
    try #require(record?.refunded == refunded[opening] ?? .zero, "\(comment): entry \(opening)")
  }
  for (opening, records) in byOpening {
    try #require(records.count == 1, "\(comment): entry \(opening) belongs to \(records.count)")
  }
  for lot in state.lots.values {
    let parts = [lot.available, lot.held, lot.spent, lot.expired, lot.rolledOver]
    try #require(parts.allSatisfy { $0 >= .zero } && parts.reduce(.zero, +) == lot.issued)
  }
}
