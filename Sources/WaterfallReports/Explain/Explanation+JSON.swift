import WaterfallCore

extension Explanation {
  public static let schema = "waterfall.explain/1"

  /// The same as one document. Steps and rows count from 1.
  public var json: JSONValue {
    .object([
      "schema": .string(Self.schema),
      "run": .integer(run.id.rawValue),
      "simulated": .bool(run.isSimulated),
      "row": .integer(row),
      "line": .optional(sheet.line) { .integer($0) },
      "cells": .array(cells.map(document)),
      "other_entries": .array(others.map(document)),
    ])
  }

  private func document(_ cell: ExplainedCell) -> JSONValue {
    .object([
      "column": .string(cell.column.name),
      "field": .string(cell.column.field.rawValue),
      "state": .string(cell.state.rawValue),
      "skipped": .optional(cell.skip) { .string($0.rawValue) },
      "provider": .optional(cell.fill) { .string($0.provider.rawValue) },
      "value": .optional(cell.fill?.value) { .string($0) },
      "charged": .amount(cell.captured),
      "refunded": .amount(cell.refunded),
      "net": .amount(cell.net),
      "saved": .amount(cell.saved),
      "attempts": .array(cell.steps.map(document)),
    ])
  }

  private func document(_ step: ExplainedStep) -> JSONValue {
    let record = step.record
    return .object([
      "step": .integer(Int64(record.id.step) + 1),
      "role": .string(record.id.role.name),
      "provider": .string(record.provider.rawValue),
      "key": .string(record.keySource.rawValue),
      "kind": .string(record.kind.name),
      "skipped": .optional(record.kind.skip) { .string($0.rawValue) },
      "shared_with": .optional(record.kind.origin, place),
      "outcome": .optional(record.outcome) { .string($0.name) },
      "failure": .optional(record.outcome?.failure) { .string($0.rawValue) },
      "value": .optional(record.id.role == .finder ? record.value : step.candidate) { .string($0) },
      "verdict": .optional(record.verdict) { .string($0.kind.rawValue) },
      "verdict_reason": .optional(record.verdict?.reason) { .string($0.rawValue) },
      "accepted": .bool(record.isAccepted),
      "price": .amount(record.price),
      "charged": .amount(step.captured),
      "refunded": .amount(step.refunded),
      "net": .amount(step.net),
      "saved": .amount(record.saved),
      "overrun": .amount(record.overrun),
      "money": .optional(record.money) { .decimal(ExactDecimal($0)) },
      "latency_ms": .decimal(ExactDecimal(millisecondsOf: record.latency)),
      "exchanges": .integer(Int64(record.exchanges)),
      "entries": .array(step.entries.map(document)),
      "inputs": .optional(step.sent) { .array($0.map { .string($0.name.rawValue) }) },
      "input_values": .optional(sheet.showsValues ? step.sent : nil) { sent in
        .members(sent.map { .init($0.name.rawValue, .string($0.value)) })
      },
      "why_skipped": .optional(record.kind.skip) { reason in
        .string(step.told?.words(for: reason, step: record.id.step) ?? reason.words)
      },
    ])
  }

  private func document(_ timed: TimedEntry) -> JSONValue {
    let entry = timed.entry
    return .object([
      "seq": .integer(entry.seq),
      "time": .time(timed.time),
      "kind": .string(entry.kind.rawValue),
      "from": .string(entry.kind.from.rawValue),
      "to": .string(entry.kind.to.rawValue),
      "amount": .amount(entry.amount),
      "lot": entry.lot.rawValue == 0 ? .null : .integer(entry.lot.rawValue),
      "note": .optional(entry.note) { .string($0) },
    ])
  }

  private func place(_ attempt: AttemptID) -> JSONValue {
    let index = Int(attempt.cell.column)
    let columns = run.outline.columns
    return .object([
      "run": .integer(attempt.cell.run.rawValue),
      "row": .integer(attempt.cell.row),
      "column": columns.indices.contains(index) ? .string(columns[index].name) : .null,
      "step": .integer(Int64(attempt.step) + 1),
      "role": .string(attempt.role.name),
    ])
  }
}

extension AttemptRecord.Kind {
  fileprivate var name: String {
    switch self {
    case .asked: "asked"
    case .shared: "shared"
    case .skipped: "skipped"
    }
  }

  fileprivate var skip: SkipReason? { if case .skipped(let reason) = self { reason } else { nil } }

  fileprivate var origin: AttemptID? { if case .shared(_, let id) = self { id } else { nil } }
}

extension Outcome {
  fileprivate var name: String {
    switch self {
    case .hit: "hit"
    case .miss: "miss"
    case .failure: "failure"
    case .unknown: "unknown"
    }
  }

  fileprivate var failure: FailureReason? {
    if case .failure(let reason) = self { reason } else { nil }
  }
}
