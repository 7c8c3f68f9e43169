import CSVCodec
import WaterfallCore
import WaterfallProviders

/// What to tell the user of a sheet that has no column for what a waterfall needs.
struct MissingInputs {
  let column: String
  /// What any step can be asked with.
  let sets: [[InputName]]
  /// Of their inputs, those that the sheet or an earlier column has.
  let known: Set<InputName>
  /// Everything that was found in the sheet's headers, needed or not.
  let recognised: [InputName: InputSource]
  let header: [String]
  let sheet: RunPlan.Sheet

  var error: UserError {
    if let delimiter = likelyDelimiter {
      return UserError(
        .input, "the sheet has a single column, “\(header[0])”", place: sheet.path,
        remedy: "Its columns seem to be separated by another delimiter: "
          + "--delimiter \(delimiter.name).")
    }
    var wanted: [String] = []
    for set in sets {
      let text = set.map(\.rawValue).joined(separator: " + ")
      if !wanted.contains(text) { wanted.append(text) }
    }
    return UserError(
      .input,
      "the sheet has no column for what \(column) needs: " + wanted.joined(separator: ", or "),
      place: sheet.path, remedy: remedy)
  }

  /// A header in one piece that would fall into several with another delimiter.
  private var likelyDelimiter: CSVDelimiter? {
    guard header.count == 1 else { return nil }
    let counts = CSVDelimiter.allCases.filter { $0.rawValue != sheet.delimiter }.map { candidate in
      (delimiter: candidate, count: header[0].utf8.count { $0 == candidate.rawValue })
    }
    return counts.filter { $0.count > 0 }.max { $0.count < $1.count }?.delimiter
  }

  private var remedy: String {
    let headers = "Its headers are \(header.map { "“\($0)”" }.joined(separator: ", "))."
    guard !recognised.isEmpty else {
      return "\(headers) None of them is known as an input; where one holds it under another name, "
        + "say so: --map INPUT=HEADER."
    }
    let lacking = sets.map { set in set.filter { !known.contains($0) } }
    let nearest = lacking.min { $0.count < $1.count } ?? []
    let options = nearest.map { "--map \($0)=HEADER" }.joined(separator: " ")
    let names = nearest.map(\.rawValue).joined(separator: " and ")
    return "\(headers) What is lacking is \(names); where a header holds that under another name, "
      + "say so: \(options)."
  }
}

extension CSVDelimiter {
  /// As `--delimiter` takes it.
  fileprivate var name: String {
    switch self {
    case .comma: "comma"
    case .semicolon: "semicolon"
    case .tab: "tab"
    case .pipe: "pipe"
    }
  }
}
