public import WaterfallCore

extension VerifyReport {
  public static let schema = "waterfall.verify/1"

  /// A line for each law, its problems below it, and the conclusion.
  public var text: String {
    var lines: [String] = []
    for law in laws {
      let mark = law.holds ? "holds " : "BROKEN"
      let checked = VisibleText.of(law.checked)
      lines.append("\(mark)  \(law.number). \(VisibleText.of(law.title)) (\(checked))")
      lines += law.problems.map { "          - \(VisibleText.of($0))" }
    }
    lines.append(conclusion)
    return Phrases.text(lines)
  }

  private var conclusion: String {
    let broken = Int64(laws.filter { !$0.holds }.count)
    if laws.isEmpty { return "Nothing was checked, so nothing is proven." }
    if broken == 0 { return "Proven: every law holds." }
    return "NOT proven: \(Phrases.count(broken, "law")) broken."
  }

  public var json: JSONValue {
    .object([
      "schema": .string(Self.schema),
      "proven": .bool(isProven),
      "laws": .array(
        laws.map { law in
          .object([
            "number": .integer(Int64(law.number)),
            "title": .string(law.title),
            "checked": .string(law.checked),
            "holds": .bool(law.holds),
            "problems": .array(law.problems.map { .string($0) }),
          ])
        }),
    ])
  }
}
