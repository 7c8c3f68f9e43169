public import WaterfallCore

/// One way to write the ledger's history, entry by entry: a history may be longer than memory.
public protocol HistoryFormat: Sendable {
  /// The name that `--format` takes.
  var name: String { get }

  /// What comes before the first entry, without a newline; nil for nothing.
  var heading: String? { get }

  /// One entry, as exactly one line without its newline. Steps count from 1.
  func line(_ line: HistoryLine) -> String
}

/// The formats by name.
public enum HistoryFormats {
  public static let all: [any HistoryFormat] = [TextHistory(), CSVHistory(), JSONLinesHistory()]
}

/// Aligned text for people; a wide cell pushes the rest of its own line.
public struct TextHistory: HistoryFormat {
  private let table = TextTable([
    .init("seq", .right, minimum: 7), .init("time", minimum: 20), .init("kind", minimum: 8),
    .init("amount", .right, minimum: 9), .init("run", .right, minimum: 4),
    .init("row", .right, minimum: 6), .init("step", .right, minimum: 4),
    .init("column", minimum: 12, limit: 20), .init("provider", minimum: 12, limit: 20),
    .init("cause"),
  ])

  public init() {}

  public var name: String { "text" }

  public var heading: String? { table.heading }

  public func line(_ line: HistoryLine) -> String {
    let cells = LineTexts(line)
    let provider = (line.attempt?.role == .verifier ? "+ " : "") + cells.provider
    return table.line(of: [
      cells.seq, cells.time, cells.kind, cells.amount, cells.run, cells.row, cells.step,
      cells.column, provider, line.cause,
    ])
  }
}

/// A line's parts as text; empty where the line has none.
private struct LineTexts {
  let seq, time, kind, amount, lot: String
  let run, row, step, role: String
  let column, provider: String

  init(_ line: HistoryLine) {
    seq = String(line.entry.seq)
    time = line.time.iso8601
    kind = line.entry.kind.rawValue
    amount = line.entry.amount.description
    lot = line.lot.map { String($0.rawValue) } ?? ""
    run = line.attempt.map { String($0.cell.run.rawValue) } ?? ""
    row = line.attempt.map { String($0.cell.row) } ?? ""
    step = line.attempt.map { String($0.step + 1) } ?? ""
    role = line.attempt?.role.name ?? ""
    column = line.column ?? ""
    provider = line.provider?.rawValue ?? ""
  }
}

/// RFC 4180 CSV with a header. Control characters in names are spelt out (`\n`), so that an entry
/// is always one line.
public struct CSVHistory: HistoryFormat {
  public init() {}

  public var name: String { "csv" }

  public var heading: String? {
    "seq,time,kind,run,row,column,provider,step,amount,from,to,cause,role,lot"
  }

  public func line(_ line: HistoryLine) -> String {
    let cells = LineTexts(line)
    return [
      cells.seq, cells.time, cells.kind, cells.run, cells.row, cells.column, cells.provider,
      cells.step, cells.amount, line.from.rawValue, line.to.rawValue, line.cause, cells.role,
      cells.lot,
    ].map(quoted).joined(separator: ",")
  }

  private func quoted(_ cell: String) -> String {
    let visible = VisibleText.of(cell)
    guard visible.contains(where: { $0 == "," || $0 == "\"" }) else { return visible }
    var text = "\""
    for character in visible {
      if character == "\"" { text.append("\"") }
      text.append(character)
    }
    return text + "\""
  }
}

/// JSON lines: one compact `waterfall.history/1` object to an entry.
public struct JSONLinesHistory: HistoryFormat {
  public static let schema = "waterfall.history/1"

  public init() {}

  public var name: String { "jsonl" }

  public var heading: String? { nil }

  public func line(_ line: HistoryLine) -> String {
    JSONValue.object([
      "schema": .string(Self.schema),
      "seq": .integer(line.entry.seq),
      "time": .time(line.time),
      "kind": .string(line.entry.kind.rawValue),
      "run": .optional(line.attempt) { .integer($0.cell.run.rawValue) },
      "row": .optional(line.attempt) { .integer($0.cell.row) },
      "column": .optional(line.column) { .string($0) },
      "provider": .optional(line.provider) { .string($0.rawValue) },
      "step": .optional(line.attempt) { .integer(Int64($0.step) + 1) },
      "amount": .amount(line.entry.amount),
      "from": .string(line.from.rawValue),
      "to": .string(line.to.rawValue),
      "cause": .string(line.cause),
      "role": .optional(line.attempt) { .string($0.role.name) },
      "lot": .optional(line.lot) { .integer($0.rawValue) },
    ]).text(.compact)
  }
}
