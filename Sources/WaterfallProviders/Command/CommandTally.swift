import WaterfallCore

/// What a program said that is worth a word at the end of a run.
struct CommandTally {
  /// Questions whose time was over.
  var overdue = 0
  private var late = 0
  private var again = 0
  private var strange = 0
  private var ignored: [(flaw: String, count: Int)] = []
  private var malformed: (count: Int, first: String) = (0, "")
  private var reasons: Set<FailureReason> = []

  /// A line that answers nothing. `flaw` says what it is, as “no JSON object”.
  mutating func ignore(_ flaw: String) {
    if let known = ignored.firstIndex(where: { $0.flaw == flaw }) {
      ignored[known].count += 1
    } else {
      ignored.append((flaw, 1))
    }
  }

  /// An answer that cannot be understood.
  mutating func malform(_ flaw: String) {
    if malformed.count == 0 { malformed.first = flaw }
    malformed.count += 1
  }

  /// An answer that nobody waits for.
  mutating func refuse(isLate: Bool, wasSent: Bool) {
    if isLate {
      late += 1
    } else if wasSent {
      again += 1
    } else {
      strange += 1
    }
  }

  /// Whether this kind of failure is the first of its kind.
  mutating func isNew(_ reason: FailureReason) -> Bool { reasons.insert(reason).inserted }

  /// Each follows the name of the program.
  var lines: [String] {
    func times(_ count: Int, _ one: String, _ many: String) -> String {
      count == 1 ? one : "\(count) \(many)"
    }
    var lines: [String] = []
    if malformed.count > 0 {
      let what = times(malformed.count, "an answer", "answers")
      let flaw = (malformed.count == 1 ? ": " : "; the first: ") + malformed.first
      lines.append("gave \(what) that cannot be understood\(flaw)")
    }
    if let first = ignored.first {
      let count = ignored.reduce(0) { $0 + $1.count }
      let what = times(count, "a line that answers", "lines that answer")
      let flaws = ignored.map { "\($0.flaw) (\($0.count))" }.joined(separator: ", ")
      lines.append("printed \(what) no question: \(ignored.count == 1 ? first.flaw : flaws)")
    }
    if strange > 0 {
      lines.append("answered \(times(strange, "a question", "questions")) that nobody asked")
    }
    if again > 0 {
      lines.append("answered \(times(again, "a question", "questions")) more than once")
    }
    if overdue > 0 {
      let what = times(overdue, "a question", "questions")
      lines.append(
        "left \(what) unanswered for too long"
          + (late > 0 ? "; \(late) of the answers came too late" : ""))
    }
    return lines
  }
}

/// Text of somebody else's, fit for one line of a message.
enum VisibleLine {
  /// The longest text shown, in characters.
  static let longest = 500

  /// Without control characters, and cut where it is long.
  static func of(_ text: String) -> String {
    var visible = String.UnicodeScalarView()
    for scalar in text.unicodeScalars.prefix(longest) {
      let isHidden =
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: scalar != "\t"
        default: false
        }
      visible.append(isHidden ? "\u{FFFD}" : scalar)
    }
    return String(visible) + (text.unicodeScalars.count > longest ? "…" : "")
  }
}
