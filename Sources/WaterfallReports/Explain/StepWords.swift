import WaterfallCore

/// One attempt in a few sentences: what was asked, what came back, and where its credits went.
struct StepWords {
  private let step: ExplainedStep
  private let column: RunOutline.Column
  private let outline: RunOutline
  private let showsValues: Bool

  init(
    _ step: ExplainedStep, column: RunOutline.Column, outline: RunOutline, showsValues: Bool
  ) {
    self.step = step
    self.column = column
    self.outline = outline
    self.showsValues = showsValues
  }

  private var record: AttemptRecord { step.record }

  var sentence: String {
    switch record.kind {
    case .skipped(let reason):
      let why = step.told?.words(for: reason, step: record.id.step) ?? reason.words
      return "\(record.provider) was passed over: \(why)."
    case .shared(let outcome, let other):
      return "\(record.provider) was not asked again: the same question was asked for "
        + "\(place(of: other)). \(reply(outcome)) 0 credits."
    case .asked(let outcome):
      return ([opening, reply(outcome)] + ends + [check]).filter { !$0.isEmpty }
        .joined(separator: " ")
    }
  }

  private func place(of other: AttemptID) -> String {
    let columns = outline.columns
    let index = Int(other.cell.column)
    let name =
      columns.indices.contains(index) ? VisibleText.of(columns[index].name) : "\(index + 1)"
    let run = other.cell.run == record.id.cell.run ? "" : "run \(other.cell.run), "
    let role = other.role == .verifier ? ", verifier" : ""
    return "\(run)row \(other.cell.row), column \(name), step \(other.step + 1)\(role)"
  }

  private var opening: String {
    let verb =
      record.id.role == .verifier
      ? "\(record.provider) was asked to verify \(VisibleText.of(step.candidate ?? "it"))"
      : "\(record.provider) was asked"
    if record.keySource == .own {
      let saved = record.saved == .zero ? "" : ", \(record.saved) saved"
      return
        "\(verb)\(told(and: "your own key")): 0 credits\(saved)\(numbers(step.entries(.zero)))."
    }
    let holds = step.entries(.hold)
    guard !holds.isEmpty else { return "\(verb)\(told())." }
    return "\(verb)\(told()): hold \(amount(holds))\(numbers(holds))."
  }

  /// “ with first_name, domain and your own key”; the values only where they were asked for.
  private func told(and key: String? = nil) -> String {
    let inputs = (step.sent ?? []).map { name, value in
      name.rawValue + (showsValues ? " “\(VisibleText.of(value))”" : "")
    }.joined(separator: ", ")
    let words = [inputs.isEmpty ? nil : inputs, key].compactMap { $0 }
    return words.isEmpty ? "" : " with \(words.joined(separator: " and "))"
  }

  private func reply(_ outcome: Outcome) -> String {
    switch outcome {
    case .hit(let value):
      record.id.role == .verifier
        ? "It said: \(verdict ?? "no verdict")."
        : "It returned \(VisibleText.of(value)); \(judgement)."
    case .miss: record.id.role == .verifier ? "It gave no verdict." : "It had no value."
    case .failure(let reason): "It gave no usable answer: \(reason.words)\(tries)."
    case .unknown: "It gave no usable answer, and whether it did the work is not known\(tries)."
    }
  }

  private var tries: String {
    record.exchanges > 1 ? ", after \(record.exchanges) exchanges" : ""
  }

  private var judgement: String {
    let because = record.verdict?.reason.map { " because \($0.words)" } ?? ""
    let kind = record.verdict?.kind ?? .unverified
    guard record.isAccepted else {
      return kind == .invalid && !because.isEmpty
        ? "rejected\(because)" : "rejected as \(kind.rawValue)\(because)"
    }
    return kind == .valid ? "accepted as valid" : "accepted, though \(kind.rawValue)\(because)"
  }

  private var verdict: String? {
    record.verdict.map { verdict in
      verdict.kind.rawValue + (verdict.reason.map { ", because \($0.words)" } ?? "")
    }
  }
}

extension StepWords {
  /// How the hold ended, and what is left of it.
  private var ends: [String] {
    guard record.keySource == .managed else { return [] }
    var words = [(EntryKind.capture, "captured"), (.void, "voided"), (.refund, "refunded")]
      .compactMap { kind, verb in
        let entries = step.entries(kind)
        return entries.isEmpty ? nil : "\(verb) \(amount(entries))\(numbers(entries))"
      }
    if step.entries.isEmpty {
      if record.captured != .zero { words.append("captured \(record.captured)") }
      if record.refunded != .zero { words.append("refunded \(record.refunded)") }
    }
    if words.isEmpty, !step.entries(.hold).isEmpty { words = ["the hold is still open"] }
    var sentences: [String] = []
    if !words.isEmpty { sentences.append(words.joined(separator: ", ").capitalizedFirst + ".") }
    if record.overrun != .zero {
      sentences.append("It cost \(record.overrun) more than its price; you were not charged that.")
    }
    return sentences + ["Net \(Phrases.amount(step.net))."]
  }

  private var check: String {
    guard !step.agrees else { return "" }
    return "The journal says captured \(record.captured), refunded \(record.refunded): "
      + "run `waterfall credits verify`."
  }

  private func amount(_ entries: [Entry]) -> String {
    Phrases.amount(entries.reduce(0) { $0 + Int128($1.amount.micro) })
  }

  private func numbers(_ entries: [Entry]) -> String {
    guard !entries.isEmpty else { return "" }
    let list = entries.map { String($0.seq) }.joined(separator: ", ")
    return entries.count == 1 ? " (entry \(list))" : " (entries \(list))"
  }
}
