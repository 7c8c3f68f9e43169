public import WaterfallCore

/// The way of one row through its waterfalls, with every credit that moved.
///
/// Built from what the journal and the ledger keep of the row; shows the values that providers
/// returned, and the names of what they were sent.
public struct Explanation: Sendable {
  /// A ledger line and when it was made.
  public struct TimedEntry: Sendable, Equatable {
    public let entry: Entry
    public let time: Timestamp

    public init(_ entry: Entry, time: Timestamp) {
      self.entry = entry
      self.time = time
    }
  }

  /// What is known of the row beyond the journal, which keeps no cells of the sheet.
  public struct Sheet: Sendable {
    /// The physical line on which the row begins.
    public var line: Int64?
    /// What the providers of each column could be told; empty where that is not known.
    public var inputs: [Inputs] = []
    /// Why it is not known, in words that follow “the sheet”.
    public var lost: String?
    /// Whether the values of inputs are shown, and not only their names.
    public var showsValues = false

    public init() {}
  }

  let run: RunRecord
  let row: Int64
  let sheet: Sheet
  let cells: [ExplainedCell]
  /// Entries of the row that belong to no attempt shown.
  let others: [TimedEntry]

  /// - Parameters:
  ///   - row: 1-based data row.
  ///   - column: The position of the only column to explain; nil explains all of them.
  ///   - attempts: The attempts stored for the row, in any order.
  ///   - entries: The ledger lines of those attempts, in any order.
  ///   - skips: Why cells of this row were not asked at all, by position of the column.
  ///   - needs: What the steps of the run can be asked with, if known.
  ///   - sheet: What the row says, if it could be read again.
  public init(
    run: RunRecord, row: Int64, column: Int32? = nil, attempts: [AttemptRecord],
    entries: [TimedEntry], skips: [Int32: SkipReason], needs: InputNeeds? = nil,
    sheet: Sheet = Sheet()
  ) {
    self.run = run
    self.row = row
    self.sheet = sheet
    var rest = entries.sorted { $0.entry.seq < $1.entry.seq }
    var cells: [ExplainedCell] = []
    for (index, outline) in run.outline.columns.enumerated() {
      let position = Int32(index)
      let own = attempts.filter { $0.id.cell.column == position }
      let told = needs.map {
        ToldInputs(needs: $0, column: position, row: sheet.inputs.dropFirst(index).first)
      }
      let steps = Self.steps(own, told, taking: &rest)
      guard column == nil || column == position else { continue }
      let hasEnded = run.state == .done || row <= run.rows
      cells.append(
        ExplainedCell(
          column: outline, steps: steps, skip: skips[position], told: told,
          runHasPassedRow: hasEnded))
    }
    self.cells = cells
    others = column == nil ? rest : []
  }

  /// The attempts in the order asked, each with its entries, which are taken out of `rest`.
  private static func steps(
    _ attempts: [AttemptRecord], _ told: ToldInputs?, taking rest: inout [TimedEntry]
  ) -> [ExplainedStep] {
    let ordered = attempts.sorted {
      ($0.id.cell.generation, $0.id.step, $0.id.role.rawValue)
        < ($1.id.cell.generation, $1.id.step, $1.id.role.rawValue)
    }
    var steps: [ExplainedStep] = []
    for record in ordered {
      func belongs(_ entry: Entry) -> Bool {
        entry.attempt == record.id
          || (record.opening != 0
            && (entry.seq == record.opening || entry.opening == record.opening))
      }
      let candidate = steps.last { $0.record.id.step == record.id.step }?.record.value
      steps.append(
        ExplainedStep(
          record: record, entries: rest.filter { belongs($0.entry) },
          candidate: record.id.role == .verifier ? candidate : nil, told: told))
      rest.removeAll { belongs($0.entry) }
    }
    return steps
  }
}

/// One attempt with its ledger lines.
struct ExplainedStep {
  let record: AttemptRecord
  let entries: [Explanation.TimedEntry]
  /// The value that a verifier was asked about.
  let candidate: String?
  let told: ToldInputs?

  /// What a finder was sent, with the values; nil where that is not known.
  var sent: [(name: InputName, value: String)]? {
    guard record.id.role == .finder, case .asked = record.kind, let told else { return nil }
    return told.sent(step: record.id.step)
  }

  /// What the ledger says was captured and refunded; what the journal says where the ledger's
  /// lines were not given.
  var captured: Int128 { sum(.capture) ?? Int128(record.captured.micro) }
  var refunded: Int128 { sum(.refund) ?? Int128(record.refunded.micro) }
  var net: Int128 { captured - refunded }

  /// Whether the ledger's lines say the same as the journal. More may be refunded than the journal
  /// of the run knows: bounces come later.
  var agrees: Bool {
    captured == Int128(record.captured.micro) && refunded >= Int128(record.refunded.micro)
  }

  func entries(_ kind: EntryKind) -> [Entry] {
    entries.map(\.entry).filter { $0.kind == kind }
  }

  private func sum(_ kind: EntryKind) -> Int128? {
    guard !entries.isEmpty else { return nil }
    return entries(kind).reduce(0) { $0 + Int128($1.amount.micro) }
  }
}

/// One cell, how it ended, and its steps.
struct ExplainedCell {
  let column: RunOutline.Column
  let steps: [ExplainedStep]
  let skip: SkipReason?
  let told: ToldInputs?
  let runHasPassedRow: Bool

  var fill: AttemptRecord? { steps.last { $0.record.isAccepted }?.record }
  var finders: [AttemptRecord] { steps.map(\.record).filter { $0.id.role == .finder } }
  /// Steps that were not asked, for whatever reason.
  var passedOver: Int { finders.count { $0.outcome == nil } }
  var captured: Int128 { steps.reduce(0) { $0 + $1.captured } }
  var refunded: Int128 { steps.reduce(0) { $0 + $1.refunded } }
  var net: Int128 { captured - refunded }
  var saved: Int128 { steps.reduce(0) { $0 + Int128($1.record.saved.micro) } }

  /// How the cell ended, as far as its attempts tell.
  var state: CellState {
    if fill != nil { return .filled }
    if skip != nil { return .skipped }
    let finders = finders
    guard runHasPassedRow || finders.count >= Set(column.steps.map(\.step)).count else {
      return finders.isEmpty ? .pending : .running
    }
    let outcomes = finders.compactMap(\.outcome)
    if outcomes.isEmpty { return steps.isEmpty && !runHasPassedRow ? .pending : .skipped }
    return outcomes.allSatisfy(\.isNoAnswer) ? .failed : .empty
  }
}

/// What providers of a column can be told about the row at hand.
struct ToldInputs {
  let needs: InputNeeds
  let column: Int32
  /// nil where the row could not be read again.
  let row: Inputs?

  func sent(step: Int32) -> [(name: InputName, value: String)]? {
    row.flatMap { row in
      needs.sent(column: column, step: step, row: row)?.map { ($0, row[$0] ?? "") }
    }
  }

  /// Why a step, or the whole cell, was passed over.
  func words(for reason: SkipReason, step: Int32? = nil) -> String {
    guard reason == .missingInput else { return reason.words }
    guard let row else { return needs.words(column: column, step: step) }
    return needs.words(column: column, step: step, row: row)
  }
}

extension Outcome {
  /// Whether the provider did not say that it has a value, nor that it has none.
  var isNoAnswer: Bool {
    switch self {
    case .hit, .miss: false
    case .failure, .unknown: true
    }
  }
}
