import WaterfallCore

/// Collects what `verify` checks and what breaks, law by law, in bounded memory.
struct Findings {
  private struct Record {
    var checked: [String] = []
    var failures: [String] = []
    var failureCount = 0
    var notApplicable: String?
  }

  /// Breaches that are kept in words for each law.
  static let listed = 5
  private var records = [Record](repeating: Record(), count: LedgerLaw.allCases.count)

  mutating func breach(_ law: LedgerLaw, _ what: @autoclosure () -> String) {
    records[law.rawValue].failureCount += 1
    guard records[law.rawValue].failures.count < Self.listed else { return }
    records[law.rawValue].failures.append(what())
  }

  mutating func checked(_ law: LedgerLaw, _ what: String) {
    records[law.rawValue].checked.append(what)
  }

  mutating func notApplicable(_ law: LedgerLaw, _ why: String) {
    records[law.rawValue].notApplicable = why
  }

  var report: VerifyReport {
    VerifyReport(
      laws: LedgerLaw.allCases.map { law in
        let record = records[law.rawValue]
        let unlisted = record.failureCount - record.failures.count
        return VerifyReport.Law(
          number: law.rawValue, title: law.sentence,
          checked: record.notApplicable ?? record.checked.joined(separator: ", "),
          problems: record.failures + (unlisted > 0 ? ["and \(unlisted) more"] : []))
      })
  }
}

/// “1 lot”, “2 lots”.
func counted(_ count: some BinaryInteger, _ one: String, _ many: String? = nil) -> String {
  "\(count) \(count == 1 ? one : many ?? one + "s")"
}

extension Int64 {
  /// These micro-credits as decimal text, for a message.
  var credits: String { Credits(micro: self).description }
}
