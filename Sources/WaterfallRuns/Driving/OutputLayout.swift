import CSVCodec
import WaterfallCore
import WaterfallEngine

/// Where the enriched values go: into columns that the sheet has, or into new ones at its end.
struct OutputLayout {
  /// A place in the output's records.
  enum Target: Equatable {
    case existing(Int)
    case appended(Int)
  }

  /// The places of one enriched column; the last three only with provenance.
  struct ColumnTargets {
    let field: Field
    var value: Target
    var provider: Target?
    var status: Target?
    var credits: Target?
  }

  /// The header of the column that marks rows with simulated values, and its mark.
  static let simulatedName = "simulated"

  let width: Int
  let columns: [ColumnTargets]
  let simulated: Target?
  /// The headers of the new columns.
  let appendedNames: [String]

  /// A row that nothing was found for stays as it is, byte for byte.
  var keepsUntouchedRows: Bool { appendedNames.isEmpty }

  /// Finds each column's place by its name; names that the header does not have are appended.
  ///
  /// - Parameter columns: The names of the enriched columns, with the sheet's own column of the
  ///   same field where it has one.
  init(
    header: [String], columns: [(name: String, field: Field, existing: Int?)], hasProvenance: Bool,
    isSimulated: Bool
  ) {
    var appended: [String] = []
    func place(_ name: String) -> Target {
      if let index = header.firstIndex(of: name) { return .existing(index) }
      appended.append(name)
      return .appended(appended.count - 1)
    }
    var targets: [ColumnTargets] = []
    for (name, field, existing) in columns {
      var target = ColumnTargets(
        field: field, value: existing.map { .existing($0) } ?? place(name))
      if hasProvenance {
        target.provider = place(name + "_provider")
        target.status = place(name + "_status")
        target.credits = place(name + "_credits")
      }
      targets.append(target)
    }
    self.columns = targets
    simulated = isSimulated ? place(Self.simulatedName) : nil
    width = header.count
    appendedNames = appended
  }

  func writeHeader(of reader: CSVReader, to output: inout CSVOutput) {
    guard !appendedNames.isEmpty else { return output.append(raw: reader.preambleBytes) }
    output.appendHeader(of: reader, appending: appendedNames)
  }

  /// Writes a row that has ended: its own bytes, but for what was found.
  func write(_ row: Row, to output: inout CSVOutput) {
    var replacing: [(column: Int, value: String)] = []
    var appending = [String](repeating: "", count: appendedNames.count)
    func put(_ value: String, at target: Target?) {
      switch target {
      case .existing(let column): replacing.append((column, value))
      case .appended(let index): appending[index] = value
      case nil: break
      }
    }
    guard row.cells.first?.skip != .ragged else {
      return output.appendRecords(row.record..<(row.record + 1), of: row.batch)
    }
    var hasSimulated = false
    for (column, cell) in row.cells.enumerated() {
      let targets = columns[column]
      if let fill = cell.fill {
        if cell.isSimulated { hasSimulated = true }
        put(fill.value, at: targets.value)
      }
      if targets.status != nil, cell.skip != .alreadyFilled || cell.state != .skipped {
        let keepsOld = cell.state == .skipped || keepsValue(of: cell, at: targets, in: row)
        func note(_ value: String, at target: Target?) {
          if keepsOld, case .existing = target { return }
          put(value, at: target)
        }
        note(Self.provider(of: cell, column, in: row), at: targets.provider)
        note(Self.status(of: cell), at: targets.status)
        note(Self.credits(of: column, in: row).description, at: targets.credits)
      }
    }
    if hasSimulated { put(Self.simulatedName, at: simulated) }
    output.appendRecord(
      row.record, of: row.batch, replacing: replacing, appending: appending, width: width)
  }

  /// Whether an earlier value stands, with whatever the sheet says about where it came from.
  private func keepsValue(of cell: Row.Cell, at targets: ColumnTargets, in row: Row) -> Bool {
    guard cell.fill == nil, case .existing(let column) = targets.value else { return false }
    return row.batch.hasValue(row.record, column, of: targets.field)
  }

  private static func provider(of cell: Row.Cell, _ column: Int, in row: Row) -> String {
    guard let fill = cell.fill else { return "" }
    let record = row.records.first {
      $0.id.cell.column == Int32(column) && $0.id.step == Int32(fill.step)
        && $0.id.role == .finder
    }
    return record?.provider.rawValue ?? ""
  }

  private static func status(of cell: Row.Cell) -> String {
    switch cell.state {
    case .filled: cell.fill?.verdict.map { "filled: \($0.kind.rawValue)" } ?? "filled"
    case .skipped: cell.skip.map { "skipped: \($0.rawValue)" } ?? "skipped"
    default: cell.state.rawValue
    }
  }

  private static func credits(of column: Int, in row: Row) -> Credits {
    row.records.reduce(.zero) {
      $1.id.cell.column == Int32(column) ? $0 + $1.captured - $1.refunded : $0
    }
  }
}
