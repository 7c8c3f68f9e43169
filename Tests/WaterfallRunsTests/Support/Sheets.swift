import WaterfallCore

/// Sheets and scenarios that several suites run.
enum Sheets {
  /// Rows with repeated people, companies and lines of several lengths; some rows are filled.
  static func people(_ count: Int, lineEnd: String = "\n") -> String {
    var lines = ["name,company,work_email,note"]
    for row in 0..<count {
      let person = row % 5 == 4 ? row / 3 : row
      let note = row % 7 == 0 ? "\"likes, commas\"" : row % 11 == 0 ? "\"two\nlines\"" : "plain"
      let email = person % 13 == 5 ? "old@example.com" : ""
      let name = person % 17 == 3 ? "" : "person\(person)"
      lines.append("\(name),company\(person % 9),\(email),\(note)")
    }
    return lines.joined(separator: lineEnd) + lineEnd
  }

  /// Two columns, three steps, a verifier, own keys, policies and two sets of inputs.
  static func rich(_ sheet: String) -> Scenario {
    Scenario(
      sheet: sheet,
      columns: [
        Scenario.Column(
          steps: [
            Scenario.Asked(provider: "alpha", price: Credits(2)),
            Scenario.Asked(
              provider: "beta", price: Credits(micro: 3_500_000), charge: .called,
              refundsRejected: false, inputs: [["name", "company"], ["company"]]),
            Scenario.Asked(provider: "gamma", price: Credits(5), key: .own),
          ],
          verifier: Scenario.Asked(
            provider: "judge", price: Credits(micro: 500_000), free: [.unknown],
            rule: Rules.verifier), acceptance: .valid),
        Scenario.Column(
          name: "size", field: .companySize,
          steps: [
            Scenario.Asked(provider: "delta", price: Credits(1), inputs: [["name", "company"]])
          ]),
      ], provenance: true, isSimulated: true)
  }
}
