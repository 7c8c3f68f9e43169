import WaterfallCore

/// A run's stored tallies against their recount, and its totals four ways.
struct TallyComparison {
  let run: RunID
  let isDone: Bool
  let recount: Recount
  let stored: RunTallies

  func run(_ ledger: RunTotals, _ findings: inout Findings) {
    let columns = Set(stored.columns.keys).union(recount.tallies.columns.keys)
      .union(recount.later.keys)
    for column in columns.sorted() {
      let kept = stored.columns[column] ?? ColumnTally()
      let counted = recount.tallies.columns[column] ?? ColumnTally()
      compareCells(column, kept, counted, &findings)
      compareProviders(column, kept, counted, &findings)
    }
    compareTotals(ledger, &findings)
  }

  private func breach(
    _ column: Int32, _ what: String, _ stored: some CustomStringConvertible,
    _ counted: some CustomStringConvertible, _ findings: inout Findings
  ) {
    findings.breach(
      .totals,
      "run \(run), column \(column + 1): \(what) is stored as \(stored), and recounted as "
        + "\(counted)")
  }

  /// Rows beyond the last finished one may have ended or not: the tally lies between both.
  private func compareCells(
    _ column: Int32, _ kept: ColumnTally, _ counted: ColumnTally, _ findings: inout Findings
  ) {
    let later = recount.later[column] ?? [:]
    let states: [(CellState, Int64, Int64)] = [
      (.filled, kept.filled, counted.filled), (.empty, kept.empty, counted.empty),
      (.failed, kept.failed, counted.failed),
    ]
    for (state, stored, ended) in states {
      let most = ended + later[state, default: 0]
      let least = isDone ? most : ended
      if stored < least || stored > most {
        breach(column, "cells \(state.rawValue)", stored, least, &findings)
      }
    }
    for reason in SkipReason.allCases
    where kept.skipped[reason] ?? 0 != counted.skipped[reason] ?? 0 {
      breach(
        column, "cells skipped (\(reason.rawValue))", kept.skipped[reason] ?? 0,
        counted.skipped[reason] ?? 0, &findings)
    }
  }

  private func compareProviders(
    _ column: Int32, _ kept: ColumnTally, _ counted: ColumnTally, _ findings: inout Findings
  ) {
    for key in Set(kept.providers.keys).union(counted.providers.keys) {
      let left = kept.providers[key] ?? ProviderTally()
      let right = counted.providers[key] ?? ProviderTally()
      let name =
        "\(key.provider) (\(key.role == .finder ? "finder" : "verifier"), "
        + "\(key.keySource.rawValue) key)"
      let counters = zip(CommitStatements.tallyCounters, zip(left.counters, right.counters))
      for (counter, (stored, recounted)) in counters where stored != recounted {
        breach(column, "\(name) \(counter)", stored, recounted, &findings)
      }
      for reason in FailureReason.allCases
      where left.failures[reason] ?? 0 != right.failures[reason] ?? 0 {
        breach(
          column, "\(name) failures (\(reason.rawValue))", left.failures[reason] ?? 0,
          right.failures[reason] ?? 0, &findings)
      }
      for reason in SkipReason.allCases
      where left.skipped[reason] ?? 0 != right.skipped[reason] ?? 0 {
        breach(
          column, "\(name) skips (\(reason.rawValue))", left.skipped[reason] ?? 0,
          right.skipped[reason] ?? 0, &findings)
      }
      compareJudgements(column, name, left, right, &findings)
      compareLatency(column, name, left, right, &findings)
    }
  }

  private func compareJudgements(
    _ column: Int32, _ name: String, _ left: ProviderTally, _ right: ProviderTally,
    _ findings: inout Findings
  ) {
    let known = Set(left.judgements.keys).union(right.judgements.keys)
    for judgement in known where left.judgements[judgement] != right.judgements[judgement] {
      let words = [
        judgement.verdict.kind.rawValue, judgement.verdict.reason?.rawValue,
        judgement.isAccepted ? "accepted" : nil,
      ]
      breach(
        column, "\(name) verdicts (\(words.compactMap { $0 }.joined(separator: ", ")))",
        left.judgements[judgement] ?? 0, right.judgements[judgement] ?? 0, &findings)
    }
  }

  private func compareLatency(
    _ column: Int32, _ name: String, _ left: ProviderTally, _ right: ProviderTally,
    _ findings: inout Findings
  ) {
    let (kept, counted) = (left.latency.buckets, right.latency.buckets)
    if !kept.elementsEqual(counted, by: { $0 == $1 }) {
      breach(
        column, "\(name) latencies", "\(left.latency.count) in \(kept.count) buckets",
        "\(right.latency.count) in \(counted.count) buckets", &findings)
    }
  }

  private func compareTotals(_ ledger: RunTotals, _ findings: inout Findings) {
    let byColumn = stored.columns.mapValues { column in
      column.providers.values.reduce(into: (charged: Int64(0), refunded: Int64(0))) { sum, tally in
        sum.charged &+= tally.charged.micro
        sum.refunded &+= tally.refunded.micro
      }
    }
    let ways: [(String, Int64, Int64)] = [
      (
        "columns and providers", byColumn.values.reduce(0) { $0 &+ $1.charged },
        byColumn.values.reduce(0) { $0 &+ $1.refunded }
      ),
      ("rows", recount.charged, recount.refunded),
    ]
    let charged = ledger.charged &- ledger.waitingCharged
    let refunded = ledger.refunded &- ledger.waitingRefunded
    for (name, itsCharged, itsRefunded) in ways
    where itsCharged != charged || itsRefunded != refunded {
      findings.breach(
        .totals,
        "run \(run): its \(name) come to charged \(itsCharged.credits), refunded "
          + "\(itsRefunded.credits), and its entries to \(charged.credits) and \(refunded.credits)")
    }
  }
}
